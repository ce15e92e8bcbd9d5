// tapegrad/models: architectures with torchvision's parameter names. They are written against the public entry alone, as
// a user's would be.

export { AlexNet, type AlexNetOptions, alexnet } from "./alexnet.js";
export { type GenerateOptions, GPT, gpt } from "./gpt.js";
export type { GPTOptions } from "./gpt-block.js";
export { LeNet, type LeNetOptions, lenet } from "./lenet.js";
export { InvertedResidual, MobileNetV2, type MobileNetV2Options, mobilenetV2 } from "./mobilenetv2.js";
export {
  BasicBlock,
  type Block,
  Bottleneck,
  ResNet,
  type ResNetOptions,
  resnet18,
  resnet34,
  resnet50,
} from "./resnet.js";
export { VGG, type VGGOptions, type VGGPlan, vgg11, vgg11Bn, vgg16, vgg16Bn, vggFeatures, vggPlans } from "./vgg.js";
