// What optimizers share: parameter groups, arenas, and the split of a step into runs of parameters that are updated alike.

import { withGradEnabled } from "../autograd/modes.js";
import { describe, isTensor } from "../core/check.js";
import { AutogradError, TapegradError } from "../core/errors.js";
import { kernelSource, type WgslFile } from "../kernels/source.js";
import type { Kernel } from "../runtime/kernel.js";
import { recording, refuseInStep, unrecorded } from "../runtime/recording.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Arena, arenasFor, runsOf, type Slot } from "./arena.js";

/** Parameters with options of their own; options left out are the optimizer's. */
export type ParamGroup<Options> = { params: Iterable<Tensor> } & Partial<Options>;

/** A group as the optimizer keeps it. Options may be changed at any time, for instance the learning rate. */
export type Group<Options> = { params: readonly Tensor[] } & Options;

/** State of an optimizer as PyTorch lays it out: per parameter, by position, and the groups' options. */
export interface OptimizerState<Options> {
  readonly state: Readonly<Record<number, { readonly step: number } & Readonly<Record<string, Tensor | number>>>>;
  readonly paramGroups: readonly ({ readonly params: readonly number[] } & Options)[];
}

const LANES = 64; // WORKGROUP_SIZE of the update kernels

interface Packed<Options> {
  readonly group: Group<Options>;
  readonly arena: Arena;
  /** Steps each slot's parameter has taken. */
  readonly steps: number[];
}

/** What all optimizers do: groups of parameters, zeroGrad, step and state; a subclass says which kernel updates a run. */
export abstract class Optimizer<Options extends object> {
  readonly paramGroups: Group<Options>[] = [];
  readonly #packed: Packed<Options>[] = [];

  /** The kernel that updates a run, in wgsl/. */
  protected abstract readonly kernel: WgslFile;
  /** Names of the state tensors each parameter of a group has, in the order the kernel expects them. */
  protected abstract stateNames(options: Options): readonly string[];
  /** Parameters of the kernel for a run, after its first and number of elements. */
  protected abstract launchParams(
    group: Group<Options>,
    run: { readonly step: number; readonly stride: number },
  ): readonly number[];
  protected abstract validate(options: Options): void;

  constructor(
    params: Iterable<Tensor> | Iterable<ParamGroup<Options>>,
    readonly defaults: Options,
  ) {
    refuseInStep("makes an optimizer", "make it before");
    const list = listOf<Tensor | ParamGroup<Options>>(new.target.name, params);
    if (list.length === 0) throw new TapegradError(new.target.name, "got no parameters");
    const groups = list.every(isTensor) ? [{ params: list }] : list;
    for (const group of groups) this.addParamGroup(group as ParamGroup<Options>);
  }

  /** Adds parameters with options of their own, for instance layers that are unfrozen later. */
  addParamGroup(group: ParamGroup<Options>): void {
    const op = this.constructor.name;
    const params = listOf(op, group?.params ?? group);
    const known = new Set(this.paramGroups.flatMap((other) => other.params));
    for (const param of params) {
      if (!isTensor(param)) throw unfit(op, param);
      if (!param.isLeaf) throw new AutogradError(op, `can only optimize leaves; got a tensor made by ${param.madeBy}`);
      if (known.has(param)) throw new TapegradError(op, "a parameter appears twice");
      known.add(param);
    }
    const full = { ...this.defaults, ...group, params };
    this.validate(full);
    this.paramGroups.push(full);
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    unrecorded(() => this.#pack());
    for (const { params } of this.paramGroups) for (const param of params) param.variable?.setGrad(undefined);
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    withGradEnabled(false, () => {
      for (const packed of unrecorded(() => this.#pack())) this.#update(packed);
    });
  }

  #update({ group, arena, steps }: Packed<Options>): void {
    this.validate(group);
    const groups = this.paramGroups.length;
    const { device } = arena;
    const kernel: Kernel = device.kernel(this.kernel.name, () => kernelSource(this.kernel));
    const states = this.stateNames(group).length;
    unrecorded(() => arena.makeState(states));
    const slots = arena.slots.filter(({ parameter }) => parameter.variable?.grad !== undefined);
    for (const slot of slots) arena.prepare(slot);
    for (const run of runsOf(slots, ({ index }) => steps[index]!)) {
      const first = run.slots[0]!.start / 4;
      const last = run.slots.at(-1)!;
      const count = (last.start + last.length) / 4 - first;
      const [{ index }] = run.slots as [Slot];
      const params = (): number[] => {
        this.validate(group);
        return [first, count, ...this.launchParams(group, { step: steps[index]! + 1, stride: arena.length / 4 })];
      };
      device.launch(kernel, params(), arena.blocks, Math.ceil(count / LANES), params);
      recording()?.guards.push(() => run.slots.every((slot) => steps[slot.index] === steps[index]));
    }
    const count = (): void => {
      for (const { index } of slots) steps[index]!++;
    };
    const step = recording();
    step?.effects.push(count);
    step?.guards.push(() => this.stateNames(group).length === states && this.paramGroups.length === groups);
    count();
  }

  /** Packs groups that are not packed yet. */
  #pack(): readonly Packed<Options>[] {
    for (const group of this.paramGroups) {
      if (this.#packed.some((packed) => packed.group === group)) continue;
      for (const arena of arenasFor(group.params)) {
        this.#packed.push({ group, arena, steps: arena.slots.map(() => 0) });
      }
    }
    return this.#packed;
  }

  /** Options and state. Tensors share memory with the optimizer: clone() what is to be kept. */
  stateDict(): OptimizerState<Options> {
    const state: Record<number, { readonly step: number } & Readonly<Record<string, Tensor | number>>> = {};
    for (const { index, slot, packed } of this.#places()) {
      const step = packed.steps[slot.index]!;
      if (step === 0) continue;
      const tensors = this.stateNames(packed.group).map((name, i) => [name, packed.arena.state(slot, i)] as const);
      state[index] = { step, ...Object.fromEntries(tensors) };
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
        packed.steps[slot.index] = saved?.step ?? 0;
        packed.arena.makeState(this.stateNames(packed.group).length);
        this.stateNames(packed.group).forEach((name, i) => {
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

/** The parameters as a list. Containers of modules are iterable too. */
function listOf<T>(op: string, params: Iterable<T>): T[] {
  const isList = typeof params === "object" && params !== null && Symbol.iterator in params;
  if (!isList || "parameters" in params) throw unfit(op, params);
  return [...params];
}

function unfit(op: string, got: unknown): TapegradError {
  return new TapegradError(op, `takes net.parameters() or { params } groups, got ${describe(got)}`);
}
