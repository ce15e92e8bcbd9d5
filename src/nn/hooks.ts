// Hooks of modules: what runs before and after forward, and when gradients have passed through the module.

import { isGradEnabled } from "../autograd/modes.js";
import { keep } from "../autograd/scope.js";
import { TapegradError } from "../core/errors.js";
import * as autograd from "../tensor/autograd.js";
import { Tensor } from "../tensor/tensor.js";
import type { Module } from "./module.js";

/** Called with forward's arguments; what it returns replaces them: an array of all, or the only one. */
export type ForwardPreHook = (module: Module, inputs: readonly unknown[]) => unknown;

/** Called with forward's arguments and result; what it returns replaces the result. */
export type ForwardHook = (module: Module, inputs: readonly unknown[], output: unknown) => unknown;

/** dL/d of each tensor among the arguments or results; null for arguments that do not require grad. */
export type Gradients = readonly (Tensor | null)[];

/** Called when dL/d(arguments) is known; what it returns replaces that. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that is declared to return nothing is one too
export type FullBackwardHook = (module: Module, gradInput: Gradients, gradOutput: Gradients) => Gradients | void;

interface Kinds {
  readonly pre: ForwardPreHook;
  readonly forward: ForwardHook;
  readonly backward: FullBackwardHook;
}

/** A module's hooks. As long as there are any, they stand before its forward. */
export class ModuleHooks {
  readonly #hooks: { readonly [K in keyof Kinds]: Kinds[K][] } = { pre: [], forward: [], backward: [] };
  #restore: (() => void) | undefined;

  constructor(readonly module: Module) {}

  add<K extends keyof Kinds>(kind: K, hook: Kinds[K]): { remove(): void } {
    if (typeof hook !== "function")
      throw new TapegradError("registerHook", `a hook is a function, got ${String(hook)}`);
    this.#restore ??= standBefore(this.module, (forward, inputs) => this.#call(forward, inputs));
    const hooks: unknown[] = this.#hooks[kind];
    const entry = ((...args: never[]) => (hook as (...args: never[]) => unknown)(...args)) as unknown;
    hooks.push(entry); // one that is registered twice is two
    return {
      remove: () => {
        if (hooks.includes(entry)) hooks.splice(hooks.indexOf(entry), 1);
        if (Object.values(this.#hooks).some(({ length }) => length > 0)) return;
        this.#restore?.();
        this.#restore = undefined;
      },
    };
  }

  #call(forward: Forward, inputs: readonly unknown[]): unknown {
    const { pre, forward: after, backward } = this.#hooks;
    let given = inputs;
    for (const hook of [...pre]) {
      const replaced = hook(this.module, given);
      if (replaced !== undefined) given = Array.isArray(replaced) ? replaced : [replaced];
    }
    const passage = backward.length > 0 && isGradEnabled() ? new Passage(this.module, [...backward]) : undefined;
    if (passage !== undefined) given = passage.enter(given);
    const finish = (output: unknown): unknown => {
      const final = [...after].reduce((current, hook) => hook(this.module, given, current) ?? current, output);
      return passage === undefined ? final : passage.leave(final);
    };
    const output = forward.apply(this.module, given as never[]);
    return output instanceof Promise ? output.then(finish) : finish(output);
  }
}

type Forward = Module["forward"];

/** Puts a function before the module's forward; returns what takes it away again. */
function standBefore(module: Module, call: (forward: Forward, inputs: readonly unknown[]) => unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(module, "forward");
  const { forward } = module;
  Object.defineProperty(module, "forward", {
    value: (...inputs: unknown[]) => call(forward, inputs),
    configurable: true,
    writable: true,
    enumerable: false, // fields are searched for parameters
  });
  return () => {
    if (own !== undefined) Object.defineProperty(module, "forward", own);
    else Reflect.deleteProperty(module, "forward");
  };
}

/** One call of a module whose gradients somebody wants to see: what goes in and what comes out passes through here. */
class Passage {
  #gradOutput: Gradients = [];
  #inputs: readonly Tensor[] = [];

  constructor(
    readonly module: Module,
    readonly hooks: readonly FullBackwardHook[],
  ) {}

  enter(inputs: readonly unknown[]): readonly unknown[] {
    this.#inputs = inputs.filter((input) => input instanceof Tensor);
    if (!this.#isWatched) return inputs;
    const wants = this.#inputs.map(({ requiresGrad }) => requiresGrad);
    const passed = through(this.#inputs, (dys) => this.#run(dys.map((dy, i) => (wants[i] ? dy : null))));
    let next = 0;
    return inputs.map((input) => (input instanceof Tensor ? passed[next++] : input));
  }

  leave(output: unknown): unknown {
    const tensors = output instanceof Tensor ? [output] : Array.isArray(output) ? output : [];
    if (tensors.length === 0 || !tensors.every((tensor) => tensor instanceof Tensor)) return output;
    const passed = through(tensors, (dys) => {
      this.#gradOutput = dys;
      if (!this.#isWatched) this.#run(this.#inputs.map(() => null)); // no gradient goes further
      return dys;
    });
    return output instanceof Tensor ? passed[0] : passed;
  }

  /** Whether a gradient will come back to an argument. */
  get #isWatched(): boolean {
    return this.#inputs.some(({ requiresGrad }) => requiresGrad);
  }

  #run(gradInput: Gradients): Gradients {
    return this.hooks.reduce((current, hook) => {
      const replaced = hook(this.module, current, this.#gradOutput) ?? current;
      if (replaced.length === gradInput.length) return replaced;
      const problem = `the hook returned ${replaced.length} gradients for ${gradInput.length} arguments`;
      throw new TapegradError("registerFullBackwardHook", problem);
    }, gradInput);
  }
}

/** The same tensors, whose gradients pass through `watch`. */
function through(tensors: readonly Tensor[], watch: (dys: readonly Tensor[]) => Gradients): Tensor[] {
  class ModuleHook extends autograd.Function {
    static override forward(_: autograd.FunctionContext, ...inputs: Tensor[]): Tensor[] {
      return inputs;
    }
    static override backward(_: autograd.FunctionContext, ...dys: Tensor[]): Gradients {
      for (const dy of dys) {
        keep(dy); // user code may do so, past the end of the backward pass,
        dy.array.realize(); // or change it in place
      }
      return watch(dys);
    }
  }
  return ModuleHook.apply(...tensors);
}
