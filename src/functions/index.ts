// Functions of tensors that are rarer than its methods: the tensor comes first.

export {
  add,
  addcdiv,
  addcmul,
  div,
  floatPower,
  floorDivide,
  fmax,
  fmin,
  gcd,
  lcm,
  mul,
  positive,
  pow,
  remainder,
  rsub,
  sub,
  trueDivide,
} from "./arithmetic.js";
export {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
} from "./bitwise.js";
export { allclose, equal, heaviside, isclose, isin, isneginf, isposinf, signbit } from "./comparison.js";
export { cdist } from "./distance.js";
export { einsum } from "./einsum.js";
export { erfc, erfinv, type LogitOptions, logit, sinc } from "./elementary.js";
export { angle, copysign, fill, frac, frexp, ldexp, nanToNum, nextafter, sgn } from "./floats.js";
export { digamma, i0, igamma, igammac, lgamma, mvlgamma, polygamma } from "./gamma.js";
export { deg2rad, hypot, logaddexp, logaddexp2, rad2deg, xlogy } from "./math.js";
export { addbmm, addmv, addr, baddbmm, chainMatmul, cross, inner, tensordot, vdot } from "./product.js";
