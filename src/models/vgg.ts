// VGG.

import { nn, type Tensor } from "../index.js";
import { initialize } from "./initial.js";

/** Options of VGG. */
export interface VGGOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Probability of the classifier's inner elements to be dropped. Default 0.5. */
  readonly dropout?: number;
}

/** What follows one another: a convolution to so many channels, or "M", a pooling that halves height and width. */
export type VGGPlan = readonly (number | "M")[];

const VGG11: VGGPlan = [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"];
const VGG16: VGGPlan = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"];
/** The paper's configurations that have a function here, by its letters. */
export const vggPlans = { A: VGG11, D: VGG16 } as const;

/**
 * VGG, in torchvision's form and with its names: [N, 3, H, W] -> [N, numClasses]; H and W from 32 on, 224 as trained.
 * (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2014.)
 */
export class VGG extends nn.Module {
  avgpool = new nn.AdaptiveAvgPool2d(7);
  classifier: nn.Sequential;

  /** @param features - from the image to [N, 512, H', W'], whatever H' and W' */
  constructor(
    public features: nn.Sequential,
    { numClasses = 1000, dropout = 0.5 }: VGGOptions = {},
  ) {
    super();
    this.classifier = new nn.Sequential(
      new nn.Linear(512 * 7 * 7, 4096),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, numClasses),
    );
    initialize(this, { linear: 0.01 });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/** The convolutions of a VGG, each with its rectifier and, if asked for, batch normalization between: torchvision's make_layers. */
export function vggFeatures(
  plan: VGGPlan,
  { batchNorm = false }: { readonly batchNorm?: boolean } = {},
): nn.Sequential {
  const layers = new nn.Sequential();
  let channels = 3;
  for (const step of plan) {
    if (step === "M") {
      layers.append(new nn.MaxPool2d(2));
      continue;
    }
    layers.append(new nn.Conv2d(channels, step, 3, { padding: 1 }));
    if (batchNorm) layers.append(new nn.BatchNorm2d(step));
    layers.append(new nn.ReLU());
    channels = step;
  }
  return layers;
}

/** VGG with 8 convolutions and 3 linear layers, 133 million parameters. */
export function vgg11(options?: VGGOptions): VGG {
  return new VGG(vggFeatures(VGG11), options);
}

/** vgg11 with batch normalization after each convolution: torchvision's vgg11_bn. */
export function vgg11Bn(options?: VGGOptions): VGG {
  return new VGG(vggFeatures(VGG11, { batchNorm: true }), options);
}

/** VGG with 13 convolutions and 3 linear layers, 138 million parameters. */
export function vgg16(options?: VGGOptions): VGG {
  return new VGG(vggFeatures(VGG16), options);
}

/** vgg16 with batch normalization after each convolution: torchvision's vgg16_bn. */
export function vgg16Bn(options?: VGGOptions): VGG {
  return new VGG(vggFeatures(VGG16, { batchNorm: true }), options);
}
