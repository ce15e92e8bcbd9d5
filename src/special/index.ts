// The namespace `special`: torch.special.

export { xlog1py } from "./xlog1py.js";
