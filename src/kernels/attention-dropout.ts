// Dropout of attention's weights. Which are left out follows from a draw's words and from where a weight is, so kernels find
// it without a matrix in memory, and whoever wants the matrix gets the same.

import type { DType } from "../core/dtype.js";
import type { Generator, RandomWord } from "../core/philox.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { type PointwiseFunction, spell } from "./pointwise/function.js";
import { drawWords, keyOf, keyWgsl } from "./random.js";
import type { Additions } from "./source.js";
import attentionDropoutWgsl from "./wgsl/shared/attention-dropout.js";

export interface AttentionDropout {
  /** Probability of a weight to be left out. */
  readonly p: number;
  /** Of the draw. */
  readonly words: readonly RandomWord[];
}

export function drawDropout(p: number, generator: Generator): AttentionDropout {
  return { p, words: drawWords(generator) };
}

/** What the weights [..., L, S] are multiplied by: 0 with probability p, else 1 / (1 - p). */
export function dropoutFactors(shape: Shape, dtype: DType, { p, words }: AttentionDropout): NDArray {
  if (numel(shape) === 0) return NDArray.constant(0, dtype, shape);
  const sizes = shape.slice(-2).map((size) => NDArray.constant(size, "int32"));
  const rates = [p, scaleOf(p)].map((value) => NDArray.constant(value, "float32"));
  return NDArray.pointwise(factorFunction, dtype, shape, [...keyOf(words), ...sizes, ...rates]);
}

/** What is kept is multiplied by it; 0 where nothing is. */
const scaleOf = (p: number): number => (p < 1 ? 1 / (1 - p) : 0);

const factorFunction: PointwiseFunction = {
  name: "attention_dropout",
  indexed: true,
  scalarOnly: true,
  imports: [attentionDropoutWgsl],
  wgsl: (args, to) => {
    const [, , , , L, S, rate, scale, index] = args;
    const number = `dropout_number(${index}, vec2u(u32(${L}), u32(${S})), ${keyWgsl(args, to)})`;
    return `${spell(to)}(select(0.0, ${scale}, ${number} >= ${rate}))`;
  },
};

/** What a kernel needs for it, in step with `dropoutParams`. */
export const dropoutAdditions: Additions = {
  params: [
    ...["seed_low", "seed_high", "draw_low", "draw_high"].map((name) => ({ name, type: "u32" as const })),
    ...["dropout_rate", "dropout_scale"].map((name) => ({ name, type: "f32" as const })),
  ],
  imports: [attentionDropoutWgsl],
};

export function dropoutParams(dropout: AttentionDropout | undefined): (RandomWord | number)[] {
  return dropout === undefined ? [] : [...dropout.words, dropout.p, scaleOf(dropout.p)];
}

/**
 * The function of a kernel that gives the factors of two rows, an even one and the next, by four columns.
 * @param isByQuery - WGSL that says whether rows are queries; otherwise they are keys
 */
export function factorsFunction(isByQuery: string): string {
  return `fn dropout_factors(g: u32, row: u32, column: u32) -> mat2x4f {
  let seed = vec2u(p.seed_low, p.seed_high);
  let draw = vec2u(p.draw_low, p.draw_high);
  let by_query = ${isByQuery};
  let sizes = select(vec2u(p.columns, p.rows), vec2u(p.rows, p.columns), by_query);
  let at = select(vec2u(column, row), vec2u(row, column), by_query);
  let next = at + select(vec2u(2u, 0u), vec2u(0u, 2u), by_query);
  let a = dropout_numbers(g, at.x, at.y, sizes, seed, draw);
  let b = dropout_numbers(g, next.x, next.y, sizes, seed, draw);
  let even = select(vec4f(a.xz, b.xz), vec4f(a.xy, b.xy), by_query);
  let odd = select(vec4f(a.yw, b.yw), vec4f(a.zw, b.zw), by_query);
  let rate = vec4f(p.dropout_rate);
  let scale = vec4f(p.dropout_scale);
  return mat2x4f(select(vec4f(), scale, even >= rate), select(vec4f(), scale, odd >= rate));
}`;
}

/** Declares what the weights of an even row and the next one are multiplied by. */
export function factorsOfRows(r: number): string {
  return r % 2 === 0 ? `let factors${r / 2} = dropout_factors(w / blocks, row + ${r}, column);\n` : "";
}

export function factorOf(r: number): string {
  return `factors${Math.floor(r / 2)}[${r % 2}]`;
}
