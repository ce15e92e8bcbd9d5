// Functions that torch.special has beside the tensor's method of the same meaning.

import { checkTensor } from "../core/check.js";
import type { Dims, KeepdimOptions, Tensor } from "../tensor/tensor.js";

/** The error function: x.erf(). */
export function erf(x: Tensor): Tensor {
  return checked("erf", x).erf();
}

/** 1 / (1 + exp(-x)): x.sigmoid(). */
export function expit(x: Tensor): Tensor {
  return checked("expit", x).sigmoid();
}

/** 2^x: x.exp2(). */
export function exp2(x: Tensor): Tensor {
  return checked("exp2", x).exp2();
}

/** exp(x) - 1: x.expm1(). */
export function expm1(x: Tensor): Tensor {
  return checked("expm1", x).expm1();
}

/** log(1 + x): x.log1p(). */
export function log1p(x: Tensor): Tensor {
  return checked("log1p", x).log1p();
}

/** To the nearest whole number, halves to the even one, or so many decimals: x.round(). */
export function round(x: Tensor, { decimals = 0 }: { readonly decimals?: number } = {}): Tensor {
  return checked("round", x).round(decimals);
}

/** log of the sum of exp(x) over dimensions: x.logsumexp(). */
export function logsumexp(x: Tensor, dim: Dims, options: KeepdimOptions = {}): Tensor {
  return checked("logsumexp", x).logsumexp(dim, options);
}

/** exp(x_i) / sum_j exp(x_j) along a dimension: x.softmax(). */
export function softmax(x: Tensor, dim: number, ...options: Rest<Tensor["softmax"]>): Tensor {
  return checked("softmax", x).softmax(dim, ...options);
}

/** log(softmax(x)): x.logSoftmax(). */
export function logSoftmax(x: Tensor, dim: number, ...options: Rest<Tensor["logSoftmax"]>): Tensor {
  return checked("logSoftmax", x).logSoftmax(dim, ...options);
}

/** What a method takes after its first argument. */
type Rest<Method> = Method extends (first: never, ...rest: infer Args) => Tensor ? Args : never;

function checked(op: string, x: Tensor): Tensor {
  checkTensor(op, x);
  return x;
}
