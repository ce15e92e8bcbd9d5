// The namespace `data.transforms.functional`: transforms with given parameters.

export { type AffineOptions, affine, type RotateOptions, rotate } from "./affine.js";
export { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, rgbToGrayscale } from "./color.js";
export { type Box, centerCrop, crop, resizedCrop } from "./crop.js";
export { erase } from "./erase.js";
export { hflip, vflip } from "./flip.js";
export { gaussianBlur } from "./gaussian-blur.js";
export { type Padding, type PaddingMode, type PadOptions, pad } from "./pad.js";
export { type Interpolation, type ResizeOptions, resize } from "./resize.js";
export { normalize, toTensor } from "./to-tensor.js";
