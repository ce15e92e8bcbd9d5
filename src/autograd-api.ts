// The namespace `autograd`.

export { formatTape, type TapeEntry, type TapeInput, tape, toGraphviz } from "./autograd/inspect.js";
export type { BackwardOptions } from "./autograd/tape.js";
export * from "./tensor/autograd.js";
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from "./tensor/gradcheck.js";
