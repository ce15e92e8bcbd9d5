// A quick look at arguments: whether they are like those of an earlier call. It takes no memory, and most calls are like
// the one before.

import { modesNow } from "../autograd/mode.js";
import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { isRecord } from "./signature.js";

interface SeenTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly start: number;
  /** Size of the block. */
  readonly bytes: number;
  /** The first argument in the same block. */
  readonly first: number;
}

export class Glance {
  readonly #modes = modesNow();
  /** Per argument; undefined for what is no tensor. */
  readonly #tensors: readonly (SeenTensor | undefined)[];
  readonly #isFlat: boolean;
  /** What is no tensor: tensors need not live on for this. */
  readonly #others: readonly unknown[];

  constructor(args: readonly unknown[]) {
    this.#isFlat = !args.some((arg) => Array.isArray(arg) || isRecord(arg));
    this.#tensors = args.map((arg) => {
      if (!(arg instanceof Tensor)) return undefined;
      const { shape, strides } = arg.array.realize().layout;
      const { block, start } = arg.array;
      const first = args.findIndex((other) => other instanceof Tensor && other.array.block === block);
      return { dtype: arg.dtype, shape, strides, start, bytes: block.bytes, first };
    });
    this.#others = args.map((arg) => (arg instanceof Tensor ? undefined : arg));
  }

  /** Whether other arguments have the same signature; never for those with tensors inside of arrays or objects. */
  isLike(args: readonly unknown[]): boolean {
    if (!this.#isFlat || args.length !== this.#others.length || this.#modes !== modesNow()) return false;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      const seen = this.#tensors[i];
      if (
        arg instanceof Tensor ? seen === undefined || !isTensorLike(arg, seen, args) : !Object.is(arg, this.#others[i])
      )
        return false;
    }
    return true;
  }
}

function isTensorLike(tensor: Tensor, seen: SeenTensor, args: readonly unknown[]): boolean {
  if (tensor.dtype !== seen.dtype || tensor.variable !== undefined) return false;
  const { array } = tensor;
  const { shape, strides } = array.realize().layout;
  const { block } = array;
  if (block.bytes !== seen.bytes || array.start !== seen.start) return false;
  if (!isEqual(shape, seen.shape) || !isEqual(strides, seen.strides)) return false;
  for (let i = 0; i <= seen.first; i++) {
    const other = args[i];
    const isSame = other instanceof Tensor && other.array.block === block;
    if (isSame !== (i === seen.first)) return false;
  }
  return true;
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
