// Random tensors. Numbers come from a generator's seed and draw count alone (src/core/philox.ts): the same seed gives
// the same uniform numbers on every adapter.

import { checkDType, checkRange, checkShape, checkWhole } from "../core/check.js";
import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError, OutOfRangeError, ShapeError } from "../core/errors.js";
import { checkNames } from "../core/options.js";
import { defaultGenerator, type Generator } from "../core/philox.js";
import type { Shape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import * as random from "../kernels/random.js";
import { TENSOR_OPTIONS, type TensorOptions } from "./fill.js";
import { shapeOf } from "./shape-arguments.js";
import { make, type Tensor } from "./tensor.js";

export interface RandomOptions extends TensorOptions {
  readonly generator?: Generator;
}

const RANDOM_OPTIONS = [...TENSOR_OPTIONS, "generator"] as const;

/** Seeds the default generator: everything random after it repeats. */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}

/** Uniform in [0, 1). */
export function rand(shape: Shape, options?: RandomOptions): Tensor {
  return drawn("rand", random.uniform, shape, options);
}

/** Normal with mean 0 and variance 1. */
export function randn(shape: Shape, options?: RandomOptions): Tensor {
  return drawn("randn", random.normal, shape, options);
}

/** Whole numbers from `low` up to and without `high`, int32. */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(...args: (number | Shape | RandomOptions | undefined)[]): Tensor {
  const bounds = args.filter((arg) => typeof arg === "number");
  const [low, high] = bounds.length === 1 ? [0, bounds[0]!] : (bounds as [number, number]);
  const [shape, options = {}] = args.slice(bounds.length) as [Shape, RandomOptions?];
  if (!(high > low)) throw new OutOfRangeError("randint", `high must be above low, got ${low} and ${high}`);
  checkShape("randint", shape);
  checkNames("randint", options, RANDOM_OPTIONS);
  if (options.dtype !== undefined) checkDType("randint", options.dtype);
  checkRange("randint", [low, high - 1], options.dtype === "uint8" ? "uint8" : "int32");
  const y = wrap(() => random.integers(low, high, shape, options.generator ?? defaultGenerator), "randint");
  return options.dtype === undefined ? y : y.to(options.dtype);
}

/** Uniform in [0, 1), in the shape and dtype of a tensor. */
export function randLike(input: Tensor, options?: RandomOptions): Tensor {
  return drawn("randLike", random.uniform, shapeOf("randLike", input), { dtype: input.dtype, ...options });
}

/** Normal with mean 0 and variance 1, in the shape and dtype of a tensor. */
export function randnLike(input: Tensor, options?: RandomOptions): Tensor {
  return drawn("randnLike", random.normal, shapeOf("randnLike", input), { dtype: input.dtype, ...options });
}

/** Whole numbers from `low` (default 0) up to and without `high`, in the shape and dtype of a tensor. */
export function randintLike(input: Tensor, high: number, options?: RandomOptions): Tensor;
export function randintLike(input: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function randintLike(input: Tensor, ...args: (number | RandomOptions | undefined)[]): Tensor {
  const [low, high] = args.length > 1 && typeof args[1] === "number" ? [args[0], args[1]] : [0, args[0]];
  const options = args.find((arg) => typeof arg === "object") ?? {};
  const shape = shapeOf("randintLike", input);
  return randint(low as number, high as number, shape, { dtype: input.dtype, ...options });
}

/** 0 .. n - 1 in random order, int32. */
export function randperm(n: number, { generator = defaultGenerator }: Pick<RandomOptions, "generator"> = {}): Tensor {
  checkWhole("randperm", { n });
  return wrap(() => random.permutation(n, generator), "randperm");
}

/** 1 with the probability the tensor holds, else 0, for each element. */
export function bernoulli(probabilities: Tensor, { generator }: Pick<RandomOptions, "generator"> = {}): Tensor {
  return rand(probabilities.shape, generator && { generator })
    .lt(probabilities.detach())
    .to(probabilities.dtype);
}

/** @see multinomial */
export interface MultinomialOptions extends Pick<RandomOptions, "generator"> {
  /** Whether an index may be drawn again. Default false, as in PyTorch. */
  readonly replacement?: boolean;
}

/**
 * Indices drawn with the probabilities p / sum(p) of each row, int32: [C] -> [numSamples], [N, C] -> [N, numSamples]. The
 * first to finish in a race of exponentials with rates p: argmax_c p_c / q_c for q = -log(u), and without replacement those
 * who follow (Efraimidis and Spirakis 2006). Whether probabilities are negative or NaN is not looked at.
 *
 * @throws ShapeError unless p has one or two dimensions; OutOfRangeError for more samples than indices without replacement
 */
export function multinomial(probabilities: Tensor, numSamples: number, options: MultinomialOptions = {}): Tensor {
  const shape = shapeOf("multinomial", probabilities);
  checkWhole("multinomial", { numSamples }, 1);
  checkNames("multinomial", options, ["generator", "replacement"]);
  const { replacement = false, generator } = options;
  const C = shape.at(-1) ?? 0;
  if (C === 0 || shape.length > 2) throw new ShapeError("multinomial", [shape], "probabilities are [C] or [N, C]");
  if (!isFloatingPoint(probabilities.dtype))
    throw new DTypeError("multinomial", `probabilities are ${probabilities.dtype} and must be floats: to("float32")`);
  if (!replacement && numSamples > C) {
    const fix = "draw fewer, or with { replacement: true }";
    throw new OutOfRangeError("multinomial", `${numSamples} samples of ${C} without replacement: ${fix}`);
  }
  // Of u in [0, 1), 2^-24 apart, so that no time is 0, and unlikely indices are too seldom rather than too often first.
  const race = (rates: Tensor): Tensor =>
    rates.div(
      rand(rates.shape, generator && { generator })
        .log()
        .neg(),
    );
  const rates = probabilities.detach().to("float32");
  if (!replacement && numSamples > 1) return race(rates).topk(numSamples).indices;
  return race(rates.unsqueeze(-2).expand([...shape.slice(0, -1), numSamples, C])).argmax(-1);
}

function drawn(op: string, draw: typeof random.uniform, shape: Shape, options: RandomOptions = {}): Tensor {
  checkShape(op, shape, options);
  checkNames(op, options, RANDOM_OPTIONS);
  const { dtype = "float32", generator = defaultGenerator, requiresGrad = false } = options;
  checkDType(op, dtype);
  if (!isFloatingPoint(dtype)) {
    throw new DTypeError(op, `draws floats, and the dtype is ${dtype}: use randint(), or { dtype: "float32" }`);
  }
  return wrap(() => draw(shape, dtype, generator), op).requiresGrad_(requiresGrad);
}

function wrap(build: () => NDArray, name: string): Tensor {
  return make(inFrame(build), undefined, name);
}
