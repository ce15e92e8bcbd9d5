// Philox4x32-10 on the host: the same words as wgsl/shared/philox.wgsl, for shuffling and sampling in JavaScript.

import { OutOfRangeError } from "./errors.js";

/** The upper 32 bits of a * b. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const mid = Math.imul(ah, bl) + ((Math.imul(al, bl) >>> 0) >>> 16);
  const mid2 = Math.imul(al, bh) + (mid & 0xffff);
  return (Math.imul(ah, bh) + (mid >>> 16) + (mid2 >>> 16)) >>> 0;
}

/** Four random 32-bit words for a counter and a key. */
export function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): number[] {
  let [x, y, z, w] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    [x, y, z, w] = [
      (mulHigh(0xcd9e8d57, z) ^ y ^ k0) >>> 0,
      Math.imul(0xcd9e8d57, z) >>> 0,
      (mulHigh(0xd2511f53, x) ^ w ^ k1) >>> 0,
      Math.imul(0xd2511f53, x) >>> 0,
    ];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [x, y, z, w];
}

/** A generator's seed, and how many draws were made from it. */
export interface GeneratorState {
  readonly seed: number;
  readonly draws: number;
}

/** One of the four words that a draw's numbers come from: seed and number of the draw, low and high. */
export interface RandomWord {
  readonly generator: Generator;
  /** Number of the draw. */
  readonly draw: number;
  readonly part: 0 | 1 | 2 | 3;
  readonly value: number;
}

/** The word of another draw, or of another seed. */
export function wordOf({ seed }: GeneratorState, draw: number, part: 0 | 1 | 2 | 3): number {
  return words(part < 2 ? seed : draw)[part % 2]!;
}

/** The states in which generators were before their first draw, where somebody wants to know. */
let drawn: Map<Generator, GeneratorState> | undefined;

/** Runs `body`; returns its result, and the states that generators it draws from were in before. */
export function observingDraws<R>(body: () => R): readonly [result: R, before: ReadonlyMap<Generator, GeneratorState>] {
  const outer = drawn;
  const own = new Map<Generator, GeneratorState>();
  drawn = own;
  try {
    return [body(), own];
  } finally {
    drawn = outer;
    for (const [generator, state] of own) if (outer !== undefined && !outer.has(generator)) outer.set(generator, state);
  }
}

/** Runs `body` with generators in given states, and puts them back into those they were in. */
export function repeatingDraws<R>(states: ReadonlyMap<Generator, GeneratorState>, body: () => R): R {
  const now = new Map([...states.keys()].map((generator) => [generator, generator.state]));
  for (const [generator, state] of states) generator.state = state;
  try {
    return body();
  } finally {
    for (const [generator, state] of now) generator.state = state;
  }
}

/**
 * A source of random numbers: a seed, and how many draws were made from it. Each random operation is one draw, so the
 * two numbers are its whole state.
 */
export class Generator {
  #seed = 0;
  #draws = 0;

  constructor(seed = 0) {
    this.manualSeed(seed);
  }

  /** Starts over with another seed, a whole number from 0 to 2^53. */
  manualSeed(seed: number): this {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new OutOfRangeError("manualSeed", `seed must be a whole number from 0 to 2^53, got ${seed}`);
    this.#seed = seed;
    this.#draws = 0;
    return this;
  }

  get state(): GeneratorState {
    return { seed: this.#seed, draws: this.#draws };
  }

  set state({ seed, draws }: GeneratorState) {
    this.#seed = seed;
    this.#draws = draws;
  }

  /** The key and counter words of the next draw. */
  draw(): { readonly seed: readonly [number, number]; readonly draw: readonly [number, number] } {
    if (drawn !== undefined && !drawn.has(this)) drawn.set(this, this.state);
    const number = this.#draws++;
    return { seed: words(this.#seed), draw: words(number) };
  }

  /** A function that returns one random 32-bit word after another, all of one draw. */
  words(): () => number {
    const { seed, draw } = this.draw();
    let block = 0;
    let buffer: number[] = [];
    return () => {
      if (buffer.length === 0) buffer = philox([block++, ...draw, 0], seed).reverse();
      return buffer.pop()!;
    };
  }
}

/** The generator that random functions use when they are given none. */
export const defaultGenerator = /* @__PURE__ */ new Generator();

/** @internal A whole number as two words of 32 bits. */
export function words(n: number): [low: number, high: number] {
  return [n >>> 0, Math.floor(n / 2 ** 32)];
}

/** A whole number below `range`, without bias, from a source of 32-bit words. */
export function below(next: () => number, range: number): number {
  const leftover = 2 ** 32 % range;
  for (;;) {
    const word = next();
    if (word >= leftover) return word % range;
  }
}

/** 0 .. n - 1 in random order (Fisher and Yates), from a source of 32-bit words. */
export function shuffled(n: number, next: () => number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = below(next, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
