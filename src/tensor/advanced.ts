// Indexing by tensors of positions, as PyTorch and NumPy have it: the tensors broadcast together, and their dimensions
// stand where the first of them stood, or in front where something lies between them.

import { ShapeError } from "../core/errors.js";
import { broadcastShapes, numel, type Shape } from "../core/shape.js";
import { assertKnown } from "../kernels/indexed.js";
import type { IndexAttributes } from "../ops/indexing.js";
import { ints } from "./index-values.js";
import { alongSlices } from "./scattering.js";
import type { Tensor } from "./tensor.js";

/** By dimension of x, the positions there; undefined where all elements are taken. */
export type Positions = readonly (Tensor | undefined)[];

interface Plan {
  /** x's dimensions in an order that has the indexed ones together. */
  readonly order: readonly number[];
  /** Where the indexed dimensions are in that order. */
  readonly dim: number;
  /** Their sizes. */
  readonly sizes: Shape;
  /** All positions as one, in one dimension. */
  readonly index: Tensor;
  /** The shape the positions broadcast to, which stands in the result for the indexed dimensions. */
  readonly shape: Shape;
  readonly use: IndexAttributes;
}

function planned(op: string, x: Tensor, positions: Positions): Plan {
  const indexed = x.shape.map((_, d) => d).filter((d) => positions[d] !== undefined);
  const rest = x.shape.map((_, d) => d).filter((d) => positions[d] === undefined);
  const isAdjacent = indexed.every((d, i) => d === indexed[0]! + i);
  const dim = isAdjacent ? indexed[0]! : 0;
  const order = [...rest.slice(0, dim), ...indexed, ...rest.slice(dim)];
  const sizes = indexed.map((d) => x.shape[d]!);
  const tensors = indexed.map((d) => positions[d]!);
  const shape = broadcastShapes(op, ...tensors.map((index) => index.shape));
  tensors.forEach((index, i) => {
    assertKnown(index.array, sizes[i]!, { op, dim: indexed[i]!, shape: x.shape, wraps: true });
  });
  const [first, ...others] = tensors as [Tensor, ...Tensor[]];
  const zero = ints([0], []);
  // A single tensor is checked as it is used; of several, only the one they make together can be.
  const start = others.length === 0 ? first : zero.joinedPosition(first, { op, size: sizes[0]! });
  const joined = others.reduce((all, index, i) => all.joinedPosition(index, { op, size: sizes[i + 1]! }), start);
  const use = { dim, op, shape: x.shape, ...(others.length === 0 ? { wraps: true } : { isJoined: true }) };
  return { order, dim, sizes, index: joined.expand(shape).reshape([-1]), shape, use };
}

/** x with its indexed dimensions merged into one. */
function merged(x: Tensor, { order, dim, sizes }: Plan): Tensor {
  const y = order.every((d, i) => d === i) ? x : x.permute(order);
  return sizes.length === 1
    ? y
    : y.reshape([...y.shape.slice(0, dim), numel(sizes), ...y.shape.slice(dim + sizes.length)]);
}

/** The elements at the positions: y[.., k, ..] = x[.., a[k], b[k], ..]. */
export function pick(op: string, x: Tensor, positions: Positions): Tensor {
  const plan = planned(op, x, positions);
  const { dim, index, shape, use } = plan;
  const rows = merged(x, plan);
  const y = rows.indexSelectAs(index, use);
  return y.reshape(rows.shape.toSpliced(dim, 1, ...shape)).asBase();
}

/** x with `values`, which broadcast, at the positions; added to what is there, or in its place. */
export function put(op: string, x: Tensor, positions: Positions, values: Tensor, accumulate: boolean): Tensor {
  const plan = planned(op, x, positions);
  const { order, dim, index, shape, use } = plan;
  const rows = merged(x, plan);
  const wanted = rows.shape.toSpliced(dim, 1, ...shape);
  if (values.ndim > wanted.length) {
    throw new ShapeError(
      op,
      [values.shape],
      `the values do not broadcast to the elements indexed, ${JSON.stringify(wanted)}`,
    );
  }
  const source = values.expand(wanted).reshape(rows.shape.with(dim, numel(shape)));
  const y = accumulate
    ? rows.add(source.indexSum(index, { ...use, size: rows.shape[dim]! }))
    : rows.scatterAs(alongSlices(index, dim, source.shape), source, use);
  const split = y.reshape(order.map((d) => x.shape[d]!));
  return split.permute(x.shape.map((_, d) => order.indexOf(d))).asBase();
}
