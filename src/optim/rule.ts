// What makes one optimizer differ from another: a kernel that updates parameters side by side, the state it keeps for each
// element, and the numbers it wants for a step.

import { describe } from "../core/check.js";
import { OutOfRangeError } from "../core/errors.js";
import type { WgslFile } from "../kernels/source.js";
import type { Tensor } from "../tensor/tensor.js";

/** Parameters with options of their own; options left out are the optimizer's. */
export type ParamGroup<Options> = { params: Iterable<Tensor> } & Partial<Options>;

/** A group as the optimizer keeps it. Options may be changed at any time, for instance the learning rate. */
export type Group<Options> = { params: readonly Tensor[] } & Options;

/** What a constructor takes: parameters, or groups of them. */
export type Params<Options> = Iterable<Tensor> | Iterable<ParamGroup<Options>>;

/** What a parameter has behind it: steps taken, and the other numbers that some optimizers carry from step to step. */
export type Progress = { readonly step: number } & Readonly<Record<string, number>>;

/** A parameter in the middle of a step. */
interface InStep {
  readonly parameter: Tensor;
  /** Its part of state number `index`, sharing memory. */
  state(index: number): Tensor;
}

/** What groups of parameters may be. */
export interface GroupRule<Options> {
  /** The optimizer's name, for errors. */
  readonly name: string;
  /** @throws OutOfRangeError for options that are out of range */
  check(group: Group<Options>): void;
}

/** An optimizer as plain data. */
export interface Rule<Options> extends GroupRule<Options> {
  /** Its file in wgsl/optimizers, whose Params begin with start, count and stride. */
  readonly kernel: WgslFile;
  /** Names of the state tensors each parameter of a group has, in the order the kernel expects them. */
  state(options: Options): readonly string[];
  /** How many states more the kernel has, after those with names: memory of a step alone. */
  readonly scratch?: number;
  /** The numbers carried from step to step, where there are more than the step: those after it, from those before it. */
  advance?(options: Options, before: Progress): Progress;
  /**
   * Parameters of the kernel for a step, after start, count and stride.
   * @param isNew - whether some of the state is zeros that no step has written yet
   */
  launch(options: Options, after: Progress, before: Progress, phase: 0 | 1, isNew: boolean): readonly number[];
  /** What happens between two phases, each a launch of the kernel; without it there is one. */
  between?(options: Options, parameters: readonly InStep[]): void;
}

/** Options that the object literal lists, all there. */
export type Full<Options> = { -readonly [K in keyof Options]-?: Options[K] };

/** Throws unless the values are 0 or more. */
export function checkNotNegative(op: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(typeof value === "number" && value >= 0))
      throw new OutOfRangeError(op, `${name} must be 0 or more, got ${describe(value)}`);
  }
}

/** Throws unless both rates of decay are in [0, 1). */
export function checkBetas(op: string, betas: readonly number[]): void {
  if (betas.length === 2 && betas.every((beta) => beta >= 0 && beta < 1)) return;
  throw new OutOfRangeError(op, `betas must lie in [0, 1), got ${betas}`);
}
