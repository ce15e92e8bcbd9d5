// An array is what a tensor holds: a shape, a dtype, and either elements or the recipe for them.
//
//   realized   a storage and a layout over it
//   constant   one number everywhere; takes no memory until a kernel of its own has to fill a buffer
//   pointwise  a function of other arrays, element by element, not computed yet
//   deferred   a kernel not launched yet (matmul, conv), so that what follows can be computed as it stores its results
//
// Recipes are run by `realize()`, when something that is not pointwise needs the elements.
//
// Arrays are counted. Holders are tensors, the tape and recipes that read the array; when the last one lets go, the
// array lets go of its storage or of its recipe's inputs. Launchers need not count: arrays made inside `inFrame` are
// released at its end unless they are returned.

import { type DType, dtypes, type TypedArray } from "../core/dtype.js";
import { DisposedError } from "../core/errors.js";
import { contiguous, expand, isContiguous, type Layout, reshape } from "../core/layout.js";
import { numel, type Shape, sameShape } from "../core/shape.js";
import type { Block } from "../runtime/block.js";
import { currentDevice, type Device } from "../runtime/device.js";
import { type PendingReader, Storage } from "../runtime/storage.js";
import { functions } from "./pointwise/common.js";
import type { PointwiseFunction } from "./pointwise/function.js";
import type { Fusion } from "./pointwise/fusion.js";
import { computeInto, realizeRecipe } from "./pointwise/launch.js";
import { countLeaves, MAX_NODES } from "./pointwise/trace.js";

export interface Realized {
  readonly kind: "realized";
  readonly storage: Storage;
  readonly layout: Layout;
}
export interface Constant {
  readonly kind: "constant";
  readonly value: number;
  /** Whether nobody can change it in place, so that views of it need not share memory with it. */
  readonly isFrozen: boolean;
}
export interface Pointwise {
  readonly kind: "pointwise";
  readonly fn: PointwiseFunction;
  readonly inputs: readonly NDArray[];
  /** Pointwise functions in the recipe, shared ones counted once per use. */
  readonly size: number;
  /** The same value everywhere, for ever: a function of frozen constants alone. */
  readonly isUniform: boolean;
}
export interface Deferred {
  readonly kind: "deferred";
  readonly inputs: readonly NDArray[];
  /** Launches the kernel; it hands each result to the fusion as `acc`, with its row-major index. */
  readonly launch: (epilogue: Fusion) => void;
  /** Buffers the kernel binds beside those of the epilogue. */
  readonly buffers: number;
}
export type State = Realized | Constant | Pointwise | Deferred;

/** Function evaluations that one more launch is worth, about. */
const MAX_REPEATED_WORK = 1 << 18;
const MIN_REPEATS = 4;
/** Recipes of at most this size are rewritten for a new shape rather than run. */
const MAX_REWRITE = 8;

let frame: NDArray[] | undefined;

/** Functions in a recipe over these inputs. */
function sizeOf(inputs: readonly NDArray[]): number {
  let size = 1;
  for (const { state } of inputs) if (state.kind === "pointwise") size += state.size;
  return size;
}

/** Runs `body`, and releases every array it made except those it returns. */
export function inFrame<R extends NDArray | readonly NDArray[] | undefined>(body: () => R): R {
  const outer = frame;
  const made: NDArray[] = [];
  frame = made;
  try {
    const result = body();
    for (const array of result === undefined ? [] : Array.isArray(result) ? result : [result as NDArray]) {
      array.retain();
      outer?.push(array);
    }
    return result;
  } finally {
    frame = outer;
    for (const array of made) array.release();
  }
}

/** The shape an operand of shape `own`, broadcast to `from`, must take to be broadcast to `to` instead. */
function alongOnes(from: Shape, to: Shape, own: Shape): Shape {
  const result: number[] = [];
  let f = from.length - 1;
  const left = (): boolean => own.length - (from.length - f) >= 0;
  const size = (): number => own[own.length - (from.length - f)]!;
  for (let t = to.length - 1; t >= 0; t--) {
    while (f >= 0 && from[f] === 1 && to[t] !== 1) f--;
    const isOld = f >= 0 && from[f] === to[t];
    if (!isOld) result.unshift(1);
    else if (left()) result.unshift(size());
    else break;
    if (isOld) f--;
  }
  return result;
}

export class NDArray implements PendingReader {
  refs = 1;

  constructor(
    readonly device: Device,
    readonly dtype: DType,
    readonly shape: Shape,
    public state: State,
  ) {
    frame?.push(this);
    if (state.kind === "pointwise" || state.kind === "deferred") {
      for (const input of state.inputs) {
        input.retain();
        input.addReader(this);
      }
    }
  }

