// The namespace `data.transforms`: torchvision's transforms, of images on the host.

export { ColorJitter, type ColorJitterOptions, Grayscale } from "./color-jitter.js";
export { Compose, Lambda, RandomApply, type Transforms } from "./compose.js";
export {
  CenterCrop,
  RandomCrop,
  type RandomCropOptions,
  RandomResizedCrop,
  type RandomResizedCropOptions,
} from "./crop.js";
export { RandomErasing, type RandomErasingOptions } from "./erase.js";
export { RandomHorizontalFlip, RandomVerticalFlip } from "./flip.js";
export * as functional from "./functional.js";
export { GaussianBlur } from "./gaussian-blur.js";
export type { Image, Size } from "./image.js";
export { Pad } from "./pad.js";
export { RandomAffine, type RandomAffineOptions, RandomRotation } from "./random-affine.js";
export type { Range } from "./ranges.js";
export { Resize } from "./resize.js";
export { Normalize, ToTensor } from "./to-tensor.js";
export { applyTransform, Transform, type TransformLike } from "./transform.js";
