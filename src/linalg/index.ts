// The namespace `linalg`: torch.linalg.

export { vectorNorm } from "./norm.js";
export { cross, multiDot, vecdot } from "./product.js";
