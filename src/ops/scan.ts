// Scans: running sums, products and extremes along a dimension.

import { defineOp } from "../autograd/op.js";
import { extremeSoFar, recurrence as launchRecurrence, type ScanUse, scan } from "../kernels/scan.js";
import type { Tensor } from "../tensor/tensor.js";

export type ScanAttributes = ScanUse;

/** y_d = x_0 + ... + x_d along `dim`; with `reverse`, x_d and all after it. */
export const cumsum = defineOp({
  name: "cumsum",
  inputs: ["x"],
  shape: ({ x }, _attributes: ScanAttributes) => x,
  forward: ({ x }, attributes) => scan("sum", x, attributes),
  backward: { x: (dy, _, attributes) => dy.cumsumAs(opposite(attributes)) },
});

/**
 * y_d = x_0 ... x_d along `dim` (exclusive: up to x_(d-1)).
 *
 * dx_d = (x_0 ... x_(d-1)) (dy_d + x_(d+1) dy_(d+1) + x_(d+1) x_(d+2) dy_(d+2) + ...): the bracket is a recurrence from the
 * end, so zeros need no care.
 */
export const cumprod = defineOp({
  name: "cumprod",
  inputs: ["x"],
  shape: ({ x }, _attributes: ScanAttributes) => x,
  forward: ({ x }, attributes) => scan("prod", x, attributes),
  saves: ["x"],
  backward: {
    x: (dy, { x }, attributes) => {
      const back = { ...opposite(attributes), exclusive: true };
      const after = attributes.exclusive ? x.recurrence(dy, back) : dy.add(x.recurrence(x.mul(dy), back));
      return x.cumprodAs({ ...attributes, exclusive: true }).mul(after);
    },
  },
});

/**
 * h_d = a_d h_(d-1) + b_d along `dim`, h_(-1) = 0 (exclusive: h_(d-1) in place d). With g_d = dh_d + a_(d+1) g_(d+1), the
 * recurrence from the other end, db = g and da_d = g_d h_(d-1).
 */
export const recurrence = defineOp({
  name: "recurrence",
  inputs: ["a", "b"],
  shape: ({ a }, _attributes: ScanAttributes) => a,
  forward: ({ a, b }, attributes) => launchRecurrence(a, b, attributes),
  saves: { a: ["a", "b"], b: ["a"] },
  backward: {
    a: (dh, { a, b }, attributes) =>
      adjoint(dh, a, attributes).mul(a.recurrence(b, { ...attributes, exclusive: true })),
    b: (dh, { a }, attributes) => adjoint(dh, a, attributes),
  },
});

function adjoint(dh: Tensor, a: Tensor, attributes: ScanAttributes): Tensor {
  const back = { ...opposite(attributes), exclusive: true };
  return attributes.exclusive ? a.recurrence(dh, back) : dh.add(a.recurrence(a.mul(dh), back));
}

/**
 * y_d = log(exp(x_0) + ... + exp(x_d)) along `dim`. dx_d = exp(x_d - y_d) G_d with G_d = dy_d + exp(y_d - y_(d+1)) G_(d+1): y
 * never falls, so no factor exceeds 1.
 */
export const logcumsumexp = defineOp({
  name: "logcumsumexp",
  inputs: ["x"],
  promotion: "float",
  shape: ({ x }, _attributes: ScanAttributes) => x,
  forward: ({ x }, attributes) => scan("logsumexp", x, attributes),
  saves: ["x", "output"],
  backward: {
    x: (dy, { x, output }, { dim }) => {
      const D = x.shape[dim] ?? 1;
      if (D < 2) return dy;
      const [own, next] = [output.narrow(dim, 0, D - 1), output.narrow(dim, 1, D - 1)];
      const step = own.sub(next).where(own.ne(next), 0); // infinities of one sign have no difference
      const decay = step.exp().sliceInto(x.shape, { dim, start: 0, length: D - 1, step: 1 });
      return x
        .sub(output)
        .exp()
        .mul(decay.recurrence(dy, { dim, reverse: true }));
    },
  },
});

/** Where the largest element up to each place is: the last one of equals. Not differentiable: positions are whole numbers. */
export const argCummax = defineOp({
  name: "cummax",
  inputs: ["x"],
  shape: ({ x }, _attributes: ScanAttributes) => ({ shape: x.shape, dtype: "int32" }),
  forward: ({ x }, attributes) => extremeSoFar("max", x, attributes),
});

/** Where the smallest element up to each place is: the last one of equals. Not differentiable: positions are whole numbers. */
export const argCummin = defineOp({
  name: "cummin",
  inputs: ["x"],
  shape: ({ x }, _attributes: ScanAttributes) => ({ shape: x.shape, dtype: "int32" }),
  forward: ({ x }, attributes) => extremeSoFar("min", x, attributes),
});

function opposite({ dim, reverse = false }: ScanAttributes): ScanAttributes {
  return { dim, reverse: !reverse };
}
