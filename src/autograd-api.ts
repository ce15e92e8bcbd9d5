// The namespace `autograd`.

export type { BackwardOptions } from "./autograd/tape.js";
export * from "./tensor/autograd.js";
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from "./tensor/gradcheck.js";
