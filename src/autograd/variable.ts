// A variable is a tensor's place on the tape: where its gradient comes from, or, for a leaf, where it goes.

import type { Block } from "../runtime/block.js";
import type { Storage } from "../runtime/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Node } from "./node.js";

/** May return another gradient to go on with. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that is declared to return nothing is one too
export type GradHook = (grad: Tensor) => Tensor | void;

/** Memory an optimizer reserved for a parameter's gradient, beside the gradients of its other parameters. */
export interface GradHome {
  readonly block: Block;
  readonly arena: GradArena;
  /** Elements of the gradient. */
  readonly elements: number;
  /** The storage that was last put there; somebody may still hold it. */
  storage: Storage | undefined;
}

/** Gradients side by side. */
export interface GradArena {
  /**
   * [rows, 64], float32. Each gradient begins with a row, in the order of `homes`; what its last row holds after its end has
   * no meaning.
   */
  readonly memory: Tensor;
  readonly homes: readonly GradHome[];
}

/** A gradient at some time: the tensor, and its memory if it had any. */
export interface GradState {
  readonly grad: Tensor | undefined;
  readonly storage: Storage | undefined;
}

/** Gradients as they were when somebody first asked for them, where somebody wants to know. */
let observed: Map<Variable, GradState> | undefined;

/** Runs `body`; returns its result, and the gradients that it asked for or changed, as they were before. */
export function observingGrads<R>(body: () => R): [result: R, before: ReadonlyMap<Variable, GradState>] {
  const outer = observed;
  const own = new Map<Variable, GradState>();
  observed = own;
  try {
    return [body(), own];
  } finally {
    observed = outer;
  }
}

let variablesMade = 0;

/** The number that the next variable gets. */
export function nextVariable(): number {
  return variablesMade;
}

export class Variable {
  /** Rises from variable to variable. */
  readonly id = variablesMade++;
  #grad: Tensor | undefined;
  hooks: GradHook[] | undefined;
  gradHome: GradHome | undefined;
  /** Whether user code was given `grad` and may still hold it. */
  isGradShared = false;

  /**
   * @param node - the operation that made the tensor; undefined for a leaf
   * @param index - which of its results the tensor is
   */
  constructor(
    readonly node?: Node,
    readonly index = 0,
  ) {}

  /** The accumulated gradient of a leaf (or of a tensor that retains its gradient). */
  get grad(): Tensor | undefined {
    if (observed !== undefined && !observed.has(this)) observed.set(this, this.gradState);
    return this.#grad;
  }

  set grad(grad: Tensor | undefined) {
    if (observed !== undefined && !observed.has(this)) observed.set(this, this.gradState);
    this.#grad = grad;
  }

  /** The gradient and its memory as they are now. */
  get gradState(): GradState {
    const grad = this.#grad;
    const state = grad?.isDisposed === false ? grad.array.state : undefined;
    return { grad, storage: state?.kind === "realized" ? state.storage : undefined };
  }

  /** Replaces the gradient, or clears it; the old one gives its memory back unless user code has it. */
  setGrad(grad: Tensor | undefined): void {
    if (this.grad !== undefined && this.grad !== grad && !this.isGradShared) this.grad.dispose();
    this.grad = grad;
    this.isGradShared = grad !== undefined;
  }

  registerHook(hook: GradHook): { remove(): void } {
    const hooks = this.node === undefined ? (this.hooks ??= []) : (this.node.hooks[this.index] ??= []);
    const entry: GradHook = (grad) => hook(grad); // a hook that was registered twice is two
    hooks.push(entry);
    return {
      remove: () => {
        if (hooks.includes(entry)) hooks.splice(hooks.indexOf(entry), 1);
      },
    };
  }
}
