// A node is one entry of the tape: an operation that was done, where its inputs came from, and what its derivative needs.

import { AutogradError } from "../core/errors.js";
import type { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Meta, Op } from "./op.js";
import type { TensorFactory } from "./tape.js";
import type { GradHook, Variable } from "./variable.js";

/** An array the derivative will need, as it was when it was saved. */
export interface Saved {
  readonly name: string;
  readonly array: NDArray;
  readonly version: number;
  /** Its place on the tape, so that derivatives of derivatives can go on from there. */
  readonly variable: Variable | undefined;
}

let created = 0;

/** Returns saved arrays when a tape is dropped without a backward pass. */
const abandoned = new FinalizationRegistry<{ saved: readonly Saved[] | undefined }>((hold) => {
  hold.saved?.[0]?.array.device.pool.collecting(() => releaseAll(hold));
});

export class Node {
  /** Position on the tape: a node's inputs have lower numbers. */
  readonly seq = created++;
  /** Hooks on the gradients of the results, by result. */
  readonly hooks: (GradHook[] | undefined)[] = [];
  /** Results that keep their gradient, by result. */
  readonly retained: (Variable | undefined)[] = [];
  readonly #hold: { saved: readonly Saved[] | undefined };

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
    for (const { array } of saved) array.retain();
    this.#hold = { saved };
    if (saved.length > 0) abandoned.register(this, this.#hold);
  }

  /** Saves one more array after construction: a result, which knows its node. */
  save(saved: Saved): void {
    saved.array.retain();
    if (this.#hold.saved?.length === 0) abandoned.register(this, this.#hold);
    this.#hold.saved = [...(this.#hold.saved ?? []), saved];
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

  #open({ name, array, version, variable }: Saved, wrap: TensorFactory["tensor"]): Tensor {
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

function releaseAll(hold: { saved: readonly Saved[] | undefined }): void {
  const { saved } = hold;
  hold.saved = undefined;
  for (const { array } of saved ?? []) array.release();
}
