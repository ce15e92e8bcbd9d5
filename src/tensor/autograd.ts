// The functional side of autograd: gradients as return values, operations with a derivative of one's own.

import { isGradEnabled, withGradEnabled } from "../autograd/modes.js";
import { Node, type Saved } from "../autograd/node.js";
import type { Op } from "../autograd/op.js";
import { type BackwardOptions, playBack } from "../autograd/tape.js";
import { Variable } from "../autograd/variable.js";
import { AutogradError } from "../core/errors.js";
import { factory, make, seed, type Tensor } from "./tensor.js";

export interface GradOptions extends BackwardOptions {
  /** dL/d(output), one per output; null where the output has one element and 1 is meant. */
  readonly gradOutputs?: readonly (Tensor | null)[];
  /** Returns null for inputs that the outputs do not depend on, instead of throwing. */
  readonly allowUnused?: boolean;
}

/** d(sum of outputs)/d(input) for each input, without touching anybody's `.grad`. */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions & { readonly allowUnused: true },
): (Tensor | null)[];
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  { gradOutputs = [], allowUnused = false, ...options }: GradOptions = {},
): (Tensor | null)[] {
  const list = "shape" in outputs ? [outputs] : outputs;
  const roots = list.map((output, i) => ({
    variable: variableOf("output", output),
    grad: seed(output, gradOutputs[i]),
  }));
  const wanted = inputs.map((input) => variableOf("input", input));
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

function variableOf(role: string, { variable }: Tensor): Variable {
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
 * forward is not recorded; backward is, under createGraph, so it can be differentiated again.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's form
// biome-ignore lint/suspicious/noShadowRestrictedNames: PyTorch's name, and nothing here needs the global one
export class Function {
  static forward(_ctx: FunctionContext, ..._inputs: never[]): Tensor {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    throw new AutogradError(this.name, "define `static override forward(ctx, ...inputs)`");
  }

  /** One gradient per input of forward; null where there is none. */
  static backward(_ctx: FunctionContext, _dy: Tensor): readonly (Tensor | null)[] {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    throw new AutogradError(this.name, "define `static override backward(ctx, dy)`");
  }

  static apply<F extends typeof Function>(this: F, ...inputs: InputsOf<F>): Tensor {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    return applyFunction(this, inputs as readonly unknown[] as readonly (Tensor | unknown)[]);
  }
}

type InputsOf<F> = F extends { forward(ctx: FunctionContext, ...inputs: infer Inputs): Tensor } ? Inputs : never;

function applyFunction(fn: typeof Function, inputs: readonly unknown[]): Tensor {
  const ctx = new FunctionContext();
  const variables = inputs.map((input) => (isTensor(input) ? input.variable : undefined));
  ctx.needsInputGrad = variables.map((variable) => variable !== undefined);
  const output = withGradEnabled(false, () => fn.forward(ctx, ...(inputs as never[])));
  if (!isGradEnabled() || !variables.some((variable) => variable !== undefined)) return output;

  const names = ctx.saved.map((_, i) => `tensor ${i}`);
  const op: Op = {
    name: fn.name,
    inputs: undefined,
    promotion: undefined,
    unpromoted: [],
    shape: () => [output],
    forward: () => ({ outputs: [output.array] }),
    saves: () => names,
    backward: ([dy], { saved, inputs: metas }) => {
      ctx.saved = names.map((name) => saved[name]!);
      const grads = fn.backward(ctx, dy!);
      if (grads.length !== metas.length) {
        throw new AutogradError(fn.name, `backward returned ${grads.length} gradients for ${metas.length} inputs`);
      }
      return grads.map((dx) => dx ?? undefined);
    },
  };
  const metas = inputs.map((input) => (isTensor(input) ? input : { shape: [], dtype: "float32" as const }));
  const node = new Node(op, undefined, variables, metas, [output], []);
  const variable = new Variable(node);
  ctx.saved.forEach((tensor, i) => {
    const isOutput = tensor === output;
    const saved: Saved = {
      name: names[i]!,
      array: tensor.array,
      version: tensor.array.version,
      variable: isOutput ? variable : tensor.variable,
    };
    node.save(saved);
  });
  ctx.saved = [];
  return make(output.array.retain(), variable, fn.name);
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "variable" in value && "array" in value;
}
