// An array is what a tensor holds: a shape, a dtype, and either elements or the recipe for them (array-state.ts). Here:
// how arrays are made, computed and viewed. How they are counted and let go of is in array-life.ts.

import { type DType, dtypes, type TypedArray } from "../core/dtype.js";
import { DisposedError } from "../core/errors.js";
import { held } from "../core/half.js";
import { contiguous, expand, isContiguous, type Layout, reshape } from "../core/layout.js";
import { numel, type Shape, sameShape } from "../core/shape.js";
import type { Block } from "../runtime/block.js";
import { currentDevice } from "../runtime/current.js";
import type { Device } from "../runtime/device.js";
import { recording, unrecorded } from "../runtime/recording.js";
import { Storage } from "../runtime/storage.js";
import { ArrayLife } from "./array-life.js";
import { type Deferred, isUniform, type Realized, type ViewOf } from "./array-state.js";
import { isDense, memoryOf, sharedBase, viewed } from "./array-view.js";
import { functions } from "./pointwise/common.js";
import type { PointwiseFunction } from "./pointwise/function.js";
import { computeInto, realizeRecipe } from "./pointwise/launch.js";
import { recipeOf, rewrittenFor } from "./pointwise/recipe.js";

/** Elements of one dtype, or the recipe for them, under one shape. */
export class NDArray extends ArrayLife {
  static constant(value: number, dtype: DType, shape: Shape = [], device = currentDevice()): NDArray {
    return new NDArray(device, dtype, shape, { kind: "constant", value: held(value, dtype), isFrozen: true });
  }

  /** A constant to start with, in memory that will be changed in place: what zeros() and ones() give to users. */
  static full(value: number, dtype: DType, shape: Shape, device = currentDevice()): NDArray {
    return new NDArray(device, dtype, shape, { kind: "constant", value: held(value, dtype), isFrozen: false });
  }

  /** New memory with undefined contents, row-major. */
  static empty(dtype: DType, shape: Shape, device = currentDevice()): NDArray {
    const storage = Storage.allocate(device, numel(shape) * dtypes[dtype].bytes);
    return NDArray.over(storage, dtype, contiguous(shape));
  }

  /** New memory for several arrays, side by side in one block. */
  static emptySideBySide(dtype: DType, shapes: readonly Shape[], device: Device): NDArray[] {
    const sizes = shapes.map((shape) => numel(shape) * dtypes[dtype].bytes);
    return Storage.sideBySide(device, sizes).map((storage, i) => NDArray.over(storage, dtype, contiguous(shapes[i]!)));
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
  static pointwise(
    fn: PointwiseFunction,
    dtype: DType,
    shape: Shape,
    inputs: readonly NDArray[],
    viewOf?: ViewOf,
  ): NDArray {
    const device = inputs[0]?.device ?? currentDevice();
    return new NDArray(device, dtype, shape, recipeOf(fn, shape, inputs, device, viewOf));
  }

  /** The result of a kernel that is launched when needed. */
  static deferred(dtype: DType, shape: Shape, recipe: Omit<Deferred, "kind" | "viewOf">, viewOf?: ViewOf): NDArray {
    const device = recipe.inputs[0]?.device ?? currentDevice();
    const array = new NDArray(device, dtype, shape, { ...recipe, kind: "deferred", viewOf });
    device.outstanding.add(array);
    return array;
  }

  /** Runs the recipe, if there is one, and returns where the elements are. */
  realize(): Realized {
    const { state } = this;
    if (state.kind === "realized") return state;
    if (this.refs === 0) throw new DisposedError("array", "used after its release");
    if (recording()?.isOlder(this)) return unrecorded(() => this.realize());
    const shared = sharedBase(state);
    if (shared === undefined) realizeRecipe(this);
    else {
      const { storage, layout } = shared.base.realize();
      storage.retain();
      this.settle(storage, shared.change(layout));
    }
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

  /** Whether a change of one in place is seen through the other. */
  sharesMemory(other: NDArray): boolean {
    return memoryOf(this) === memoryOf(other);
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
    if (sameShape(shape, this.shape)) return this;
    const change = (layout: Layout): Layout => reshape(layout, shape) ?? contiguous(shape);
    if (this.state.kind === "deferred") return NDArray.deferred(this.dtype, shape, this.state, viewed(this, change));
    const recipe = rewrittenFor(shape, this);
    if (recipe !== undefined)
      return NDArray.pointwise(recipe.fn, this.dtype, shape, recipe.inputs, viewed(this, change));
    return (this.canView(shape) ? this : this.contiguous()).view(change);
  }

  /** Whether strides can say what another shape means, so that reshape need not copy. */
  canView(shape: Shape): boolean {
    return this.isUniform || this.hasDenseLayout || reshape(this.realize().layout, shape) !== undefined;
  }

  expand(shape: Shape): NDArray {
    if (sameShape(shape, this.shape)) return this;
    const change = (layout: Layout): Layout => expand(layout, shape);
    if (this.state.kind === "pointwise" && !this.isUniform) {
      return NDArray.pointwise(functions.identity, this.dtype, shape, [this], viewed(this, change));
    }
    return this.view(change);
  }

  /** Whether other arrays have the same memory, or will have it once there is any. */
  get isShared(): boolean {
    const { state } = this;
    return state.kind === "realized" ? state.storage.refs > 1 : sharedBase(state) !== undefined;
  }

  /** Whether the recipe alone says that all elements are equal, and will stay so. */
  get isUniform(): boolean {
    return isUniform(this.state);
  }

  /** Whether the elements lie, or will lie, in row-major order without gaps. */
  get hasDenseLayout(): boolean {
    return isDense(this.state);
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
}
