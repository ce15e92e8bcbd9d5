// How a fusion goes through its operands. An element is addressed by coordinates in a few merged dimensions, and every
// operand walks them with strides that are 0 (broadcast), 1 (adjacent) or a parameter, from an offset that is 0 or a
// parameter. Where the innermost strides allow, elements are handled four at a time.

import { dtypes } from "../../core/dtype.js";
import { collapse, contiguousStrides } from "../../core/layout.js";
import type { Shape } from "../../core/shape.js";
import type { Output } from "./output.js";
import { isIndexed, type Trace } from "./trace.js";

/** An operand's way through memory (or, for an indexed function, through its own row-major order). */
export interface Walk {
  readonly isVector: boolean;
  /** Per merged dimension, in units of the walk's elements or vectors. */
  readonly strides: readonly number[];
  readonly offset: number;
  /** Letters 0, 1 or p, one per merged dimension. */
  readonly classes: string;
}

/** What all operands are walked through together. */
export interface Space {
  /** Elements handled at a time, along the last dimension. */
  readonly width: 1 | 4;
  /** Merged dimensions of each group, in elements or vectors. */
  readonly sizes: readonly (readonly number[])[];
  /** Of the leaves, of the outputs, and of the indexed functions, in this order. */
  readonly walks: readonly Walk[];
}

export interface SpaceOptions {
  readonly shape: Shape;
  /**
   * The dimensions of `shape` in groups; each group is merged by itself and walked by a linear index of its own.
   * A kernel over all elements has one group; a reduction has two, the kept and the reduced dimensions.
   */
  readonly groups: readonly (readonly number[])[];
  /** Whether elements may be handled four at a time along the last group. */
  readonly vectors: boolean;
}

/** A walk before dimensions are merged, or while it is not known whether vectors are read; in elements. */
interface Row {
  readonly offset: number;
  readonly strides: readonly number[];
}

export function spaceOf(trace: Trace, outputs: readonly Output[], { shape, groups, vectors }: SpaceOptions): Space {
  const raw = rowsOf(trace, outputs, shape);
  const merged = groups.map((dims) =>
    collapse(
      dims.map((d) => shape[d]!),
      raw.map(({ strides }) => dims.map((d) => strides[d]!)),
      false,
    ),
  );
  const shapes = merged.map((group) => group.shape);
  const rows = raw.map(({ offset }, w) => ({ offset, strides: merged.flatMap((group) => group.strides[w]!) }));
  const width = vectors && canVectorize(shapes, rows, outputs) ? 4 : 1;
  const sizes = shapes.map((group, g) => {
    return width === 4 && g === shapes.length - 1 ? group.with(-1, Math.ceil(group.at(-1)! / 4)) : group;
  });
  const inMemory = trace.leaves.length + outputs.length;
  return { width, sizes, walks: rows.map((row, w) => makeWalk(row, width, w < inMemory)) };
}

function rowsOf({ leaves, nodes }: Trace, outputs: readonly Output[], shape: Shape): Row[] {
  return [
    ...leaves.map((leaf) => {
      const { layout } = leaf.realize();
      return { offset: leaf.start, strides: alignStrides(leaf.shape, layout.strides, shape) };
    }),
    ...outputs.map(({ storage, array, strides, offset }) => {
      return { offset: offset + storage.byteOffset / dtypes[array.dtype].bytes, strides };
    }),
    ...nodes.filter(isIndexed).map((node) => ({
      offset: 0,
      strides: alignStrides(node.shape, contiguousStrides(node.shape), shape),
    })),
  ];
}

/** Strides of an array of `shape` and `strides` seen as if broadcast to `to`. */
function alignStrides(shape: Shape, strides: readonly number[], to: Shape): number[] {
  const lead = to.length - shape.length;
  return to.map((size, d) => (d < lead || (shape[d - lead] === 1 && size !== 1) ? 0 : strides[d - lead]!));
}

function canVectorize(
  shapes: readonly (readonly number[])[],
  rows: readonly Row[],
  outputs: readonly Output[],
): boolean {
  const inner = shapes.at(-1)?.at(-1);
  if (inner === undefined) return false;
  const extents = shapes.flat();
  const isFlat = extents.length === 1;
  // A whole storage in one run may be overrun by up to three elements: blocks end on a multiple of 256 bytes.
  const ownsTail =
    outputs.length > 0 &&
    outputs.every(({ array, storage, offset }) => offset === 0 && storage.bytes === inner * dtypes[array.dtype].bytes);
  if (inner % 4 !== 0 && !(isFlat && ownsTail)) return false;
  return rows.every(({ offset, strides }) => {
    const last = strides.at(-1)!;
    if (last === 0) return true;
    const isWhole = (stride: number, d: number): boolean => extents[d] === 1 || stride % 4 === 0;
    return last === 1 && offset % 4 === 0 && strides.slice(0, -1).every(isWhole);
  });
}

function makeWalk(row: Row, width: 1 | 4, inMemory: boolean): Walk {
  const isVector = width === 4 && row.strides.at(-1) === 1;
  const scale = isVector && inMemory ? 4 : 1;
  const last = row.strides.length - 1;
  const strides = row.strides.map((stride, d) => {
    if (isVector && d === last) return 1;
    return stride % scale === 0 ? stride / scale : 0; // nobody walks along a dimension of size 1
  });
  const classes = strides.map((stride) => (stride === 0 ? "0" : stride === 1 ? "1" : "p")).join("");
  return { isVector, strides, offset: row.offset / scale, classes };
}
