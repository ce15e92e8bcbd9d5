// The life of an array: who holds it, who still has to read it, where its elements move, and what it lets go of.
//
// Arrays are counted. Holders are tensors, the tape and recipes that read the array; when the last one lets go, the
// array lets go of its storage or of its recipe's inputs. Launchers need not count: arrays made inside `inFrame` are
// released at its end unless they are returned.

import type { DType } from "../core/dtype.js";
import { DisposedError } from "../core/errors.js";
import type { Layout } from "../core/layout.js";
import type { Shape } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import type { PendingReader, Storage } from "../runtime/storage.js";
import { heldBy, isRecipe, isUniform, type Realized, type State } from "./array-state.js";
import { layoutOf } from "./array-view.js";
import { joinFrame } from "./frame.js";

let arraysMade = 0;

/** The number that the next array gets. */
export function nextArray(): number {
  return arraysMade;
}

/** What NDArray is built on; everybody else uses NDArray. */
export abstract class ArrayLife implements PendingReader {
  /** Rises from array to array. */
  readonly id = arraysMade++;
  refs = 1;
  /** Kernels that computed the recipe on their way, without keeping what came of it. */
  computations = 0;
  #readers: Set<PendingReader> | undefined;

  constructor(
    readonly device: Device,
    readonly dtype: DType,
    readonly shape: Shape,
    public state: State,
  ) {
    joinFrame(this);
    for (const held of heldBy(state)) {
      held.retain();
      held.addReader(this);
    }
  }

  /** Runs the recipe, if there is one, and returns where the elements are. */
  abstract realize(): Realized;

  /** Where the elements lie in their storage, or will lie once there is one. */
  get layout(): Layout {
    return layoutOf(this);
  }

  retain(): this {
    this.refs++;
    return this;
  }

  release(): void {
    if (--this.refs > 0) return;
    if (this.refs < 0) throw new DisposedError("array", "released more often than held");
    this.#forget(this.state);
  }

  /** Recipes that read this array: they must run before its elements are overwritten. */
  addReader(reader: PendingReader): void {
    if (this.state.kind === "realized") (this.state.storage.readers ??= new Set()).add(reader);
    else if (!isUniform(this.state)) (this.#readers ??= new Set()).add(reader);
  }

  removeReader(reader: PendingReader): void {
    if (this.state.kind === "realized") this.state.storage.readers?.delete(reader);
    else this.#readers?.delete(reader);
  }

  /** Runs the recipe now, if there is one: a deferred kernel with what was asked to follow it. */
  finish(): void {
    if (this.state.kind === "deferred") for (const reader of [...(this.#readers ?? [])]) reader.finish();
    if (this.refs > 0) this.realize();
  }

  /** Called by the launcher once the recipe's results are in `storage`, of which the array becomes a holder. */
  settle(storage: Storage, layout: Layout): void {
    const { state } = this;
    this.state = { kind: "realized", storage, layout };
    if (this.#readers !== undefined) {
      storage.readers ??= new Set();
      for (const reader of this.#readers) storage.readers.add(reader);
      this.#readers = undefined;
    }
    this.#forget(state);
  }

  #forget(state: State): void {
    if (state.kind === "realized") state.storage.release();
    if (!isRecipe(state)) return;
    this.device.outstanding.delete(this);
    for (const held of heldBy(state)) {
      held.removeReader(this);
      held.release();
    }
  }
}
