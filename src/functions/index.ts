// Functions of tensors that are rarer than its methods: the tensor comes first.

export { einsum } from "./einsum.js";
