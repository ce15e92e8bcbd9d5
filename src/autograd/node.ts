// A node is one entry of the tape: an operation that was done, where its inputs came from, and what its derivative needs.

import { AutogradError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { stackInAnomalyMode } from "./anomaly.js";
import type { Meta, Op } from "./op.js";
import { type Dropped, dropped, type Saved } from "./recomputation.js";
import type { TensorFactory } from "./tape.js";
import type { GradHook, Variable } from "./variable.js";

let created = 0;

interface Hold {
  saved: readonly (Saved | Dropped)[] | undefined;
}

/** Returns saved arrays when a tape is dropped without a backward pass. */
const abandoned = new FinalizationRegistry<Hold>((hold) => {
  const [first] = hold.saved ?? [];
  if (first !== undefined) (first.array ?? first).device.pool.collecting(() => releaseAll(hold));
});

export class Node {
  /** Position on the tape: a node's inputs have lower numbers. */
  readonly seq = created++;
  /** Hooks on the gradients of the results, by result. */
  readonly hooks: (GradHook[] | undefined)[] = [];
  /** Results that keep their gradient, by result. */
  readonly retained: (Variable | undefined)[] = [];
  /** Where the user's code asked for the operation; only in anomaly mode. */
  readonly madeAt = stackInAnomalyMode();
  readonly #hold: Hold;

  /**
   * @param inputs - the inputs' variables; undefined where no gradient is wanted
   * @param inputMetas - the inputs' shapes and dtypes
   * @param outputMetas - the results' shapes and dtypes
   */
  constructor(
    readonly op: Op,
    readonly attributes: unknown,
    readonly inputs: readonly (Variable | undefined)[],
    readonly inputMetas: readonly Meta[],
    readonly outputMetas: readonly Meta[],
    saved: readonly Saved[],
  ) {
    this.#hold = { saved: saved.map(hold) };
    if (saved.length > 0) abandoned.register(this, this.#hold);
  }

  /** Saves one more array after construction: a result, which knows its node. */
  save(saved: Saved): void {
    if (this.#hold.saved?.length === 0) abandoned.register(this, this.#hold);
    this.#hold.saved = [...(this.#hold.saved ?? []), hold(saved)];
  }

  /** What was saved, as tensors, each under its name. */
  unpack(wrap: TensorFactory["tensor"]): Record<string, Tensor> {
    const { saved } = this.#hold;
    if (saved === undefined) {
      throw new AutogradError(
        "backward",
        `the tape through ${this.op.name} was already played back and its saved tensors are gone ` +
          "(pass { retainGraph: true } to the first backward, or run the forward pass again)",
      );
    }
    const tensors = {};
    for (const item of saved) {
      let tensor: Tensor | undefined; // made, and checked, only if the derivative reads it
      Object.defineProperty(tensors, item.name, { get: () => (tensor ??= this.#open(item, wrap)) });
    }
    return tensors;
  }

  #open(saved: Saved | Dropped, wrap: TensorFactory["tensor"]): Tensor {
    if (saved.array === undefined) return wrap(saved.source.again(saved.position).retain(), saved.variable);
    const { name, array, version, variable } = saved;
    if (array.version === version) return wrap(array.retain(), variable);
    throw new AutogradError(
      "backward",
      `${this.op.name} saved its ${name} of shape [${array.shape.join(", ")}] at version ${version}, and it was changed in ` +
        `place since (version ${array.version}); use the operation without "_", or clone() it before`,
    );
  }

  /** Lets go of what was saved. */
  release(): void {
    releaseAll(this.#hold);
  }
}

function hold(saved: Saved): Saved | Dropped {
  const instead = dropped(saved);
  if (instead === undefined) saved.array.retain();
  return instead ?? saved;
}

function releaseAll(hold: Hold): void {
  const { saved } = hold;
  hold.saved = undefined;
  for (const item of saved ?? []) {
    if (item.array === undefined) item.source.release(item.position);
    else item.array.release();
  }
}
