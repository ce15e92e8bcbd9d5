// The namespace `special`: torch.special.

export { erfc, erfinv, type LogitOptions, logit, sinc } from "../functions/elementary.js";
export {
  digamma,
  digamma as psi,
  i0,
  igamma as gammainc,
  igammac as gammaincc,
  lgamma as gammaln,
  mvlgamma as multigammaln,
  polygamma,
} from "../functions/gamma.js";
export { xlogy } from "../functions/math.js";
export * from "./aliases.js";
export * from "./bessel.js";
export * from "./normal.js";
export * from "./polynomials.js";
export { xlog1py } from "./xlog1py.js";
export * from "./zeta.js";
