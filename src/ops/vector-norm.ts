// Norms of vectors, with PyTorch's derivatives where the norm has a corner.

import { defineOp } from "../autograd/op.js";
import { NDArray } from "../kernels/array.js";
import type { PointwiseFunction } from "../kernels/pointwise/function.js";
import { spell } from "../kernels/pointwise/function.js";
import { reduce } from "../kernels/reduce.js";
import type { Reduction } from "../kernels/reduce-source.js";
import math from "../kernels/wgsl/shared/math.js";
import type { Tensor } from "../tensor/tensor.js";
import { assertFloat } from "./pointwise.js";
import { countOf, type ReductionAttributes, reduced, spread } from "./reduction.js";

/**
 * y = (sum of |x|^p over `dims`)^(1/p); for p = 0 how many are not 0, for p = infinity and -infinity the largest and the
 * smallest |x|.
 *
 * dx = dy sign(x) (|x| / y)^(p - 1), and 0 where x or y is 0; for p = +-infinity the elements that make the norm share dy.
 */
export const vectorNorm = defineOp({
  name: "norm",
  inputs: ["x"],
  shape: ({ x }, attributes: ReductionAttributes & { readonly p: number }) => {
    assertFloat(attributes.op ?? "norm", "the input", x);
    return reduced(x, attributes);
  },
  forward: ({ x }, { dims, p }, { shape, dtype }) => {
    if (countOf(x.shape, dims) === 0) return NDArray.constant(0, dtype, shape, x.device);
    const exponent = NDArray.constant(p, dtype);
    const { kind, term, isRoot } = kindOf(p);
    const wide = isRoot ? "float32" : dtype; // powers of float16 overflow soon
    const total = reduce(kind, NDArray.pointwise(term, wide, x.shape, [x, exponent]), dims, { shape });
    if (!isRoot) return total;
    return NDArray.pointwise(p === 2 ? squareRoot : root, dtype, shape, [total, exponent]);
  },
  saves: ["x", "output"],
  backward: {
    x: (dy, { x, output }, attributes, { x: meta }) => {
      const g = spread(dy, attributes, meta);
      const y = spread(output, attributes, meta);
      const { p, dims } = attributes;
      if (p === 0) return g.mul(0);
      if (p === 1) return g.mul(x.sign());
      if (Math.abs(p) === Infinity) {
        const isMost = x.abs().eq(y).logicalOr(x.isnan());
        return x
          .sign()
          .mul(isMost.to(x.dtype))
          .mul(g.div(isMost.sum(dims, { keepdim: true })));
      }
      const positive = y.ne(0);
      if (p === 2) return x.mul(g.div(y.where(positive, 1)).where(positive, 0));
      const powers = x.sign().mul(powerOrZero(x.abs(), p - 1));
      if (p < 1) return powers.mul(g.mul(powerOrZero(y, 1 - p)));
      return powers.mul(g.div(y.where(positive, 1).pow(p - 1)).where(positive, 0));
    },
  },
});

/** x^p, and 0 where x is 0, with derivatives that are finite there. */
function powerOrZero(x: Tensor, p: number): Tensor {
  const positive = x.ne(0);
  return x.where(positive, 1).pow(p).where(positive, 0);
}

interface Kind {
  readonly kind: Reduction;
  /** What is reduced, from x and p. */
  readonly term: PointwiseFunction;
  readonly isRoot: boolean;
}

function kindOf(p: number): Kind {
  if (p === Infinity) return { kind: "max", term: magnitude, isRoot: false };
  if (p === -Infinity) return { kind: "min", term: magnitude, isRoot: false };
  if (p === 0) return { kind: "sum", term: isNonzero, isRoot: false };
  if (p === 1) return { kind: "sum", term: magnitude, isRoot: false };
  return { kind: "sum", term: p === 2 ? square : power, isRoot: true };
}

const magnitude: PointwiseFunction = { name: "magnitude", wgsl: ([x]) => `abs(${x})` };
const isNonzero: PointwiseFunction = {
  name: "isNonzero",
  wgsl: ([x], to) => `select(${spell(to)}(0), ${spell(to)}(1), ${x} != ${spell(to)}(0))`,
};
const square: PointwiseFunction = {
  name: "normSquare",
  wgsl: ([x], to) => `${spell(to)}(${x}) * ${spell(to)}(${x})`,
};
const power: PointwiseFunction = {
  name: "normPower",
  imports: [math],
  scalarOnly: true,
  wgsl: ([x, p], to) => `${spell(to)}(pow_(abs(f32(${x})), f32(${p})))`,
};
const squareRoot: PointwiseFunction = {
  name: "normSquareRoot",
  imports: [math],
  scalarOnly: true,
  wgsl: ([x], to) => `${spell(to)}(sqrt_(f32(${x})))`,
};
const root: PointwiseFunction = {
  name: "normRoot",
  imports: [math],
  scalarOnly: true,
  wgsl: ([x, p], to) => `${spell(to)}(pow_(f32(${x}), 1.0 / f32(${p})))`,
};
