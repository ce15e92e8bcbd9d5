// Differences of neighbours along a dimension, and sums of trapezoids between them.

import { checkWhole } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import { dimOf } from "../tensor/base.js";
import { cat } from "../tensor/join.js";
import type { Operand, Tensor } from "../tensor/tensor.js";

export interface DiffOptions {
  /** How often. Default 1. */
  readonly n?: number;
  /** Default -1. */
  readonly dim?: number;
  /** Joined before x first. */
  readonly prepend?: Tensor | null;
  /** Joined after x first. */
  readonly append?: Tensor | null;
}

/** y_i = x_(i+1) - x_i along a dimension, n times; of bools, whether neighbours differ. */
export function diff(x: Tensor, { n = 1, dim = -1, prepend, append }: DiffOptions = {}): Tensor {
  checkWhole("diff", { n });
  const at = dimOf(x, "diff", dim);
  if (x.ndim === 0) throw new ShapeError("diff", [x.shape], "needs at least one dimension");
  if (n === 0) return x.clone();
  let y = cat(
    [prepend, x, append].filter((part) => part !== null && part !== undefined),
    at,
  );
  if (n >= y.size(at)) return y.narrow(at, 0, 0);
  for (let i = 0; i < n; i++) y = steps(y, at);
  return y;
}

function steps(x: Tensor, dim: number): Tensor {
  const length = x.size(dim) - 1;
  const [before, after] = [x.narrow(dim, 0, length), x.narrow(dim, 1, length)];
  return x.dtype === "bool" ? after.ne(before) : after.sub(before);
}

export interface TrapezoidOptions {
  /** The distance of neighbours, where `x` does not say. Default 1. */
  readonly dx?: Operand;
  /** Default -1. */
  readonly dim?: number;
}

type WithX = TrapezoidOptions & { readonly x?: Tensor | null };

/** The integral of y along a dimension by the trapezoidal rule: sum of (y_i + y_(i+1)) / 2 times x_(i+1) - x_i, or dx. */
export function trapezoid(y: Tensor, x?: Tensor | WithX | null, options: TrapezoidOptions = {}): Tensor {
  const { areas, dim } = trapezoids("trapezoid", y, x, options);
  return areas.sum(dim);
}

/** PyTorch's other name for `trapezoid`. */
export const trapz = trapezoid;

/** The integrals up to each sample: the running sum of the trapezoids. */
export function cumulativeTrapezoid(y: Tensor, x?: Tensor | WithX | null, options: TrapezoidOptions = {}): Tensor {
  const { areas, dim } = trapezoids("cumulativeTrapezoid", y, x, options);
  return areas.cumsum(dim);
}

function trapezoids(
  op: string,
  y: Tensor,
  given: Tensor | WithX | null | undefined,
  options: TrapezoidOptions,
): { areas: Tensor; dim: number } {
  const { x, dx = 1, dim = -1 } = isOptions<WithX>(given) ? given : { ...options, x: given };
  const at = dimOf(y, op, dim);
  if (y.ndim === 0) throw new ShapeError(op, [y.shape], "needs at least one dimension");
  const length = Math.max(y.size(at) - 1, 0);
  const pairs = y.narrow(at, 0, length).add(y.narrow(at, y.size(at) - length, length));
  const widths = x ? distances(op, x, y, at) : dx;
  const areas = pairs.mul(widths).div(2);
  return { areas, dim: at - y.ndim }; // from the end: x may have more dimensions
}

/** x_(i+1) - x_i along the dimension of y that x, of one dimension or of y's, runs along. */
function distances(op: string, x: Tensor, y: Tensor, dim: number): Tensor {
  const isLine = x.ndim === 1;
  if (isLine && x.numel() !== y.size(dim)) {
    throw new ShapeError(op, [y.shape, x.shape], `x must have the ${y.size(dim)} elements of dimension ${dim}`);
  }
  if (isLine) return steps(x, 0).reshape(y.shape.map((_, d) => (d === dim ? -1 : 1)));
  return steps(x, dim - y.ndim + x.ndim);
}
