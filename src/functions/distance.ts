// Distances between vectors: p-norms of differences, with PyTorch's derivatives where norms have none.

import { checkTensor } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { broadcastLeading } from "../core/shape.js";
import * as autograd from "../tensor/autograd.js";
import type { Tensor } from "../tensor/tensor.js";

/** Differences beyond this many, in elements, are not worth their memory where a matrix product will do. */
const MOST_DIFFERENCES = 2 ** 24;

export interface CdistOptions {
  /** Which norm, 0 (how many differ) to Infinity (the largest difference). Default 2. */
  readonly p?: number;
  /** "donot_use_mm_for_euclid_dist": never the faster but coarser |a|^2 + |b|^2 - 2 a b, which only large inputs get. */
  readonly computeMode?: string | null;
}

/**
 * The p-distance of each row of x1 from each row of x2: [..., P, M] and [..., R, M] -> [..., P, R]. The gradient is 0 where
 * rows are equal.
 */
export function cdist(x1: Tensor, x2: Tensor, { p = 2, computeMode }: CdistOptions = {}): Tensor {
  checkTensor("cdist", x1);
  checkTensor("cdist", x2);
  const shapes = [x1.shape, x2.shape];
  if (x1.ndim < 2 || x2.ndim < 2 || x1.shape.at(-1) !== x2.shape.at(-1)) {
    throw new ShapeError("cdist", shapes, "must be [..., P, M] and [..., R, M]");
  }
  const batch = broadcastLeading("cdist", shapes, 2);
  const count = [...batch, ...x1.shape.slice(-2), x2.shape.at(-2)!].reduce((n, size) => n * size, 1);
  if (p === 2 && count > MOST_DIFFERENCES && computeMode !== "donot_use_mm_for_euclid_dist") {
    const squares = (x: Tensor): Tensor => x.square().sum(-1, { keepdim: true });
    return root(squares(x1).add(squares(x2).mT).sub(x1.matmul(x2.mT).mul(2)).clamp(0));
  }
  return distance("cdist", x1.unsqueeze(-2).sub(x2.unsqueeze(-3)), p);
}

/** @internal The p-norm along the last dimension, with the derivatives of torch.cdist. */
export function distance(op: string, x: Tensor, p: number): Tensor {
  if (!(p >= 0)) throw new RangeError(`${op}: p must be from 0 on, got ${p}`);
  if (p === Number.POSITIVE_INFINITY && x.shape.at(-1) !== 0) return Largest.apply(x);
  return norm(x, p, false);
}

/** @internal The p-norm along the last dimension, with the derivatives of torch.norm. */
export function norm(x: Tensor, p: number, keepdim: boolean): Tensor {
  if (p === 0) return Unequal.apply(x, keepdim);
  if (x.shape.at(-1) === 0) return x.sum(-1, { keepdim });
  if (p === 1) return x.abs().sum(-1, { keepdim });
  if (p === 2) return x.norm(2, { dim: -1, keepdim });
  if (!Number.isFinite(p)) return p > 0 ? x.abs().amax(-1, { keepdim }) : x.abs().amin(-1, { keepdim });
  const size = x.abs();
  if (p < 0)
    return size
      .pow(p)
      .sum(-1, { keepdim })
      .pow(1 / p);
  // Divided by the largest, so that powers stay in range. The norm does not depend on the divisor, so it needs no derivative.
  const largest = size.detach().amax(-1, { keepdim: true });
  const scale = largest.where(largest.gt(0).logicalAnd(largest.isfinite()), 1);
  const sum = positivePower(size.div(scale), p).sum(-1, { keepdim });
  return positivePower(sum, 1 / p).mul(keepdim ? scale : scale.squeeze(-1));
}

/** sqrt(x), with 0 for the derivative at 0. */
function root(x: Tensor): Tensor {
  const isZero = x.eq(0);
  return x.where(isZero.logicalNot(), 1).sqrt().where(isZero.logicalNot(), 0);
}

/** x^p of x >= 0 and p > 0, with 0 for the derivative at 0. */
function positivePower(x: Tensor, p: number): Tensor {
  const isZero = x.eq(0);
  return x.where(isZero.logicalNot(), 1).pow(p).where(isZero.logicalNot(), 0);
}

/** max_i |x_i| along the last dimension; every largest element receives the whole gradient, as in torch.cdist. */
class Largest extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, x: Tensor): Tensor {
    const y = x.abs().amax(-1);
    ctx.saveForBackward(x, y);
    return y;
  }
  static override backward(ctx: autograd.FunctionContext, dy: Tensor): Tensor {
    const [x, y] = ctx.savedTensors as [Tensor, Tensor];
    return dy
      .unsqueeze(-1)
      .mul(x.sign())
      .where(x.abs().eq(y.unsqueeze(-1)), 0);
  }
}

/** How many elements along the last dimension are not 0; its derivative is 0. */
class Unequal extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, x: Tensor, keepdim: boolean): Tensor {
    ctx["shape"] = x.shape;
    ctx["keepdim"] = keepdim;
    return x.ne(0).sum(-1, { keepdim }).to(x.dtype);
  }
  static override backward(ctx: autograd.FunctionContext, dy: Tensor): (Tensor | null)[] {
    const dx = ctx["keepdim"] ? dy : dy.unsqueeze(-1);
    return [dx.mul(0).expand(ctx["shape"] as number[]), null];
  }
}
