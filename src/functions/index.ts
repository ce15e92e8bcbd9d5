// Functions of tensors that are rarer than its methods: the tensor comes first.

export { cdist } from "./distance.js";
export { einsum } from "./einsum.js";
export { erfc, erfinv, type LogitOptions, logit, sinc } from "./elementary.js";
export { addbmm, addmv, addr, baddbmm, chainMatmul, cross, inner, tensordot, vdot } from "./product.js";
