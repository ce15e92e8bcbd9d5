// What every tensor is: an array, a place on the tape, and memory that is counted.

import { isInferenceModeEnabled } from "../autograd/modes.js";
import { type Hold, letGo, watch } from "../autograd/scope.js";
import type { Share } from "../autograd/sharing.js";
import type { Variable } from "../autograd/variable.js";
import type { DType, TypedArray } from "../core/dtype.js";
import { DisposedError, formatShape, ShapeError } from "../core/errors.js";
import { normalizeDim, numel, type Shape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import type { Device } from "../runtime/device.js";
import { formatTensor } from "./print.js";
import { type Nested, readArray, toNested } from "./read.js";
import type { Tensor } from "./tensor.js";
import { catchUp } from "./view-history.js";

/** Where somebody wants to know which tensors are used. */
let observer: ((tensor: Tensor, array: NDArray) => void) | undefined;

/** @internal Runs `body`, and tells `observe` of every tensor whose array it asks for. */
export function observingTensors<R>(observe: (tensor: Tensor, array: NDArray) => void, body: () => R): R {
  const outer = observer;
  observer = observe;
  try {
    return body();
  } finally {
    observer = outer;
  }
}

/** What a tensor is, before it can do anything. Its methods are in methods/, a class on top of another. */
export abstract class TensorBase implements Disposable {
  readonly shape: Shape;
  readonly dtype: DType;
  #variable: Variable | undefined;
  /** @internal Which other tensors share its memory by construction, and what the tape knows of that. */
  share: Share | undefined;
  readonly #hold: Hold;
  readonly #isInference = isInferenceModeEnabled();

  /** @internal Takes over one count of the array. Use `tensor()`, `zeros()` ... */
  constructor(
    array: NDArray,
    variable: Variable | undefined,
    /** @internal What made it, for errors. */
    readonly madeBy: string,
  ) {
    this.shape = array.shape;
    this.dtype = array.dtype;
    this.#variable = variable;
    this.#hold = { array };
    watch(this.self, this.#hold);
  }

  /** @internal The tensor's place on the tape; undefined if it does not require grad. */
  get variable(): Variable | undefined {
    const { share } = this;
    if (share !== undefined && share.included !== share.sharing.changes) catchUp(this.self);
    return this.#variable;
  }

  set variable(variable: Variable | undefined) {
    this.#variable = variable;
    if (this.share?.kind === "base") this.share.base.variable = variable;
  }

  /** How many dimensions there are; 0 for a scalar. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The device whose memory holds the elements. */
  get device(): Device {
    return this.array.device;
  }

  /** How many elements there are: the product of the shape, 1 for a scalar. */
  numel(): number {
    return numel(this.shape);
  }

  /** The shape, or the size of one dimension; a negative `dim` counts from the end. */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : this.shape[dimOf(this, "size", dim)]!;
  }

  /** Whether the tensor was made in inferenceMode, and so can never join the tape. */
  isInference(): boolean {
    return this.#isInference;
  }

  /** Whether the elements lie in memory in row-major order without gaps. */
  isContiguous(): boolean {
    return this.array.hasDenseLayout;
  }

  /** @internal */
  get array(): NDArray {
    return this.arrayFor("tensor");
  }

  /** @internal The array, for an op of this name. */
  arrayFor(op: string): NDArray {
    const { array, advice = "keep it with tidy's return value or scope.keep()" } = this.#hold;
    if (array === undefined) {
      throw new DisposedError(op, `tensor ${formatShape(this.shape)} was disposed (made by ${this.madeBy}); ${advice}`);
    }
    observer?.(this.self, array);
    return array;
  }

  /** Gives the memory back now rather than when the garbage collector finds the tensor. What the tape saved stays. */
  dispose(): void {
    letGo(this.#hold);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Whether the memory was given back: what reads the elements then throws a DisposedError. */
  get isDisposed(): boolean {
    return this.#hold.array === undefined;
  }

  /** The elements in row-major order. uint8 and bool come as Uint8Array. Waits for the GPU. */
  async data(): Promise<TypedArray> {
    return readArray(this.arrayFor("data"));
  }

  /** The elements as nested arrays. Waits for the GPU. */
  async toArray(): Promise<Nested> {
    return toNested(await this.data(), this.shape);
  }

  /** The one element of a tensor that has one. Waits for the GPU. */
  async item(): Promise<number> {
    if (this.numel() !== 1)
      throw new ShapeError("item", [this.shape], "needs a tensor with one element", "toArray() and data() read more");
    return (await this.data())[0]!;
  }

  /** The tensor as PyTorch prints it. Waits for the GPU. */
  async text(): Promise<string> {
    const op = this.variable?.node?.op.name;
    const suffix = op !== undefined ? `, gradFn=${op}` : this.variable !== undefined ? ", requiresGrad=true" : "";
    return formatTensor(await this.data(), this.shape, this.dtype, suffix);
  }

  /** Shape, dtype and requiresGrad, at once; the values are on the GPU, and text() waits for them. */
  toString(): string {
    return `Tensor(${formatShape(this.shape)}, ${this.dtype}${this.variable !== undefined ? ", requiresGrad" : ""})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.isDisposed ? `${this} (disposed)` : `${this} (await x.text() shows the values)`;
  }

  /** @internal This object, which is never less than a Tensor. */
  protected get self(): Tensor {
    return this as unknown as Tensor;
  }
}

/** @internal */
export function dimOf({ ndim }: TensorBase, op: string, dim: number): number {
  return normalizeDim(op, dim, ndim);
}