  static constant(value: number, dtype: DType, shape: Shape = [], device = currentDevice()): NDArray {
    return new NDArray(device, dtype, shape, { kind: "constant", value, isFrozen: true });
  }

  /** A constant to start with, in memory that will be changed in place: what zeros() and ones() give to users. */
  static full(value: number, dtype: DType, shape: Shape, device = currentDevice()): NDArray {
    return new NDArray(device, dtype, shape, { kind: "constant", value, isFrozen: false });
  }

  /** New memory with undefined contents, row-major. */
  static empty(dtype: DType, shape: Shape, device = currentDevice()): NDArray {
    const storage = Storage.allocate(device, numel(shape) * dtypes[dtype].bytes);
    return NDArray.over(storage, dtype, contiguous(shape));
  }

  /** New memory for several arrays, side by side in one block. */
  static emptySideBySide(dtype: DType, shapes: readonly Shape[], device: Device): NDArray[] {
    const storages = Storage.sideBySide(
      device,
      shapes.map((shape) => numel(shape) * dtypes[dtype].bytes),
    );
    return shapes.map((shape, i) => NDArray.over(storages[i]!, dtype, contiguous(shape)));
  }

  static fromHost(data: TypedArray, dtype: DType, shape: Shape, device = currentDevice()): NDArray {
    const storage = Storage.fromHost(device, data, numel(shape) * dtypes[dtype].bytes);
    return NDArray.over(storage, dtype, contiguous(shape));
  }

  /** An array over a storage, of which it becomes a holder that was already counted. */
  static over(storage: Storage, dtype: DType, layout: Layout): NDArray {
    return new NDArray(storage.device, dtype, layout.shape, { kind: "realized", storage, layout });
  }

  /** `fn` of `inputs`, which broadcast to `shape`; computed when needed. */
  static pointwise(fn: PointwiseFunction, dtype: DType, shape: Shape, inputs: readonly NDArray[]): NDArray {
    const device = inputs[0]?.device ?? currentDevice();
    // An operand that is repeated many times over is cheaper to store than to compute again for each repetition.
    for (const input of inputs) {
      if (input.state.kind !== "pointwise" || input.isUniform) continue;
      const repeats = numel(shape) / Math.max(numel(input.shape), 1);
      if (repeats >= MIN_REPEATS && input.state.size * numel(shape) > MAX_REPEATED_WORK) input.realize();
    }
    // Bounds on one kernel: its length, and the buffers an adapter lets it bind (one is the output's).
    const size = sizeOf(inputs);
    if (size > MAX_NODES || (size > 2 && countLeaves(inputs) >= device.limits.maxStorageBuffersPerShaderStage)) {
      for (const input of inputs) if (input.state.kind === "pointwise") input.realize();
    }
    const isUniform = !fn.indexed && inputs.every((input) => input.isUniform);
    return new NDArray(device, dtype, shape, { kind: "pointwise", fn, inputs, size: sizeOf(inputs), isUniform });
  }

  /** The result of a kernel that is launched when needed. */
  static deferred(dtype: DType, shape: Shape, recipe: Omit<Deferred, "kind">): NDArray {
    const device = recipe.inputs[0]?.device ?? currentDevice();
    const array = new NDArray(device, dtype, shape, { kind: "deferred", ...recipe });
    device.outstanding.add(array);
    return array;
  }

  /** Runs the recipe, if there is one, and returns where the elements are. */
  realize(): Realized {
    const { state } = this;
    if (state.kind === "realized") return state;
    if (this.refs === 0) throw new DisposedError("array", "used after its release");
    realizeRecipe(this);
    return this.state as Realized;
  }

  /** The array with its elements in row-major order and without gaps: itself if they are. */
  contiguous(): NDArray {
    if (this.isUniform || isContiguous(this.realize().layout)) return this.view((layout) => layout);
    const copy = NDArray.empty(this.dtype, this.shape, this.device);
    const { storage, layout } = copy.realize();
    computeInto(this, storage, layout);
    return copy;
  }

  sharesMemory({ state }: NDArray): boolean {
    return this.state.kind === "realized" && state.kind === "realized" && this.state.storage === state.storage;
  }

  /** Where the elements start in their block, in elements; for arrays that are realized. */
  get start(): number {
    const { storage, layout } = this.realize();
    void storage.block; // uploads host data, which decides where the storage lies
    return layout.offset + storage.byteOffset / dtypes[this.dtype].bytes;
  }

