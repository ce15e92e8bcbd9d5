// The functional side of autograd: gradients as return values, operations with a derivative of one's own.

import { isGradEnabled, withGradEnabled } from "../autograd/modes.js";
import { Node } from "../autograd/node.js";
import type { Op } from "../autograd/op.js";
import { assertHistory, shareMemory } from "../autograd/sharing.js";
import { BACKWARD_OPTIONS, type BackwardOptions, playBack } from "../autograd/tape.js";
import { Variable } from "../autograd/variable.js";
import { isFloatingPoint } from "../core/dtype.js";
import { AutogradError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { factory, make, seed, type Tensor } from "./tensor.js";

export interface GradOptions extends BackwardOptions {
  /** dL/d(output), one per output; null where the output has one element and 1 is meant. */
  readonly gradOutputs?: Tensor | readonly (Tensor | null)[];
  /** Returns null for inputs that the outputs do not depend on, instead of throwing. */
  readonly allowUnused?: boolean;
}

/** d(sum of outputs)/d(input) for each input, without touching anybody's `.grad`. */
export function grad(
  outputs: OneOrMore<Tensor>,
  inputs: OneOrMore<Tensor>,
  options: GradOptions & { readonly allowUnused: true },
): (Tensor | null)[];
export function grad(outputs: OneOrMore<Tensor>, inputs: OneOrMore<Tensor>, options?: GradOptions): Tensor[];
export function grad(outputs: OneOrMore<Tensor>, inputs: OneOrMore<Tensor>, given?: GradOptions): (Tensor | null)[] {
  const names = ["gradOutputs", "allowUnused", ...BACKWARD_OPTIONS] as const;
  const { gradOutputs = [], allowUnused = false, ...options } = checkOptions<GradOptions>("grad", given, names);
  const seeds = listOf<Tensor | null>(gradOutputs);
  const roots = listOf(outputs).map((output, i) => ({
    variable: variableOf("output", output),
    grad: seed(output, seeds[i]),
  }));
  const wanted = listOf(inputs).map((input) => variableOf("input", input));
  const grads = playBack(roots, wanted, options, factory);
  return wanted.map((variable, i) => {
    const found = grads.get(variable);
    if (found === undefined && !allowUnused) {
      throw new AutogradError(
        "grad",
        `the outputs do not depend on input ${i}; pass { allowUnused: true } to get null for it`,
      );
    }
    return found ?? null;
  });
}

type OneOrMore<T> = T | readonly T[];

function listOf<T>(value: OneOrMore<T>): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function variableOf(role: string, tensor: Tensor): Variable {
  assertHistory("grad", tensor);
  const { variable } = tensor;
  if (variable === undefined) throw new AutogradError("grad", `an ${role} does not require grad`);
  return variable;
}

/** What a Function's forward leaves for its backward. */
export class FunctionContext {
  /** Anything that is not a tensor. */
  [key: string]: unknown;
  /** @internal */
  saved: readonly Tensor[] = [];
  /** Which inputs want a gradient. */
  needsInputGrad: readonly boolean[] = [];

  /** Keeps tensors for backward, with the check that nobody changes them in place meanwhile. */
  saveForBackward(...tensors: Tensor[]): void {
    this.saved = tensors;
  }

  get savedTensors(): readonly Tensor[] {
    return this.saved;
  }
}

/**
 * An operation with a derivative of one's own, as PyTorch's torch.autograd.Function:
 *
 *     class Exp extends autograd.Function {
 *       static override forward(ctx: autograd.FunctionContext, x: Tensor) {
 *         const y = x.exp();
 *         ctx.saveForBackward(y);
 *         return y;
 *       }
 *       static override backward(ctx: autograd.FunctionContext, dy: Tensor) {
 *         return [dy.mul(ctx.savedTensors[0]!)];
 *       }
 *     }
 *     const y = Exp.apply(x);
 *
 * forward is not recorded; backward is, under createGraph, so it can be differentiated again. forward may return several
 * tensors, in an array; backward then gets a gradient of each.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's form
// biome-ignore lint/suspicious/noShadowRestrictedNames: PyTorch's name, and nothing here needs the global one
export class Function {
  static forward(_ctx: FunctionContext, ..._inputs: never[]): OneOrMore<Tensor> {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    throw new AutogradError(this.name, "define `static override forward(ctx, ...inputs)`");
  }

  /** One gradient per input of forward, null where there is none; for a single input without an array if you like. */
  static backward(_ctx: FunctionContext, ..._dys: Tensor[]): OneOrMore<Tensor | null> {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    throw new AutogradError(this.name, "define `static override backward(ctx, dy)`");
  }

  /** What forward returns, on the tape. */
  static apply<F extends typeof Function>(this: F, ...inputs: InputsOf<F>): ReturnType<F["forward"]> {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    return applyFunction(this, inputs) as ReturnType<F["forward"]>; // one tensor or as many as forward returned
  }
}

type InputsOf<F> = F extends { forward(ctx: FunctionContext, ...inputs: infer Inputs): unknown } ? Inputs : never;

function applyFunction(fn: typeof Function, inputs: readonly unknown[]): OneOrMore<Tensor> {
  const ctx = new FunctionContext();
  if (isGradEnabled()) for (const input of inputs) if (isTensor(input)) assertHistory(fn.name, input);
  const variables = inputs.map((input) => (isTensor(input) ? input.variable : undefined));
  ctx.needsInputGrad = variables.map((variable) => variable !== undefined);
  const returned = withGradEnabled(false, () => fn.forward(ctx, ...(inputs as never[])));
  const outputs = listOf(returned);
  if (!outputs.every(isTensor))
    throw new AutogradError(fn.name, "forward must return a tensor, or an array of tensors");
  if (!isGradEnabled() || !variables.some((variable) => variable !== undefined)) return returned;

  const outputMetas = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
  const names = ctx.saved.map((_, i) => `tensor ${i}`);
  const op: Op = {
    name: fn.name,
    inputs: undefined,
    outputs: [],
    promotion: undefined,
    unpromoted: [],
    shape: () => outputMetas,
    forward: () => ({ outputs: [] }), // never called: that was done above
    saves: () => names,
    backward: (dys, { saved, inputs: metas }) => {
      ctx.saved = names.map((name) => saved[name]!);
      const grads = listOf(fn.backward(ctx, ...dys));
      if (grads.length !== metas.length) {
        throw new AutogradError(fn.name, `backward returned ${grads.length} gradients for ${metas.length} inputs`);
      }
      if (!grads.every((dx) => dx === null || isTensor(dx))) {
        throw new AutogradError(fn.name, "backward must return a tensor, or null, for each input");
      }
      return grads.map((dx) => dx ?? undefined);
    },
  };
  const metas = inputs.map((input) => (isTensor(input) ? input : { shape: [], dtype: "float32" as const }));
  const node = new Node(op, undefined, variables, metas, outputMetas, []);
  const places = outputs.map(({ dtype }, i) => (isFloatingPoint(dtype) ? new Variable(node, i) : undefined));
  ctx.saved.forEach((tensor, i) => {
    const { array } = tensor;
    const output = outputs.indexOf(tensor);
    const variable = output >= 0 ? places[output] : tensor.variable;
    node.save({ name: names[i]!, array, version: array.version, variable });
  });
  ctx.saved = [];
  const results = outputs.map((output, i) => {
    const result = make(output.array.retain(), places[i], fn.name);
    if (inputs.includes(output) || (output.share !== undefined && output.share.kind !== "base"))
      shareMemory(result, output, "function");
    return result;
  });
  return Array.isArray(returned) ? results : results[0]!;
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "variable" in value && "array" in value;
}
