// Picking and placing elements by index. Indices are int32; gradients of picking add up where an index repeats.

import { defineOp, type Meta } from "../autograd/op.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { gather as pick } from "../kernels/gather.js";
import type { IndexUse } from "../kernels/indexed.js";
import { scatterLast, scatterPut, scatterReduce } from "../kernels/scatter.js";

export interface IndexAttributes extends Omit<IndexUse, "op"> {
  /** The operation in the user's words, for errors. Default: the op's own name. */
  readonly op?: string;
}

/** y[.., j, ..] = x[.., index[j], ..] along `dim`; the index has one dimension. */
export const indexSelect = defineOp({
  name: "indexSelect",
  inputs: ["x", "index"],
  shape: ({ x, index }, { dim, op = "indexSelect" }: IndexAttributes) => {
    assertIndex(op, index);
    if (index.shape.length !== 1) throw new ShapeError(op, [x.shape, index.shape], "the index must have one dimension");
    return { shape: x.shape.with(dim, index.shape[0]!), dtype: x.dtype };
  },
  forward: ({ x, index }, attributes, { shape }) => {
    return pick(x, alongDim(index, attributes.dim, x.shape), shape, { op: "indexSelect", ...attributes });
  },
  saves: ["index"],
  backward: {
    x: (dy, { index }, attributes, { x }) => dy.indexSum(index, { ...attributes, size: x.shape[attributes.dim]! }),
  },
});

/** y[.., d, ..] = sum of x[.., j, ..] over all j with index[j] = d: what indexSelect's gradient is. */
export const indexSum = defineOp({
  name: "indexSum",
  inputs: ["x", "index"],
  shape: ({ x, index }, { dim, size, op = "indexSum" }: IndexAttributes & { readonly size: number }) => {
    assertIndex(op, index);
    if (index.shape.length !== 1 || index.shape[0] !== x.shape[dim]) {
      throw new ShapeError(
        op,
        [x.shape, index.shape],
        `the index must have the ${x.shape[dim]} elements of dimension ${dim}`,
      );
    }
    return { shape: x.shape.with(dim, size), dtype: x.dtype };
  },
  forward: ({ x, index }, { size, ...use }) => {
    return scatterReduce("sum", x, alongDim(index, use.dim, x.shape), size, { op: "indexSum", ...use });
  },
  saves: ["index"],
  backward: { x: (dy, { index }, attributes) => dy.indexSelectAs(index, attributes) },
});

interface EmbeddingAttributes {
  /** The row whose uses receive no gradient. */
  readonly paddingIdx: number | undefined;
  /** Whether gradients are divided by how often their row is used. */
  readonly scaleGradByFreq: boolean;
}

/** y[j] = weight[index[j]], for rows [V, E] of a table. */
export const embedding = defineOp({
  name: "embedding",
  inputs: ["weight", "index"],
  shape: ({ weight, index }, _: EmbeddingAttributes) => {
    return { shape: weight.shape.with(0, index.shape[0]!), dtype: weight.dtype };
  },
  forward: ({ weight, index }, _, { shape }) =>
    pick(weight, alongDim(index, 0, shape), shape, { op: "embedding", dim: 0 }),
  saves: ["index"],
  backward: {
    weight: (dy, { index }, { paddingIdx, scaleGradByFreq }, { weight }) => {
      const rows = { dim: 0, size: weight.shape[0]! };
      const kept = paddingIdx === undefined ? dy : dy.where(index.ne(paddingIdx).unsqueeze(1), 0);
      if (!scaleGradByFreq) return kept.indexSum(index, rows);
      const uses = index.mul(0).add(1).indexSum(index, rows).indexSelectAs(index, { dim: 0 });
      return kept.div(uses.unsqueeze(1)).indexSum(index, rows);
    },
  },
});

export interface GatherAttributes extends IndexAttributes {
  /** Whether no element is named twice. */
  readonly isDistinct?: boolean;
}

/** y[o, j, i] = x[o, index[o, j, i], i], where j runs along `dim`: y has the index's shape. */
export const gather = defineOp({
  name: "gather",
  inputs: ["x", "index"],
  shape: ({ x, index }, { dim, op = "gather" }: GatherAttributes) => {
    assertIndex(op, index);
    assertInside(op, x.shape, index.shape, dim);
    return { shape: index.shape, dtype: x.dtype };
  },
  forward: ({ x, index }, attributes, { shape }) =>
    pick(cropped(x, shape, attributes.dim), index, shape, { op: "gather", shape: x.shape, ...attributes }),
  saves: ["index"],
  backward: { x: (dy, { index }, attributes, { x }) => dy.scatterSum(index, { ...attributes, shape: x.shape }) },
});

/** y[o, d, i] = sum of x[o, j, i] over all j with index[o, j, i] = d, in a tensor of `shape`: what gather's gradient is. */
export const scatterSum = defineOp({
  name: "scatterSum",
  inputs: ["x", "index"],
  shape: ({ x, index }, { dim, shape, op = "scatterAdd" }: GatherAttributes & { readonly shape: Shape }) => {
    assertIndex(op, index);
    assertInside(op, x.shape, index.shape, undefined);
    assertInside(op, shape, index.shape, dim);
    return { shape, dtype: x.dtype };
  },
  forward: ({ x, index }, { isDistinct = false, ...attributes }) => {
    const { dim, shape } = attributes;
    const source = cropped(x, index.shape, undefined);
    const size = shape[dim]!;
    const use = { op: "scatterAdd", ...attributes };
    if (!isDistinct) return padded(scatterReduce("sum", source, index, size, use), shape);
    const zeros = NDArray.constant(0, x.dtype, source.shape.with(dim, size), x.device);
    return padded(scatterPut(zeros, source, scatterLast(index, index.shape, size, use), dim), shape);
  },
  saves: ["index"],
  backward: {
    x: (dy, { index }, attributes, { x }) => dy.gatherAs(index, attributes).paddedTo(x.shape),
  },
});

/** @internal x without what lies past the index's size, in all dimensions but `dim`. */
export function cropped(x: NDArray, shape: Shape, dim: number | undefined): NDArray {
  const target = x.shape.map((size, d) => (d === dim ? size : shape[d]!));
  return x.view((layout) => ({ ...layout, shape: target }));
}

/** @internal x in the corner of a tensor of `shape` that holds `value` elsewhere. */
export function padded(x: NDArray, shape: Shape, value = 0): NDArray {
  if (x.shape.every((size, d) => size === shape[d])) return x;
  const y = NDArray.empty(x.dtype, shape, x.device);
  NDArray.constant(value, x.dtype, shape, x.device).computeInto(y.realize());
  x.computeInto(y.view((layout) => ({ ...layout, shape: x.shape })).realize());
  return y;
}

/** The index with dimensions of size 1 around it, so that it runs along `dim`. */
function alongDim(index: NDArray, dim: number, { length }: Shape): NDArray {
  return index.reshape([index.shape[0]!, ...new Array<number>(length - dim - 1).fill(1)]);
}

export function assertIndex(op: string, { dtype }: Meta): void {
  if (dtype !== "int32") throw new DTypeError(op, `the index is ${dtype} and must be int32: index.to("int32")`);
}

/** @internal The index may be smaller than x, except along `dim`, where its size is free. */
export function assertInside(op: string, x: Shape, index: Shape, dim: number | undefined): void {
  if (x.length === index.length && index.every((size, d) => d === dim || size <= x[d]!)) return;
  throw new ShapeError(
    op,
    [x, index],
    `the index must have as many dimensions as the tensor and nowhere be larger${dim === undefined ? "" : ` (dimension ${dim} apart)`}`,
  );
}
