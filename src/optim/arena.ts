// An arena holds the parameters of an optimizer side by side, their gradients likewise, and the optimizer's state in the
// same order, so that one kernel launch updates all of them.
//
// Parameters are moved here when the optimizer is made; they stay the same tensors. backward() writes a parameter's
// gradient straight to its place.

import { keep } from "../autograd/scope.js";
import type { GradArena, GradHome } from "../autograd/variable.js";
import { DTypeError } from "../core/errors.js";
import { contiguous, isContiguous } from "../core/layout.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import type { Block } from "../runtime/block.js";
import type { Device } from "../runtime/device.js";
import { recording, unrecorded } from "../runtime/recording.js";
import { Storage } from "../runtime/storage.js";
import { ownArrays, vacate } from "../tensor/own.js";
import { make, type Tensor } from "../tensor/tensor.js";

/** One parameter's place. */
export interface Slot {
  /** Position in the arena. */
  readonly index: number;
  readonly parameter: Tensor;
  /** First element, from the start of the arena. */
  readonly start: number;
  /** Elements up to the next slot. */
  readonly length: number;
  readonly home: Block;
  readonly gradHome: GradHome;
}

const SLOT_ELEMENTS = 64; // blocks start at multiples of 256 bytes
const MAX_ARENA_BYTES = 1 << 27; // what every adapter can bind

/** One arena for all parameters, or several where it would be too large to bind. */
export function arenasFor(parameters: readonly Tensor[]): Arena[] {
  const chunks: Tensor[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const parameter of parameters) {
    const own = parameter.numel() * 4 + 256;
    if (bytes + own > MAX_ARENA_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)!.push(parameter);
    bytes += own;
  }
  return chunks.map((chunk) => new Arena(chunk));
}

/** The parameters of one device side by side, with places for their gradients and the optimizer's state. Float32 only. */
export class Arena {
  readonly slots: readonly Slot[];
  readonly device: Device;
  /** Elements in all slots together. */
  readonly length: number;
  // Tensors, so that the memory is given back when the optimizer is dropped.
  readonly #parameters: Tensor;
  readonly #gradients: GradArena;
  #state: Tensor | undefined;

  constructor(parameters: readonly Tensor[]) {
    this.device = parameters[0]!.device;
    for (const { dtype } of parameters) {
      if (dtype !== "float32") throw new DTypeError("optimizer", `parameters must be float32, got ${dtype}`);
    }
    const sizes = parameters.map((parameter) => parameter.numel() * 4);
    const values = this.device.pool.carve(sizes);
    const gradients = this.device.pool.carve(sizes);
    const homes: GradHome[] = [];
    const rows = parameters.reduce((sum, parameter) => sum + Math.ceil(parameter.numel() / SLOT_ELEMENTS), 0);
    const arena = { memory: whole(this.device, gradients.whole, [rows, SLOT_ELEMENTS]), homes };
    let start = 0;
    this.slots = parameters.map((parameter, i) => {
      const elements = parameter.numel();
      const length = Math.ceil(elements / SLOT_ELEMENTS) * SLOT_ELEMENTS;
      const gradHome: GradHome = { block: gradients.parts[i]!, storage: undefined, arena, elements };
      homes.push(gradHome);
      start += length;
      return { index: i, parameter, start: start - length, length, home: values.parts[i]!, gradHome };
    });
    this.length = start;
    this.#parameters = whole(this.device, values.whole, [start]);
    this.#gradients = arena;
    for (const slot of this.slots) this.#settle(slot);
  }

  /**
   * Makes `count` times as many zeros as there are parameters, for the optimizer's state.
   * @param from - which of the states there are now is to be state i of the new ones; -1 for none
   */
  makeState(count: number, from: readonly number[] = []): void {
    const before = this.#state?.array.realize().storage;
    const state = NDArray.empty("float32", [Math.max(count * this.length, 1)], this.device);
    NDArray.constant(0, "float32", state.shape, this.device).computeInto(state.realize());
    const { storage } = state.realize();
    const bytes = this.length * 4;
    for (const [to, old] of from.entries()) {
      if (before === undefined || old === -1) continue;
      this.device.copy(
        before.block,
        before.byteOffset + old * bytes,
        storage.block,
        storage.byteOffset + to * bytes,
        bytes,
      );
    }
    this.#state = make(state, undefined, "optimizer");
    keep(this.#state);
  }

  /** State number `index` of a slot's parameter, sharing memory. */
  state({ start, parameter }: Slot, index: number): Tensor {
    const { shape } = parameter;
    return make(
      this.#state!.array.view(() => contiguous(shape, index * this.length + start)),
      undefined,
      "optimizer",
    );
  }

  /** The blocks an update kernel binds: parameters, gradients and state. */
  get blocks(): Block[] {
    return [this.#parameters, this.#gradients.memory, this.#state!].map((tensor) => tensor.array.block);
  }

  /** Makes sure that a parameter and its gradient lie in their slot, and that nobody still has to read the old value. */
  prepare(slot: Slot): void {
    unrecorded(() => this.#settle(slot));
    const { parameter, gradHome } = slot;
    const grad = parameter.variable?.grad;
    if (grad !== undefined && grad.array.block !== gradHome.block) moveIn(grad.array, gradHome);
    parameter.array.realize().storage.beforeOverwrite();
    this.#state!.array.realize().storage.beforeOverwrite();
  }

  /** Moves a parameter into its slot, if it is not there. */
  #settle({ parameter, home, gradHome }: Slot): void {
    const { array } = parameter;
    const { storage, layout } = array.realize();
    if (parameter.variable !== undefined) parameter.variable.gradHome = gradHome;
    if (storage.isOnGpu && storage.block === home) return;
    if (layout.offset === 0 && isContiguous(layout) && storage.bytes === numel(layout.shape) * 4) {
      this.device.copy(storage.block, storage.byteOffset, home, 0, storage.bytes);
      storage.moveTo(home);
    } else {
      array.realizeInto(Storage.at(this.device, home, numel(layout.shape) * 4));
    }
  }
}

/** Neighbouring slots that are alike, which one launch can update. */
export function runsOf(slots: readonly Slot[], isAlike: (a: Slot, b: Slot) => boolean): Slot[][] {
  const runs: Slot[][] = [];
  for (const slot of slots) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && last.start + last.length === slot.start && isAlike(last, slot))
      run.push(slot);
    else runs.push([slot]);
  }
  return runs;
}

/** Puts a gradient that came from elsewhere into its slot: to stay, unless it is only a part of something. */
function moveIn(grad: NDArray, home: GradHome): void {
  const { storage, layout } = grad.realize();
  const isWhole = layout.offset === 0 && isContiguous(layout) && storage.bytes === numel(layout.shape) * 4;
  const isInSlot = storage.block.parent !== undefined; // of another parameter or gradient
  if (!isWhole || isInSlot || recording() !== undefined) {
    for (const moved of ownArrays([{ array: grad, home }])) moved.release();
    return;
  }
  vacate(home);
  grad.device.copy(storage.block, storage.byteOffset, home.block, 0, storage.bytes);
  storage.moveTo(home.block);
  home.storage = storage;
}

function whole(device: Device, block: Block, shape: Shape): Tensor {
  const storage = Storage.at(device, block, numel(shape) * 4);
  const tensor = make(NDArray.over(storage, "float32", contiguous(shape)), undefined, "optimizer");
  keep(tensor);
  return tensor;
}
