// The namespace `autograd`.

export type { BackwardOptions } from "./autograd/tape.js";
export * from "./tensor/autograd.js";
