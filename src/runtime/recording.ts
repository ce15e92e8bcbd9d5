// Recording a step while it runs, for src/replay: its commands, the memory it makes, and what it touches that was there
// before. Everything that happens between `watching` and its end belongs to the step, but for what is `unrecorded`.

import type { RandomWord } from "../core/philox.js";
import type { Block } from "./block.js";
import type { Copy, Dispatch, Param } from "./command.js";
import type { Reserve } from "./reserve.js";
import type { Storage } from "./storage.js";

/** A launch, and how its parameters come to be. */
interface RecordedDispatch extends Dispatch {
  /** Parameters that are random words, by position. */
  readonly random: ReadonlyMap<number, RandomWord>;
  /** The parameters of a later replay, where they are others. */
  readonly again: (() => readonly number[]) | undefined;
}

export class Recording {
  readonly commands: (RecordedDispatch | Copy)[] = [];
  /** Storages older than the step that its commands use, and where they are. */
  readonly touched = new Map<Storage, Block>();
  /** Those of them, and those of inputs, whose contents it changes. */
  readonly overwritten = new Set<Storage>();
  /** Blocks with data that was uploaded during the step. */
  readonly pinned: Block[] = [];
  /** Conditions under which the commands are still those of the step. */
  readonly guards: (() => boolean)[] = [];
  /** What has to be done before its commands are given again. */
  readonly preparations: (() => void)[] = [];
  /** What the step does besides its commands, after them. */
  readonly effects: (() => void)[] = [];

  /**
   * @param reserve - where the step's own memory comes from
   * @param firstStorage - number of the first storage that is the step's own
   * @param firstArray - number of the first array that is
   * @param originals - of the storages that stand for inputs
   */
  constructor(
    readonly reserve: Reserve,
    readonly firstStorage: number,
    readonly firstArray: number,
    readonly originals: ReadonlyMap<Storage, Storage>,
  ) {}

  addDispatch(
    { kernel, words, blocks, x, y }: Omit<Dispatch, "kind">,
    params: readonly Param[],
    again: (() => readonly number[]) | undefined,
  ): void {
    const random = new Map<number, RandomWord>();
    params.forEach((param, i) => typeof param !== "number" && random.set(i, param));
    const own = words.slice(0, kernel.params.length);
    this.commands.push({ kind: "dispatch", kernel, words: own, blocks: [...blocks], x, y, random, again });
  }

  /** Whether an array was there before the step: what it takes to compute it is done apart. */
  isOlder({ id }: { readonly id: number }): boolean {
    return id < this.firstArray;
  }

  /** Called when a storage's block is asked for. */
  touch(storage: Storage, block: Block): void {
    if (storage.id < this.firstStorage) this.touched.set(storage, block);
  }

  /** Called when a storage was uploaded: what is the step's own must stay where it is. */
  pin({ id, device }: Storage, block: Block): void {
    if (id < this.firstStorage) return;
    device.pool.hold(block);
    this.pinned.push(block);
  }

  /** Called before a storage's contents change. */
  overwrite(storage: Storage): void {
    const original = this.originals.get(storage);
    if (original !== undefined) unrecorded(() => original.beforeOverwrite());
    if (original !== undefined || storage.id < this.firstStorage) this.overwritten.add(storage);
  }
}

/** What is on the watch while a step runs. */
export interface Watch {
  /** Undefined while the step runs for the first time, when it is only watched for what could not be recorded. */
  readonly recording: Recording | undefined;
  /** @throws the error for something that a step cannot do */
  refuse(what: string, fix: string): never;
}

let current: Watch | undefined;

/** Whether a step is running that is, or will be, recorded. */
export function isWatched(): boolean {
  return current !== undefined;
}

/** The recording under way. */
export function recording(): Recording | undefined {
  return current?.recording;
}

/** Throws if a step is running: it cannot do this. */
export function refuseInStep(what: string, fix: string): void {
  current?.refuse(what, fix);
}

/**
 * Whether a step is running, which cannot read anything back. What was to be read then never comes: the step ends with the
 * error as soon as its function returns.
 */
export function isReadRefused(): boolean {
  try {
    refuseInStep("reads a value back", "return the tensor, and read it outside");
    return false;
  } catch {
    return true;
  }
}

/** Runs a step. */
export function watching<R>(watch: Watch | undefined, body: () => R): R {
  const before = current;
  current = watch;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** Runs what a step does once and not in each replay, such as moving a parameter to its place. */
export function unrecorded<R>(body: () => R): R {
  return current === undefined ? body() : watching(undefined, body);
}
