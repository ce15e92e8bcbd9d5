// What functional derivatives have in common: a function is run on inputs of its own, and gradients are taken from it to them.

import { withGradEnabled } from "../autograd/modes.js";
import { AutogradError, formatShape, ShapeError } from "../core/errors.js";
import { numel, sameShape } from "../core/shape.js";
import { grad } from "./autograd.js";
import { onesLike, zerosLike } from "./create.js";
import type { Tensor } from "./tensor.js";

/** One tensor, or several; results come in the form that arguments went in. */
export type Tensors = Tensor | readonly Tensor[];

/** A function of one tensor, or of several. */
export type Of<Inputs extends Tensors> = Inputs extends Tensor ? (x: Tensor) => Tensors : (...xs: Tensor[]) => Tensors;

/** As many derivatives as there are inputs. */
export type Each<Inputs extends Tensors, T> = Inputs extends Tensor ? T : T[];

export interface DerivativeOptions {
  /** Records the computation, so that the result can be differentiated. Default false. */
  readonly createGraph?: boolean;
  /** Throws where an output does not depend on an input, instead of giving zeros. Default false. */
  readonly strict?: boolean;
}

/** Runs the function on inputs of its own, so that gradients end there. */
export function run<Inputs extends Tensors>(
  op: string,
  fn: Of<Inputs>,
  inputs: Inputs,
  { createGraph = false }: DerivativeOptions,
): { readonly xs: Tensor[]; readonly outputs: Tensors; readonly ys: readonly Tensor[] } {
  const xs = listOf(inputs).map((x) => (createGraph && x.requiresGrad ? x.clone() : x.detach().requiresGrad_()));
  const outputs = withGradEnabled(true, () => (fn as (...xs: Tensor[]) => Tensors)(...xs));
  const ys = listOf(outputs);
  if (!ys.every((y) => typeof y === "object" && y !== null && "requiresGrad" in y))
    throw new AutogradError(op, "the function must return a tensor, or an array of tensors");
  return { xs, outputs, ys };
}

export function gradients(
  op: string,
  ys: readonly Tensor[],
  xs: readonly Tensor[],
  gradOutputs: readonly (Tensor | null)[],
  { createGraph = false, strict = false, retainGraph = createGraph }: DerivativeOptions & { retainGraph?: boolean },
): Tensor[] {
  const pairs = ys.flatMap((y, i) => (y.requiresGrad ? [[y, gradOutputs[i] ?? null] as const] : []));
  const found =
    pairs.length === 0
      ? []
      : grad(
          pairs.map(([y]) => y),
          xs,
          { gradOutputs: pairs.map(([, weight]) => weight), allowUnused: true, createGraph, retainGraph },
        );
  return xs.map((x, i) => {
    if (strict && (found[i] ?? null) === null) throw new AutogradError(op, `the output does not depend on input ${i}`);
    return found[i] ?? zerosLike(x);
  });
}

/** What was given for each tensor, checked; 1 for single elements. */
export function weights(op: string, of: readonly Tensor[], v: Tensors | null | undefined): Tensor[] {
  if (v === undefined || v === null) {
    if (of.length === 1 && of[0]!.numel() === 1) return [onesLike(of[0]!)];
    throw new AutogradError(op, `v is needed for shapes ${of.map(({ shape }) => formatShape(shape)).join(", ")}`);
  }
  const list = listOf(v);
  if (list.length !== of.length)
    throw new AutogradError(op, `v has ${list.length} tensors, and ${of.length} are needed`);
  list.forEach(({ shape }, i) => {
    if (!sameShape(shape, of[i]!.shape)) throw new ShapeError(op, [of[i]!.shape, shape], "v must have the same shape");
  });
  return [...list];
}

export function scalarOf(op: string, outputs: Tensors): Tensor {
  const [y, ...others] = listOf(outputs);
  if (y !== undefined && others.length === 0 && numel(y.shape) === 1) return y.reshape([]);
  const shapes = listOf(outputs).map(({ shape }) => shape);
  throw new ShapeError(op, shapes, "the function must return one tensor with one element");
}

export function settled(outputs: Tensors, { createGraph = false }: DerivativeOptions): Tensors {
  if (createGraph) return outputs;
  return Array.isArray(outputs) ? outputs.map((y: Tensor) => y.detach()) : (outputs as Tensor).detach();
}

export function likeInputs<Inputs extends Tensors, T>(inputs: Inputs, list: T[]): Each<Inputs, T> {
  return (Array.isArray(inputs) ? list : list[0]) as Each<Inputs, T>;
}

function listOf(tensors: Tensors): readonly Tensor[] {
  return Array.isArray(tensors) ? (tensors as readonly Tensor[]) : [tensors as Tensor];
}
