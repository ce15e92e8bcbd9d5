// Elements without their repetitions. How many there are depends on the elements, so these are asynchronous.

import { checkTensor } from "../core/check.js";
import type { TypedArray } from "../core/dtype.js";
import { normalizeDim, numel } from "../core/shape.js";
import { fromHost } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";

export interface UniqueOptions {
  /** For each element of x the position of its equal in the output. Default false. */
  readonly returnInverse?: boolean;
  /** How often each element of the output occurs. Default false. */
  readonly returnCounts?: boolean;
  /** Compares slices along this dimension instead of elements. */
  readonly dim?: number | null;
}

export interface Unique {
  readonly output: Tensor;
  readonly inverse?: Tensor;
  readonly counts?: Tensor;
}

type Plain = { readonly returnInverse?: false; readonly returnCounts?: false };

/** The different elements of x (or slices along `dim`), in ascending order. Each NaN differs from the others. Not differentiable. */
export function unique(x: Tensor, options?: UniqueOptions & Plain & { readonly sorted?: boolean }): Promise<Tensor>;
export function unique(x: Tensor, options: UniqueOptions & { readonly sorted?: boolean }): Promise<Tensor | Unique>;
export function unique(x: Tensor, options: UniqueOptions = {}): Promise<Tensor | Unique> {
  return distinct("unique", x, options, true);
}

/** x without the elements (or slices along `dim`) that equal the one before. Not differentiable. */
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions & Plain): Promise<Tensor>;
export function uniqueConsecutive(x: Tensor, options: UniqueOptions): Promise<Tensor | Unique>;
export function uniqueConsecutive(x: Tensor, options: UniqueOptions = {}): Promise<Tensor | Unique> {
  return distinct("uniqueConsecutive", x, options, false);
}

async function distinct(
  op: string,
  x: Tensor,
  { returnInverse = false, returnCounts = false, dim }: UniqueOptions,
  isSorted: boolean,
): Promise<Tensor | Unique> {
  checkTensor(op, x);
  const flat = x.detach().reshape([-1]);
  const isFlat = dim === undefined || dim === null;
  const at = isFlat ? 0 : normalizeDim(op, dim, x.ndim);
  const slices = isFlat ? flat : x.ndim === 0 ? flat : x.detach().transpose(0, at);
  const count = slices.shape[0]!;
  const size = numel(slices.shape.slice(1));
  const data = await slices.data();
  const positions = Array.from({ length: count }, (_, i) => i);
  const order = !isSorted
    ? positions
    : isFlat
      ? await flat.argsort().data()
      : positions.sort((i, j) => compare(data, size, i, j));

  const firsts: number[] = [];
  const counts: number[] = [];
  const inverse = new Int32Array(count);
  order.forEach((position: number, i: number) => {
    if (i === 0 || !isEqual(data, size, position, order[i - 1]!)) {
      firsts.push(position);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
    inverse[position] = counts.length - 1;
  });
  const picked = slices.indexSelect(0, ints(firsts));
  const output = isFlat || x.ndim === 0 ? picked : picked.transpose(0, at).contiguous();
  if (!returnInverse && !returnCounts) return output;
  return {
    output,
    ...(returnInverse && { inverse: fromHost(inverse, isFlat ? x.shape : [count], "int32") }),
    ...(returnCounts && { counts: ints(counts) }),
  };
}

function ints(values: readonly number[]): Tensor {
  return fromHost(Int32Array.from(values), [values.length], "int32");
}

function compare(data: TypedArray, size: number, i: number, j: number): number {
  for (let k = 0; k < size; k++) {
    const [a, b] = [data[i * size + k]!, data[j * size + k]!];
    if (a < b || (Number.isNaN(b) && !Number.isNaN(a))) return -1;
    if (a > b || (Number.isNaN(a) && !Number.isNaN(b))) return 1;
  }
  return 0;
}

function isEqual(data: TypedArray, size: number, i: number, j: number): boolean {
  for (let k = 0; k < size; k++) if (data[i * size + k] !== data[j * size + k]) return false;
  return true;
}
