// Where attention's operands lie, and where its results go.

import { collapse, expand, permute } from "../core/layout.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import type { AttentionAttributes } from "./attention-kernel.js";

export type Block = NDArray["block"];

/** New memory for `shape`, whose dimensions lie in the order of those of `like`, the last one innermost. */
export function emptyLike(like: NDArray, shape: Shape): NDArray {
  const { strides } = like.realize().layout;
  const order = shape.map((_, d) => d);
  const last = order.pop()!;
  const reach = (d: number): number => strides[d] || Number.POSITIVE_INFINITY; // what is repeated comes first
  order.sort((x, y) => (reach(x) === reach(y) ? x - y : reach(y) - reach(x)));
  order.push(last);
  const memory = NDArray.empty(
    like.dtype,
    order.map((d) => shape[d]!),
    like.device,
  );
  return memory.view((layout) =>
    permute(
      layout,
      shape.map((_, d) => order.indexOf(d)),
    ),
  );
}

/** Where the operands' matrices lie, as two batch dimensions walk them, in vectors of four elements. */
export class Walk {
  readonly #batchCount: number;
  readonly #arrays: readonly NDArray[];
  readonly #mask: NDArray;
  readonly #batches: readonly number[];
  /** Strides of the two batch dimensions, by array; the mask's come last. */
  readonly #strides: readonly (readonly number[])[];
  readonly #maskStrides: readonly number[];

  /** @param mask - broadcasts to the scores; anything where there is none */
  constructor(lead: Shape, scores: Shape, arrays: readonly NDArray[], mask: NDArray) {
    const whole = mask.view((layout) => expand(layout, [...lead, ...scores]));
    const strided = [...arrays.map(aligned), whole];
    const stridesOf = (list: readonly NDArray[]): number[][] =>
      list.map((array) => stridesIn(array).slice(0, lead.length));
    let merged = collapse(lead, stridesOf(strided));
    let used: NDArray[] = strided;
    if (merged.shape.length > 2) {
      used = strided.map((array) => array.contiguous());
      merged = collapse(lead, stridesOf(used));
    }
    this.#arrays = used.slice(0, -1);
    this.#mask = used.at(-1)!;
    this.#maskStrides = stridesIn(this.#mask).slice(-2);
    const missing = 2 - merged.shape.length;
    this.#batches = [...new Array<number>(missing).fill(1), ...merged.shape];
    this.#strides = merged.strides.map((own) => [...new Array<number>(missing).fill(0), ...own]);
    this.#batchCount = this.#batches[0]! * this.#batches[1]!;
  }

  /** How many groups of lanes there are, and the inner batch size. */
  sizes(rows: number, tile: number): number[] {
    return [this.#batchCount * Math.ceil(rows / tile), this.#batches[1]!];
  }

  places(...indices: readonly number[]): number[] {
    return indices.flatMap((i) => {
      const array = this.#arrays[i]!;
      const row = stridesIn(array).at(-2)!;
      return [array.start, ...this.#strides[i]!, row].map((elements) => elements / 4);
    });
  }

  blocks(...indices: readonly number[]): Block[] {
    return indices.map((i) => this.#arrays[i]!.block);
  }

  /** @param isTurned - whether rows are keys */
  maskPlaces({ mask }: AttentionAttributes, isTurned: boolean): number[] {
    if (mask === "none") return [];
    const matrix = isTurned ? this.#maskStrides.toReversed() : this.#maskStrides;
    return [this.#mask.start, ...this.#strides.at(-1)!, ...matrix];
  }

  maskBlocks({ mask }: AttentionAttributes): Block[] {
    return mask === "none" ? [] : [this.#mask.block];
  }
}

/** Also of an array that is the same everywhere, which need not be in memory. */
function stridesIn(array: NDArray): readonly number[] {
  return array.isUniform ? array.shape.map(() => 0) : array.realize().layout.strides;
}

/** The array itself if its rows are runs that can be read four elements at a time; a copy otherwise. */
function aligned(array: NDArray): NDArray {
  const { strides } = array.realize().layout;
  const fits = strides.at(-1) === 1 && [array.start, ...strides.slice(0, -1)].every((stride) => stride % 4 === 0);
  return fits ? array : array.contiguous();
}
