// Scaled dot-product attention and its gradients, without the matrix of weights in memory.

import { type DType, dtypes } from "../core/dtype.js";
import { collapse, contiguous, expand, permute } from "../core/layout.js";
import { numel, type Shape } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import type { KernelSource } from "../runtime/kernel.js";
import { NDArray } from "./array.js";
import { ALONE, AttentionText, type AttentionTextOptions } from "./attention-text.js";
import { attentionFamily } from "./attention-variants.js";
import { functions } from "./pointwise/common.js";
import { reduce } from "./reduce.js";
import { kernelSource } from "./source.js";
import { chooseVariant } from "./variants/choice.js";
import attentionWgsl from "./wgsl/attention.js";
import gradientWgsl from "./wgsl/attention-gradient.js";

export interface AttentionAttributes {
  /** What scores are multiplied by. */
  readonly scale: number;
  /** Position l attends to positions 0 to l alone. */
  readonly isCausal: boolean;
  /** What the operand `mask` says: nothing, who may attend, or what is added to the scores. */
  readonly mask: "none" | "bool" | "float";
}

export interface AttentionOperands {
  readonly query: NDArray; // [..., L, E]
  readonly key: NDArray; // [..., S, E]
  readonly value: NDArray; // [..., S, V]
  readonly mask: NDArray; // broadcasts to [..., L, S]
}

/** The largest V: a lane holds results in registers. */
export const MAX_VALUE_SIZE = 128;

/**
 * softmax(scale query key^T + mask) value, for sizes E and V that are multiples of 4.
 * @returns the output [..., L, V], in the order of query's memory, and statistics for the gradients, [2, ..., L]
 */
export function attention(
  { query, key, value, mask }: AttentionOperands,
  attributes: AttentionAttributes,
): { output: NDArray; stats: NDArray } {
  const { device, dtype } = query;
  const lead = query.shape.slice(0, -2);
  const [L, S, V] = [query.shape.at(-2)!, key.shape.at(-2)!, value.shape.at(-1)!];
  const output = emptyLike(query, [...lead, L, V]);
  const stats = NDArray.empty("float32", [2, ...lead, L], device);
  const walk = new Walk(lead, [L, S], [query, key, value, output], mask);
  const plan = planOf(device, dtype, V, attributes, walk.batchCount * L, "attention", forwardSource);
  const params = [
    ...walk.sizes(L, plan.constants.rows),
    ...[L, S, query.shape.at(-1)! / 4, V / 4, Number(attributes.isCausal), attributes.scale, Number.NEGATIVE_INFINITY],
    ...walk.places(0, 1, 2, 3),
    ...walk.maskPlaces(attributes, false),
  ];
  const blocks = [...walk.blocks(0, 1, 2, 3), stats.block, ...walk.maskBlocks(attributes)];
  device.launch(plan.kernel, params, blocks, plan.workgroups(params[0]!));
  return { output, stats };
}

/** Gradients of `attention` for query, key and value, from that of its output. */
export function attentionGradients(
  { query, key, value, mask }: AttentionOperands,
  output: NDArray,
  stats: NDArray,
  dy: NDArray,
  attributes: AttentionAttributes,
): [dq: NDArray, dk: NDArray, dv: NDArray] {
  const { device, dtype, shape } = query;
  const lead = shape.slice(0, -2);
  const [L, E] = shape.slice(-2) as [number, number];
  const [S, V] = value.shape.slice(-2) as [number, number];
  const gradients = [emptyLike(query, shape), emptyLike(key, key.shape), emptyLike(value, value.shape)] as const;
  // delta = sum_v dy y, beside log_sum
  const product = NDArray.pointwise(functions.mul, dtype, output.shape, [dy, output]);
  const delta = reduce("sum", product, [output.shape.length - 1], { shape: [...lead, L], dtype: "float32" });
  const { storage } = stats.realize();
  delta.computeInto({ kind: "realized", storage, layout: contiguous([...lead, L], numel(stats.shape) / 2) });

  const walk = new Walk(lead, [L, S], [query, key, value, dy, ...gradients], mask);
  const [q, k, v, d] = [0, 1, 2, 3];
  const launch = (places: readonly number[], width: number, isByQuery: boolean, hasDots: boolean): void => {
    const [rows, columns] = isByQuery ? [L, S] : [S, L];
    const plan = planOf(device, dtype, width, attributes, walk.batchCount * rows, "attention-gradient", gradientSource);
    const reach = attributes.isCausal ? (isByQuery ? 1 : 2) : 0;
    const params = [
      ...walk.sizes(rows, plan.constants.rows),
      ...[rows, columns, E / 4, V / 4, width / 4, reach, attributes.scale, Number.NEGATIVE_INFINITY],
      ...[Number(hasDots), Number(isByQuery), L, numel(stats.shape) / 2],
      ...walk.places(...places),
      ...walk.maskPlaces(attributes, !isByQuery),
    ];
    const [a, b, c, dd, m, y] = walk.blocks(...places) as [Block, Block, Block, Block, Block, Block];
    const blocks = [a, b, c, dd, m, stats.block, y, ...walk.maskBlocks(attributes)];
    device.launch(plan.kernel, params, blocks, plan.workgroups(params[0]!));
  };
  launch([k, q, v, d, d, 6], V, false, false);
  launch([k, q, v, d, q, 5], E, false, true);
  launch([q, k, d, v, k, 4], E, true, true);
  return [...gradients];
}

