// What optimizers share: parameter groups, their memory, and state dicts.

import { withGradEnabled } from "../autograd/modes.js";
import { recording, unrecorded } from "../runtime/recording.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ZeroGradOptions } from "../tensor/zero-grad.js";
import { arenasFor, type Slot } from "./arena.js";
import { Packed } from "./packed.js";
import { ParamGroups } from "./param-groups.js";
import type { Params, Progress, Rule } from "./rule.js";
import { checkEntries, type SavedGroup } from "./saved-state.js";

/** State of an optimizer as PyTorch lays it out: per parameter, by position, and the groups' options. */
export interface OptimizerState<Options> {
  readonly state: Readonly<Record<number, { readonly step: number } & Readonly<Record<string, Tensor | number>>>>;
  readonly paramGroups: readonly SavedGroup<Options>[];
}

/** What all optimizers do: groups of parameters, zeroGrad, step and state. Each is a rule with a constructor. */
export abstract class Optimizer<Options extends object> extends ParamGroups<Options> {
  readonly #rule: Rule<Options>;
  readonly #packed: Packed<Options>[] = [];

  constructor(rule: Rule<Options>, params: Params<Options>, defaults: object, options?: object | null) {
    super(rule, params, defaults, options);
    this.#rule = rule;
  }

  /** Clears the gradients of all parameters, which are moved to their place before the first ones come. */
  override zeroGrad(options?: ZeroGradOptions): void {
    unrecorded(() => this.#pack());
    super.zeroGrad(options);
  }

  /**
   * Updates every parameter that has a gradient.
   * @param closure - called first, for those who write a step so: clears the gradients, computes the loss and its gradients
   * @returns what `closure` returns
   */
  step(): void;
  step<R>(closure: () => R): R;
  step<R>(closure?: () => R): R | undefined {
    const result = closure && withGradEnabled(true, closure);
    const groups = this.paramGroups.length;
    withGradEnabled(false, () => {
      for (const packed of unrecorded(() => this.#pack())) packed.update();
    });
    recording()?.guards.push(() => this.paramGroups.length === groups);
    return result;
  }

  /** Packs groups that are not packed yet. */
  #pack(): readonly Packed<Options>[] {
    for (const group of this.paramGroups) {
      if (this.#packed.some((packed) => packed.group === group)) continue;
      for (const arena of arenasFor(group.params)) this.#packed.push(new Packed(this.#rule, group, arena));
    }
    return this.#packed;
  }

  /** Options and state. Tensors share memory with the optimizer: clone() what is to be kept. */
  stateDict(): OptimizerState<Options> {
    const state: Record<number, { readonly step: number } & Readonly<Record<string, Tensor | number>>> = {};
    for (const { index, slot, packed } of this.#places()) {
      const progress = packed.progress(slot);
      if (progress.step === 0) continue;
      const tensors = packed.makeState().map((name, i) => [name, packed.arena.state(slot, i)] as const);
      state[index] = { ...progress, ...Object.fromEntries(tensors) };
    }
    return { state, paramGroups: this.groupOptions() };
  }

  /**
   * Takes over options and state of an optimizer of the same kind over parameters of the same shapes.
   * @throws TapegradError if it is another's, ShapeError if a tensor has another shape; nothing is changed then
   */
  loadStateDict(given: OptimizerState<Options>): void {
    const groups = this.checkedGroups(given);
    const { state } = given;
    checkEntries(this.#rule, groups, state);
    this.loadGroups(groups);
    withGradEnabled(false, () => {
      for (const { index, slot, packed } of this.#places()) {
        const saved = state[index]?.step === 0 ? undefined : state[index];
        const names = packed.makeState();
        packed.setProgress(slot, saved && numbersOf(saved));
        names.forEach((name, i) => {
          const value = saved?.[name];
          const own = packed.arena.state(slot, i);
          if (value !== undefined && typeof value !== "number") own.copy_(value);
          else own.zero_();
          own.dispose();
        });
      }
    });
  }

  *#places(): Generator<{ index: number; slot: Slot; packed: Packed<Options> }> {
    const all = this.#pack();
    let index = 0;
    for (const group of this.paramGroups) {
      for (const packed of all.filter((candidate) => candidate.group === group)) {
        for (const slot of packed.arena.slots) yield { index: index++, slot, packed };
      }
    }
  }
}

/** What a state dict says about a parameter in numbers. */
function numbersOf(saved: { readonly step: number } & Readonly<Record<string, Tensor | number>>): Progress {
  const numbers = Object.entries(saved).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return { step: saved.step, ...Object.fromEntries(numbers) };
}
