// Arrays of random numbers. They are recipes like other pointwise arrays: a dropout mask takes no memory, and whoever
// computes it again gets the same numbers.

import type { DType } from "../core/dtype.js";
import type { Generator, RandomWord } from "../core/philox.js";
import type { Shape } from "../core/shape.js";
import { currentDevice } from "../runtime/current.js";
import { NDArray } from "./array.js";
import { type PointwiseFunction, spell, type ValueType } from "./pointwise/function.js";
import random from "./wgsl/shared/random.js";

/** Uniform in [0, 1): multiples of 2^-24. */
export function uniform(shape: Shape, dtype: DType, generator: Generator): NDArray {
  return NDArray.pointwise(uniformFunction, dtype, shape, key(generator));
}

/** Normal with mean 0 and variance 1. */
export function normal(shape: Shape, dtype: DType, generator: Generator): NDArray {
  return NDArray.pointwise(normalFunction, dtype, shape, key(generator));
}

/** Whole numbers from `low` up to and without `high`, int32. */
export function integers(low: number, high: number, shape: Shape, generator: Generator): NDArray {
  const bounds = [NDArray.constant(low, "int32"), NDArray.constant((high - low) | 0, "int32")];
  return NDArray.pointwise(integersFunction, "int32", shape, [...key(generator), ...bounds]);
}

/** 0 .. n - 1 in random order, int32. */
export function permutation(n: number, generator: Generator): NDArray {
  return NDArray.pointwise(permutationFunction, "int32", [n], [...key(generator), NDArray.constant(n, "int32")]);
}

function key(generator: Generator): NDArray[] {
  return keyOf(drawWords(generator));
}

/** The words of the next draw: seed and number of the draw, low and high. */
export function drawWords(generator: Generator): RandomWord[] {
  const number = generator.state.draws;
  const { seed, draw } = generator.draw();
  return [...seed, ...draw].map((value, part) => {
    return { generator, draw: number, part: part as RandomWord["part"], value };
  });
}

/** The words of a draw as operands of a pointwise function: data, so that no seed compiles anything. */
export function keyOf(words: readonly RandomWord[]): NDArray[] {
  return words.map((random) => {
    const value = random.value | 0;
    return new NDArray(currentDevice(), "int32", [], { kind: "constant", value, isFrozen: true, random });
  });
}

const word = (name: string, { width }: ValueType): string => `bitcast<u32>(${name}${width === 4 ? ".x" : ""})`;

/** The words in WGSL, as two pairs. */
export function keyWgsl([s0, s1, d0, d1]: readonly string[], type: ValueType): string {
  return `vec2u(${word(s0!, type)}, ${word(s1!, type)}), vec2u(${word(d0!, type)}, ${word(d1!, type)})`;
}

/** A function of wgsl/shared/random.wgsl that yields four elements for a block. */
function distribution(name: string): PointwiseFunction {
  const four = (args: readonly string[], to: ValueType): string => `${name}(${args.at(-1)} / 4u, ${keyWgsl(args, to)})`;
  return {
    name,
    indexed: true,
    scalarOnly: true,
    imports: [random],
    wgsl: (args, to) => `${spell(to)}(${four(args, to)}[${args.at(-1)} % 4u])`,
    wgslOfFour: (args, to) => `${spell(to)}(${four(args, to)})`,
  };
}

const uniformFunction = distribution("random_uniform");
const normalFunction = distribution("random_normal");

const integersFunction: PointwiseFunction = {
  name: "random_integers",
  indexed: true,
  scalarOnly: true,
  imports: [random],
  wgsl: (args, to) => {
    const [, , , , low, range, index] = args as [string, string, string, string, string, string, string];
    const words = `random_words(${index} / 4u, ${keyWgsl(args, to)})[${index} % 4u]`;
    return `${low} + i32(random_below(${words}, ${index}, ${keyWgsl(args, to)}, bitcast<u32>(${range})))`;
  },
};

const permutationFunction: PointwiseFunction = {
  name: "random_permutation",
  indexed: true,
  scalarOnly: true,
  imports: [random],
  wgsl: (args, to) => `i32(random_permutation(${args[5]}, u32(${args[4]}), ${keyWgsl(args, to)}))`,
};
