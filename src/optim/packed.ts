// A parameter group in memory: an arena, and how far each of its parameters has come.

import { kernelSource } from "../kernels/source.js";
import { recording, unrecorded } from "../runtime/recording.js";
import { tidy } from "../tensor/tidy.js";
import { type Arena, runsOf, type Slot } from "./arena.js";
import type { Group, Progress, Rule } from "./rule.js";
import { whetherSkipped } from "./skipping.js";

const LANES = 64; // WORKGROUP_SIZE of the update kernels
const START: Progress = { step: 0 };

/** A group, or a part of one that is too large for one arena. */
export class Packed<Options> {
  /** Of each slot's parameter. */
  readonly #progress: Progress[];
  /** Whether each slot's state is as it was made: zeros, some of which no step has written. */
  readonly #isNew: boolean[];
  /** Names of the state that is in memory. */
  #names: readonly string[] | undefined;

  constructor(
    readonly rule: Rule<Options>,
    readonly group: Group<Options>,
    readonly arena: Arena,
  ) {
    this.#progress = arena.slots.map(() => START);
    this.#isNew = arena.slots.map(() => true);
  }

  /** How far a slot's parameter has come. */
  progress({ index }: Slot): Progress {
    return this.#progress[index]!;
  }

  setProgress({ index }: Slot, progress: Progress | undefined): void {
    this.#progress[index] = progress ?? START;
    this.#isNew[index] = progress === undefined;
  }

  /** Makes room for the state, unless it is there. Where options ask for other names than before, those of both stay. */
  makeState(): readonly string[] {
    const before = this.#names;
    const names = this.rule.state(this.group);
    if (before !== undefined && isSame(before, names)) return before;
    const from = before && names.map((name) => before.indexOf(name));
    unrecorded(() => this.arena.makeState(names.length + (this.rule.scratch ?? 0), from));
    if (from === undefined || from.includes(-1)) this.#isNew.fill(true);
    this.#names = names;
    return names;
  }

  /** Updates the parameters that have a gradient: one launch for neighbours that have come equally far. */
  update(): void {
    const { rule, group, arena } = this;
    rule.check(group);
    const names = this.makeState();
    const slots = arena.slots.filter(({ parameter }) => parameter.variable?.grad !== undefined);
    for (const slot of slots) arena.prepare(slot);
    const runs = runsOf(slots, (a, b) => this.#isAlike(a, b));
    const advance = (): void => {
      for (const slot of slots) this.setProgress(slot, this.#after(this.progress(slot)));
    };
    const launch = (phase: 0 | 1, isLast: boolean): void => {
      for (const run of runs) this.#launch(run, phase, isLast && run === runs.at(-1) ? advance : undefined);
    };
    launch(0, rule.between === undefined);
    if (rule.between !== undefined) {
      tidy(() =>
        rule.between!(
          group,
          slots.map((slot) => ({ parameter: slot.parameter, state: (i) => arena.state(slot, i) })),
        ),
      );
      launch(1, true);
    }
    const [, , state] = arena.blocks;
    recording()?.guards.push(() => arena.blocks[2] === state && isSame(rule.state(group), names));
    recording()?.preparations.push(() => rule.check(group));
    advance();
  }

  /** @param then - in replays, what follows the launch: the next one of the step may go on from there */
  #launch(run: readonly Slot[], phase: 0 | 1, then: (() => void) | undefined): void {
    const { rule, group, arena } = this;
    const [first] = run as [Slot];
    const start = first.start / 4; // in vectors of four
    const last = run.at(-1)!;
    const count = (last.start + last.length) / 4 - start;
    const params = (): number[] => {
      const before = this.progress(first);
      const isNew = this.#isNew[first.index]!;
      return [start, count, arena.length / 4, ...rule.launch(group, this.#after(before), before, phase, isNew)];
    };
    const { name, additions, blocks } = whetherSkipped();
    const kernel = arena.device.kernel(`${rule.kernel.name} ${name}`, () => kernelSource(rule.kernel, { additions }));
    const live = (): number[] => {
      const now = params();
      then?.();
      return now;
    };
    arena.device.launch(kernel, params(), [...arena.blocks, ...blocks], Math.ceil(count / LANES), live);
    recording()?.guards.push(() => run.every((slot) => this.#isAlike(slot, first)));
  }

  #isAlike(a: Slot, b: Slot): boolean {
    return isEqual(this.progress(a), this.progress(b)) && this.#isNew[a.index] === this.#isNew[b.index];
  }

  #after(before: Progress): Progress {
    return this.rule.advance?.(this.group, before) ?? { step: before.step + 1 };
  }
}

function isEqual(a: Progress, b: Progress): boolean {
  if (a === b) return true;
  if (a.step !== b.step) return false;
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
