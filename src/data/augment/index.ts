// The namespace `data.augment`: whole batches, changed on the GPU.

export type { MixOptions } from "./batch.js";
export { cutmix } from "./cutmix.js";
export { type CutoutOptions, cutout } from "./cutout.js";
export { mixup } from "./mixup.js";