type Block = NDArray["block"];

/** New memory for `shape`, whose dimensions lie in the order of those of `like`, the last one innermost. */
function emptyLike(like: NDArray, shape: Shape): NDArray {
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
class Walk {
  readonly batchCount: number;
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
    this.batchCount = this.#batches[0]! * this.#batches[1]!;
  }

  /** How many groups of lanes there are, and the inner batch size. */
  sizes(rows: number, tile: number): number[] {
    return [this.batchCount * Math.ceil(rows / tile), this.#batches[1]!];
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

function planOf(
  device: Device,
  dtype: DType,
  size: number,
  { mask }: AttentionAttributes,
  rows: number,
  name: string,
  sourceOf: (text: AttentionText, options: AttentionTextOptions, dtype: DType) => KernelSource,
) {
  const { constants } = chooseVariant(device, attentionFamily, rows < 64 ? "small" : "large");
  const { lanes } = constants;
  const options = { ...constants, width: Math.ceil(size / 4 / lanes), mask };
  const variant = `${dtype} ${lanes} ${constants.rows} ${options.width} ${mask}`;
  const kernel = device.kernel(`${name} ${variant}`, () => sourceOf(new AttentionText(options), options, dtype));
  return {
    constants,
    kernel,
    workgroups: (groups: number) => (lanes === 1 ? Math.ceil(groups / ALONE) : groups),
  };
}

function maskAdditions({ mask }: AttentionTextOptions, dtype: DType) {
  if (mask === "none") return {};
  const params = ["offset", "batch", "head", "row", "column"].map((name) => ({
    name: `mask_${name}`,
    type: "u32" as const,
  }));
  const type = `array<${mask === "bool" ? "u32" : dtypes[dtype].stored}>`;
  return { params, buffers: [{ name: "mask", access: "read" as const, type }] };
}

function forwardSource(text: AttentionText, options: AttentionTextOptions, dtype: DType): KernelSource {
  const [a, b] = [
    { binding: "q", name: "a" },
    { binding: "k", name: "b" },
  ];
  return kernelSource(attentionWgsl, {
    types: { S: dtypes[dtype].stored },
    slots: {
      functions: text.functions("v"),
      place: text.place(),
      declarations: `${text.declarations()}\n${text.statistics()}`,
      scores: text.dots("t", a, b, "p.E"),
      weights: text.weights(),
      products: text.products(),
      sums: text.sums(),
      store: text.store(true),
    },
    additions: maskAdditions(options, dtype),
  });
}

function gradientSource(text: AttentionText, options: AttentionTextOptions, dtype: DType): KernelSource {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => ({ binding: name, name })) as [Named, Named, Named, Named];
  return kernelSource(gradientWgsl, {
    types: { S: dtypes[dtype].stored },
    slots: {
      functions: text.functions("m"),
      place: text.place(),
      declarations: text.declarations(),
      scores: text.dots("t", a, b, "p.E"),
      dots: text.dots("u", c, d, "select(0u, p.C, p.has_dots != 0)"),
      weights: text.gradients(),
      products: text.products(),
      store: text.store(false),
    },
    additions: maskAdditions(options, dtype),
  });
}

interface Named {
  readonly binding: string;
  readonly name: string;
}