  /** `start` in bytes. */
  get startByte(): number {
    return this.start * dtypes[this.dtype].bytes;
  }

  get block(): Block {
    return this.realize().storage.block;
  }

  /** Runs the recipe now, if there is one: a deferred kernel with what was asked to follow it. */
  finish(): void {
    if (this.state.kind === "deferred") for (const reader of [...(this.#readers ?? [])]) reader.finish();
    if (this.refs > 0) this.realize();
  }

  /** Computes the elements into existing memory, where another array lives. */
  computeInto({ storage, layout }: Realized): void {
    computeInto(this, storage, layout);
  }

  /** Computes the elements into existing memory, or copies them there, and moves the array to it. */
  realizeInto(storage: Storage): void {
    const layout = contiguous(this.shape);
    computeInto(this, storage, layout);
    if (this.state.kind === "realized") for (const reader of [...(this.state.storage.readers ?? [])]) reader.finish();
    storage.retain();
    this.settle(storage, layout);
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

  /** Another array over the same elements. Recipes are run first, unless their value is the same everywhere. */
  view(change: (layout: Layout) => Layout): NDArray {
    if (this.isUniform) {
      const { shape } = change({ shape: this.shape, strides: this.shape.map(() => 0), offset: 0 });
      return new NDArray(this.device, this.dtype, shape, this.state);
    }
    const { storage, layout } = this.realize();
    storage.retain();
    return NDArray.over(storage, this.dtype, change(layout));
  }

  /** The same elements in row-major order under another shape; copied where strides cannot say so. */
  reshape(shape: Shape): NDArray {
    const rewritten = this.#withOnes(shape);
    if (rewritten !== undefined) return rewritten;
    const fits = this.isUniform || reshape(this.realize().layout, shape) !== undefined;
    return (fits ? this : this.contiguous()).view((layout) => reshape(layout, shape) ?? contiguous(shape));
  }

  expand(shape: Shape): NDArray {
    if (this.state.kind === "pointwise" && !this.isUniform) {
      return NDArray.pointwise(functions.identity, this.dtype, shape, [this]);
    }
    return this.view((layout) => expand(layout, shape));
  }

  /** For small recipes: the same recipe for a shape that differs only in dimensions of size 1. */
  #withOnes(shape: Shape): NDArray | undefined {
    const { state } = this;
    if (state.kind !== "pointwise" || state.isUniform || state.size > MAX_REWRITE) return undefined;
    const wide = (size: number): boolean => size !== 1;
    if (!sameShape(shape.filter(wide), this.shape.filter(wide))) return undefined;
    if (state.fn.indexed) return undefined;
    const inputs = state.inputs.map((input) => input.reshape(alongOnes(this.shape, shape, input.shape)));
    return NDArray.pointwise(state.fn, this.dtype, shape, inputs);
  }

  /** Whether the recipe alone says that all elements are equal, and will stay so. */
  get isUniform(): boolean {
    const { state } = this;
    return state.kind === "constant" ? state.isFrozen : state.kind === "pointwise" && state.isUniform;
  }

  /** Whether the elements lie, or will lie, in row-major order without gaps. */
  get hasDenseLayout(): boolean {
    return this.state.kind !== "realized" || isContiguous(this.state.layout);
  }

  /** The version of the elements, for the tape: it rises when they are changed in place. */
  get version(): number {
    return this.state.kind === "realized" ? this.state.storage.version : 0;
  }

  /** The host's copy of the elements, where there is one: with their layout over it. */
  get host(): { readonly data: TypedArray; readonly layout: Layout } | undefined {
    if (this.state.kind !== "realized") return undefined;
    const { storage, layout } = this.state;
    return storage.host === undefined ? undefined : { data: storage.host, layout };
  }

  #readers: Set<PendingReader> | undefined;

  /** Recipes that read this array: they must run before its elements are overwritten. */
  addReader(reader: PendingReader): void {
    if (this.state.kind === "realized") (this.state.storage.readers ??= new Set()).add(reader);
    else if (!this.isUniform) (this.#readers ??= new Set()).add(reader);
  }

  removeReader(reader: PendingReader): void {
    if (this.state.kind === "realized") this.state.storage.readers?.delete(reader);
    else this.#readers?.delete(reader);
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

  #forget(state: State): void {
    if (state.kind === "realized") state.storage.release();
    if (state.kind !== "pointwise" && state.kind !== "deferred") return;
    this.device.outstanding.delete(this);
    for (const input of state.inputs) {
      input.removeReader(this);
      input.release();
    }
  }
}
