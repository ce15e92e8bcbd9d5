// What optimizers share: parameter groups, their memory, and state dicts.

import { withGradEnabled } from "../autograd/modes.js";
import { describe, isTensor } from "../core/check.js";
import { AutogradError, TapegradError } from "../core/errors.js";
import { recording, refuseInStep, unrecorded } from "../runtime/recording.js";
import type { Tensor } from "../tensor/tensor.js";
import { arenasFor, type Slot } from "./arena.js";
import { Packed } from "./packed.js";
import type { Group, ParamGroup, Params, Progress, Rule } from "./rule.js";

/** State of an optimizer as PyTorch lays it out: per parameter, by position, and the groups' options. */
export interface OptimizerState<Options> {
  readonly state: Readonly<Record<number, { readonly step: number } & Readonly<Record<string, Tensor | number>>>>;
  readonly paramGroups: readonly ({ readonly params: readonly number[] } & Options)[];
}

/** What all optimizers do: groups of parameters, zeroGrad, step and state. Each is a rule with a constructor. */
export abstract class Optimizer<Options extends object> {
  readonly paramGroups: Group<Options>[] = [];
  readonly #rule: Rule<Options>;
  readonly #packed: Packed<Options>[] = [];

  constructor(
    rule: Rule<Options>,
    params: Params<Options>,
    readonly defaults: Options,
  ) {
    this.#rule = rule;
    refuseInStep("makes an optimizer", "make it before");
    const list = listOf<Tensor | ParamGroup<Options>>(rule.name, params);
    if (list.length === 0) throw new TapegradError(rule.name, "got no parameters");
    const groups = list.every(isTensor) ? [{ params: list }] : list;
    for (const group of groups) this.addParamGroup(group as ParamGroup<Options>);
  }

  /** Adds parameters with options of their own, for instance layers that are unfrozen later. */
  addParamGroup(group: ParamGroup<Options>): void {
    const op = this.#rule.name;
    const params = listOf(op, group?.params ?? group);
    const known = new Set(this.paramGroups.flatMap((other) => other.params));
    for (const param of params) {
      if (!isTensor(param)) throw unfit(op, param);
      if (!param.isLeaf) throw new AutogradError(op, `can only optimize leaves; got a tensor made by ${param.madeBy}`);
      if (known.has(param)) throw new TapegradError(op, "a parameter appears twice");
      known.add(param);
    }
    const full = { ...this.defaults, ...group, params };
    this.#rule.check(full);
    this.paramGroups.push(full);
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    unrecorded(() => this.#pack());
    for (const { params } of this.paramGroups) for (const param of params) param.variable?.setGrad(undefined);
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
      const tensors = this.#rule.state(packed.group).map((name, i) => [name, packed.arena.state(slot, i)] as const);
      state[index] = { ...progress, ...Object.fromEntries(tensors) };
    }
    let index = 0;
    const paramGroups = this.paramGroups.map(({ params, ...options }) => ({
      ...options,
      params: params.map(() => index++),
    }));
    return { state, paramGroups: paramGroups as unknown as OptimizerState<Options>["paramGroups"] };
  }

  /** Takes over options and state of an optimizer of the same kind over parameters of the same shapes. */
  loadStateDict({ state, paramGroups }: OptimizerState<Options>): void {
    const sizes = (groups: readonly { readonly params: readonly unknown[] }[]): string =>
      groups.map(({ params }) => params.length).join(", ");
    if (sizes(paramGroups) !== sizes(this.paramGroups)) {
      throw new TapegradError(
        "loadStateDict",
        `the groups have [${sizes(this.paramGroups)}] parameters here and [${sizes(paramGroups)}] in the state`,
      );
    }
    this.paramGroups.forEach((group, i) => {
      const { params: _, ...options } = paramGroups[i]!;
      Object.assign(group, options);
    });
    withGradEnabled(false, () => {
      for (const { index, slot, packed } of this.#places()) {
        const saved = state[index];
        const names = this.#rule.state(packed.group);
        packed.setProgress(slot, saved && numbersOf(saved));
        packed.makeState();
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

/** The parameters as a list. Containers of modules are iterable too. */
function listOf<T>(op: string, params: Iterable<T>): T[] {
  const isList = typeof params === "object" && params !== null && Symbol.iterator in params;
  if (!isList || "parameters" in params) throw unfit(op, params);
  return [...params];
}

function unfit(op: string, got: unknown): TapegradError {
  return new TapegradError(op, `takes net.parameters() or { params } groups, got ${describe(got)}`);
}
