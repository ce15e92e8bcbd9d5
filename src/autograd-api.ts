// The namespace `autograd`.

export { detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from "./autograd/anomaly.js";
export { formatTape, type TapeEntry, type TapeInput, tape, toGraphviz } from "./autograd/inspect.js";
export type { BackwardOptions } from "./autograd/tape.js";
export * from "./tensor/autograd.js";
export { checkpoint } from "./tensor/checkpoint.js";
export { type DerivativeOptions, hessian, hvp, jacobian, jvp, vjp } from "./tensor/derivatives.js";
export { type Checked, type GradcheckOptions, gradcheck, gradgradcheck } from "./tensor/gradcheck.js";
