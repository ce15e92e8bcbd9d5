// A captured step that can be replayed: its commands with other inputs, new memory for its results, and what it does
// besides.

import type { Variable } from "../autograd/variable.js";
import type { DType } from "../core/dtype.js";
import type { Layout } from "../core/layout.js";
import { NDArray } from "../kernels/array.js";
import type { Block } from "../runtime/block.js";
import type { Device } from "../runtime/device.js";
import { Plan } from "../runtime/plan.js";
import type { Recording } from "../runtime/recording.js";
import { Storage } from "../runtime/storage.js";
import { make, type Tensor } from "../tensor/tensor.js";
import { install, type NewGradient } from "./gradients.js";

interface Parts {
  /** Blocks that stand for the inputs' in the recording. */
  readonly inputs: readonly Block[];
  readonly results: readonly Tensor[];
  readonly gradients: readonly NewGradient[];
  /** Draws the random numbers of the next replay. */
  readonly redraw: () => void;
}

/** How an array of a replay comes to be: over new memory, over an input, or over what was there before. */
type Source =
  | { readonly kind: "new"; readonly storage: number }
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "same"; readonly storage: Storage };

interface Made {
  readonly source: Source;
  readonly dtype: DType;
  readonly layout: Layout;
}

export class Replay {
  readonly #plan: Plan;
  /** Per slot of the plan that is an input's: the first of the inputs in it. */
  readonly #inputs: readonly number[];
  /** Blocks of the recording that results and new gradients are in, after those of inputs among the plan's slots. */
  readonly #newBlocks: Block[] = [];
  readonly #newStorages: { readonly slot: number; readonly bytes: number; readonly byteOffset: number }[] = [];
  readonly #results: readonly Made[];
  readonly #gradients: readonly { readonly variable: Variable; readonly made: Made }[];
  readonly #touched: readonly [Storage, Block][];
  readonly #overwritten: readonly Storage[];
  readonly #overwrittenInputs: readonly number[];

  constructor(
    readonly device: Device,
    readonly recording: Recording,
    readonly parts: Parts,
  ) {
    const { originals } = recording;
    const storages: Storage[] = [];
    const proxies = [...originals.keys()];
    const inputBlocks = [...new Set(parts.inputs)];
    const sourceOf = (storage: Storage): Source => {
      if (originals.has(storage)) return { kind: "input", index: parts.inputs.indexOf(storage.block) };
      if (!recording.reserve.has(storage.block)) {
        storage.retain(); // data that was uploaded in the step: as long as it may be replayed
        return { kind: "same", storage };
      }
      let index = storages.indexOf(storage);
      if (index < 0) {
        index = storages.push(storage) - 1;
        let slot = this.#newBlocks.indexOf(storage.block);
        if (slot < 0) slot = this.#newBlocks.push(storage.block) - 1;
        this.#newStorages.push({ slot, bytes: storage.bytes, byteOffset: storage.byteOffset });
      }
      return { kind: "new", storage: index };
    };
    const madeOf = ({ array }: Tensor): Made => {
      const { storage, layout } = array.realize();
      return { source: sourceOf(storage), dtype: array.dtype, layout };
    };
    this.#results = parts.results.map(madeOf);
    this.#gradients = parts.gradients.map(({ variable, grad }) => ({ variable, made: madeOf(grad) }));
    this.#inputs = inputBlocks.map((block) => parts.inputs.indexOf(block));
    this.#plan = new Plan(recording, [...inputBlocks, ...this.#newBlocks]);
    for (const block of this.#newBlocks) recording.reserve.letGo(block); // they are the caller's now
    this.#touched = [...recording.touched];
    this.#overwritten = [...recording.overwritten].filter((storage) => !originals.has(storage));
    this.#overwrittenInputs = proxies.flatMap((proxy) => {
      return recording.overwritten.has(proxy) ? [parts.inputs.indexOf(proxy.block)] : [];
    });
  }

  /** Whether everything is as it was when the step was captured. */
  get isValid(): boolean {
    for (const [storage, block] of this.#touched) if (storage.location !== block) return false;
    for (const isMet of this.recording.guards) if (!isMet()) return false;
    return true;
  }

  /** Does the step again. */
  run(inputs: readonly Tensor[]): Tensor[] {
    const { recording, device } = this;
    for (const storage of this.#overwritten) storage.beforeOverwrite();
    for (const index of this.#overwrittenInputs) inputs[index]!.array.realize().storage.beforeOverwrite();
    for (const prepare of recording.preparations) prepare();
    const blocks = this.#newBlocks.map(({ bytes }, i) => {
      const block = device.pool.acquire(bytes);
      this.#plan.place(this.#inputs.length + i, block);
      return block;
    });
    const storages = this.#newStorages.map(({ slot, bytes, byteOffset }) => {
      const storage = Storage.at(device, blocks[slot]!, bytes);
      storage.byteOffset = byteOffset;
      return storage;
    });
    for (let slot = 0; slot < this.#inputs.length; slot++)
      this.#plan.place(slot, inputs[this.#inputs[slot]!]!.array.block);
    this.#plan.refresh();
    this.parts.redraw();
    device.replay(this.#plan);
    for (const effect of recording.effects) effect();
    const open = ({ source, dtype, layout }: Made): NDArray => {
      const storage =
        source.kind === "new"
          ? storages[source.storage]!
          : source.kind === "same"
            ? source.storage
            : inputs[source.index]!.array.realize().storage;
      storage.retain();
      return NDArray.over(storage, dtype, layout);
    };
    for (const { variable, made } of this.#gradients) install(variable, open(made));
    const results = this.#results.map((made) => make(open(made), undefined, "compile"));
    for (const storage of storages) storage.release(); // the count it was made with
    return results;
  }

  /** A result of the capturing call: over the input's own memory, if it is that of one. */
  owned(result: Tensor, inputs: readonly Tensor[], proxies: readonly Tensor[]): Tensor {
    const { storage, layout } = result.array.realize();
    const index = proxies.findIndex((proxy) => proxy.array.realize().storage === storage);
    if (index < 0) return result;
    result.dispose();
    const { storage: original } = inputs[index]!.array.realize();
    original.retain();
    return make(NDArray.over(original, result.dtype, layout), undefined, "compile");
  }

  /** Gives back the memory of the step. */
  dispose(): void {
    const { pool } = this.device;
    this.recording.reserve.close();
    for (const block of this.recording.pinned.splice(0)) pool.drop(block);
    for (const { source } of this.#results) if (source.kind === "same") source.storage.release();
  }
}
