// The namespace `linalg`: torch.linalg.

export { cross, multiDot, vecdot } from "./product.js";
