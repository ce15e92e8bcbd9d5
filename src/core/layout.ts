// A layout maps an index to an element of a storage: offset + sum_d index[d] * strides[d], all in elements.
// Views (transpose, expand, slice ...) are new layouts over the same storage.

import { numel, type Shape } from "./shape.js";

export interface Layout {
  readonly shape: Shape;
  /** In elements; 0 where the dimension is broadcast, negative only where flip writes. */
  readonly strides: readonly number[];
  /** In elements, from the start of the storage. */
  readonly offset: number;
}

/** Row-major strides: the last dimension moves fastest. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d]!;
  }
  return strides;
}

export function contiguous(shape: Shape, offset = 0): Layout {
  return { shape, strides: contiguousStrides(shape), offset };
}

/** Whether elements lie in row-major order without gaps (dimensions of size 1 may have any stride). */
export function isContiguous({ shape, strides }: Layout): boolean {
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = shape[d]!;
    if (size === 0) return true;
    if (size !== 1 && strides[d] !== step) return false;
    step *= size;
  }
  return true;
}

export function permute(layout: Layout, dims: readonly number[]): Layout {
  return {
    shape: dims.map((d) => layout.shape[d]!),
    strides: dims.map((d) => layout.strides[d]!),
    offset: layout.offset,
  };
}

/** Repeats dimensions of size 1 (and adds leading ones) without copying: their stride becomes 0. */
export function expand(layout: Layout, shape: Shape): Layout {
  const lead = shape.length - layout.shape.length;
  const strides = shape.map((size, d) => {
    const own = layout.shape[d - lead];
    return own === undefined || (own === 1 && size !== 1) ? 0 : layout.strides[d - lead]!;
  });
  return { shape, strides, offset: layout.offset };
}

/** `length` elements of dimension `dim`, `step` apart, from `start`. */
export function slice(layout: Layout, dim: number, start: number, length: number, step: number): Layout {
  return {
    shape: layout.shape.with(dim, length),
    strides: layout.strides.with(dim, layout.strides[dim]! * step),
    offset: layout.offset + (length > 0 ? start * layout.strides[dim]! : 0),
  };
}

/** One element of dimension `dim`, which disappears. */
export function select(layout: Layout, dim: number, index: number): Layout {
  return {
    shape: layout.shape.toSpliced(dim, 1),
    strides: layout.strides.toSpliced(dim, 1),
    offset: layout.offset + index * layout.strides[dim]!,
  };
}

/** Dimensions walked from their end. */
export function flip(layout: Layout, dims: readonly number[]): Layout {
  const { shape } = layout;
  return {
    shape,
    strides: layout.strides.map((stride, d) => (dims.includes(d) ? -stride : stride)),
    offset: dims.reduce((at, d) => at + Math.max(shape[d]! - 1, 0) * layout.strides[d]!, layout.offset),
  };
}

/** Which diagonal of which two dimensions: element (i, i + offset), or (i - offset, i) where the offset is negative. */
export interface Diagonal {
  readonly offset: number;
  readonly dim1: number;
  readonly dim2: number;
}

/** A diagonal of two dimensions, as the last dimension. */
export function diagonal(layout: Layout, { offset, dim1, dim2 }: Diagonal): Layout {
  const { shape, strides } = layout;
  const [down, right] = [Math.max(-offset, 0), Math.max(offset, 0)];
  const count = Math.max(Math.min(shape[dim1]! - down, shape[dim2]! - right), 0);
  const others = <T>(list: readonly T[]): T[] => list.filter((_, d) => d !== dim1 && d !== dim2);
  return {
    shape: [...others(shape), count],
    strides: [...others(strides), strides[dim1]! + strides[dim2]!],
    offset: layout.offset + (count > 0 ? down * strides[dim1]! + right * strides[dim2]! : 0),
  };
}

/** Windows of dimension `dim`, `step` apart; a new last dimension runs through each. */
export function windows(layout: Layout, dim: number, size: number, step: number): Layout {
  const { shape, strides, offset } = layout;
  return {
    shape: [...shape.with(dim, Math.floor((shape[dim]! - size) / step) + 1), size],
    strides: [...strides.with(dim, strides[dim]! * step), strides[dim]!],
    offset,
  };
}

/** Whether every element has memory of its own: no dimension is broadcast, and no windows overlap. */
export function isOneToOne(layout: Layout): boolean {
  if (isContiguous(layout)) return true;
  const { shape, strides } = layout;
  const dims = shape.map((size, d) => ({ size, stride: strides[d]! })).filter(({ size }) => size !== 1);
  if (dims.some(({ size }) => size === 0)) return true;
  let reach = 0; // of the dimensions with smaller strides
  for (const { size, stride } of dims.sort((a, b) => a.stride - b.stride)) {
    if (stride <= reach) return false;
    reach += (size - 1) * stride;
  }
  return true;
}

/**
 * The same elements in the same order under another shape, when strides can say so; otherwise undefined and the caller
 * copies. Old and new dimensions are matched in groups of equal size; a group must be one run in memory.
 */
export function reshape(layout: Layout, shape: Shape): Layout | undefined {
  if (numel(shape) === 0 || isContiguous(layout)) return { ...contiguous(shape), offset: layout.offset };
  const strides = new Array<number>(shape.length).fill(0);
  const old = collapse(layout.shape, [layout.strides]);
  let d = shape.length - 1;
  for (let o = old.shape.length - 1; o >= 0; o--) {
    let step = old.strides[0]![o]!;
    let left = old.shape[o]!;
    while (left > 1) {
      if (d < 0) return undefined;
      const size = shape[d]!;
      if (left % size !== 0) return undefined;
      strides[d--] = step;
      step *= size;
      left /= size;
    }
  }
  return { shape, strides, offset: layout.offset };
}

/**
 * Merges neighbouring dimensions wherever every operand walks them as one run, and drops dimensions of size 1, so that
 * kernels see as few dimensions as possible. All operands have `shape`; `strides` holds one stride list per operand.
 *
 * @param dropsOnes - false: a dimension of size 1 is like any other, so that a batch of one needs no kernel of its own
 */
export function collapse(
  shape: Shape,
  strides: readonly (readonly number[])[],
  dropsOnes = true,
): { shape: number[]; strides: number[][] } {
  const sizes: number[] = [];
  const merged: number[][] = strides.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d]!;
    if (size === 1 && dropsOnes) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && strides.every((own, i) => merged[i]![last] === own[d]! * size);
    if (joins) {
      sizes[last] = sizes[last]! * size;
      for (let i = 0; i < strides.length; i++) merged[i]![last] = strides[i]![d]!;
    } else {
      sizes.push(size);
      for (let i = 0; i < strides.length; i++) merged[i]!.push(strides[i]![d]!);
    }
  }
  return { shape: sizes, strides: merged };
}
