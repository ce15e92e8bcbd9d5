// Tensor: a table of contents. A method is one line that applies an op of src/ops, or calls a neighbour in this folder.

import type { Op } from "../autograd/op.js";
import { type Hold, letGo, watch } from "../autograd/scope.js";
import { assertHistory, type Share } from "../autograd/sharing.js";
import { type BackwardOptions, playBack, type TensorFactory } from "../autograd/tape.js";
import { type GradHook, Variable } from "../autograd/variable.js";
import { checkList, checkTensor, checkWhole } from "../core/check.js";
import { type DType, isFloatingPoint, type TypedArray } from "../core/dtype.js";
import { AutogradError, DeviceError, DisposedError, DTypeError, formatShape, ShapeError } from "../core/errors.js";
import { inferShape, normalizeDim, normalizeDims, numel, reduceShape, type Shape, sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import type { Conv2dAttributes, Pair } from "../kernels/conv2d.js";
import * as activation from "../ops/activation.js";
import * as arithmetic from "../ops/arithmetic.js";
import * as comparison from "../ops/comparison.js";
import * as conv from "../ops/conv.js";
import * as indexing from "../ops/indexing.js";
import * as math from "../ops/math.js";
import * as products from "../ops/matmul.js";
import * as pool from "../ops/pool.js";
import * as reduction from "../ops/reduction.js";
import * as shaping from "../ops/shape.js";
import * as softmaxes from "../ops/softmax.js";
import { Device } from "../runtime/device.js";
import { applyInPlace, applyOp } from "./apply.js";
import * as args from "./arguments.js";
import { type Index, indexTensor, maskedSelect, pickRows } from "./indexing.js";
import { ownArray } from "./own.js";
import { formatTensor } from "./print.js";
import { product } from "./product.js";
import { type Nested, readArray, toNested } from "./read.js";
import { extremum, type VarianceOptions, variance } from "./statistics.js";

/** An operand: a tensor, or a number, which takes the dtype of the tensors it meets. */
export type Operand = Tensor | number;
/** One dimension or several; negative ones count from the end. */
export type Dims = number | readonly number[];

export interface KeepdimOptions {
  /** Keeps reduced dimensions, with size 1. Default false. */
  readonly keepdim?: boolean;
}

/** A multi-dimensional array on the GPU that remembers how it was computed. */
// biome-ignore format: one line per method
export class Tensor implements Disposable {
  readonly shape: Shape;
  readonly dtype: DType;
  /** @internal The tensor's place on the tape; undefined if it does not require grad. */
  variable: Variable | undefined;
  /** @internal Which other tensors share its memory by construction, and what the tape knows of that. */
  share: Share | undefined;
  readonly #hold: Hold;

  /** @internal Takes over one count of the array. Use `tensor()`, `zeros()` ... */
  constructor(
    array: NDArray,
    variable: Variable | undefined,
    /** @internal What made it, for errors. */
    readonly madeBy: string,
  ) {
    this.shape = array.shape;
    this.dtype = array.dtype;
    this.variable = variable;
    this.#hold = { array };
    watch(this, this.#hold);
  }

  // ---------------------------------------------------------------------------------------------- what it is

  get ndim(): number {
    return this.shape.length;
  }

  get device(): Device {
    return this.array.device;
  }

  numel(): number {
    return numel(this.shape);
  }

  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : this.shape[this.#dim("size", dim)]!;
  }

  isContiguous(): boolean {
    return this.array.hasDenseLayout;
  }

  // ---------------------------------------------------------------------------------------------- autograd

  /** Whether operations on this tensor are recorded. */
  get requiresGrad(): boolean {
    return this.variable !== undefined;
  }

  set requiresGrad(wanted: boolean) {
    this.requiresGrad_(wanted);
  }

  /** Whether the tensor was made by the user rather than by a recorded operation. */
  get isLeaf(): boolean {
    return this.variable?.node === undefined;
  }

  /** The gradient that backward() has accumulated so far; null if there is none. */
  get grad(): Tensor | null {
    if (this.variable !== undefined) this.variable.isGradShared = true;
    return this.variable?.grad ?? null;
  }

  set grad(grad: Tensor | null) {
    if (grad !== null && !sameShape(grad.shape, this.shape)) {
      throw new ShapeError("grad", [this.shape, grad.shape], "a gradient has the shape of its tensor");
    }
    if (this.variable === undefined) throw new AutogradError("grad", "this tensor does not require grad");
    this.variable.setGrad(grad ?? undefined);
  }

  requiresGrad_(wanted = true): this {
    if (wanted === this.requiresGrad) return this;
    if (!this.isLeaf) throw new AutogradError("requiresGrad_", "only leaves can stop requiring grad; use detach()");
    if (wanted && !isFloatingPoint(this.dtype)) {
      throw new DTypeError("requiresGrad_", `only floating-point tensors can require grad, this one is ${this.dtype}`);
    }
    this.variable = wanted ? new Variable() : undefined;
    if (this.share?.isView === false) this.share.sharing.requiresGrad = wanted;
    return this;
  }

  /**
   * Computes dL/dx of every leaf x that this tensor was computed from, and adds it to x.grad.
   * @param gradient - dL/d(this); may be left out for a single element, where it is 1
   * @throws AutogradError for more than one element without `gradient`, for a tape that was already played back, and for
   *   a saved tensor that was changed in place since
   */
  backward(gradient?: Tensor | null, options?: BackwardOptions): void;
  backward(options: BackwardOptions): void;
  backward(gradient?: Tensor | BackwardOptions | null, options: BackwardOptions = {}): void {
    if (isOptions(gradient)) {
      this.backward(null, gradient);
      return;
    }
    assertHistory("backward", this);
    if (this.variable === undefined) {
      throw new AutogradError("backward", "this tensor does not require grad: it was computed from no leaf with requiresGrad, or under noGrad");
    }
    playBack([{ variable: this.variable, grad: seed(this, gradient) }], undefined, options, factory);
  }

  /** The same values, cut off from the tape. Memory is shared. */
  detach(): Tensor {
    return new Tensor(this.array.retain(), undefined, "detach");
  }

  /** @internal This view of a tensor that nobody was given, as a tensor that is no view. */
  asBase(): this {
    this.share = undefined;
    return this;
  }

  /** Calls `hook` with the gradient of this tensor whenever it is computed; what it returns replaces the gradient. */
  registerHook(hook: GradHook): { remove(): void } {
    assertHistory("registerHook", this);
    if (this.variable === undefined) throw new AutogradError("registerHook", "this tensor does not require grad");
    return this.variable.registerHook(hook);
  }

  /** Makes backward() keep the gradient of this tensor in `.grad` although it is not a leaf. */
  retainGrad(): void {
    const { variable } = this;
    assertHistory("retainGrad", this);
    if (variable === undefined) throw new AutogradError("retainGrad", "this tensor does not require grad");
    if (variable.node !== undefined) variable.node.retained[variable.index] = variable;
  }

  // ---------------------------------------------------------------------------------------------- memory

  /** @internal */
  get array(): NDArray {
    return this.arrayFor("tensor");
  }

  /** @internal The array, for an op of this name. */
  arrayFor(op: string): NDArray {
    const { array } = this.#hold;
    if (array === undefined) {
      throw new DisposedError(op, `tensor ${formatShape(this.shape)} was disposed (made by ${this.madeBy}); keep it with tidy's return value or scope.keep()`);
    }
    return array;
  }

  /** Gives the memory back now rather than when the garbage collector finds the tensor. What the tape saved stays. */
  dispose(): void {
    letGo(this.#hold);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get isDisposed(): boolean {
    return this.#hold.array === undefined;
  }

  // ---------------------------------------------------------------------------------------------- reading

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
    if (this.numel() !== 1) throw new ShapeError("item", [this.shape], "needs a tensor with one element", "toArray() and data() read more");
    return (await this.data())[0]!;
  }

  /** The tensor as PyTorch prints it. Waits for the GPU. */
  async text(): Promise<string> {
    const op = this.variable?.node?.op.name;
    const suffix = op !== undefined ? `, gradFn=${op}` : this.requiresGrad ? ", requiresGrad=true" : "";
    return formatTensor(await this.data(), this.shape, this.dtype, suffix);
  }

  toString(): string {
    return `Tensor(${formatShape(this.shape)}, ${this.dtype}${this.requiresGrad ? ", requiresGrad" : ""})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.isDisposed ? `${this} (disposed)` : `${this} (await x.text() shows the values)`;
  }

  // ---------------------------------------------------------------------------------------------- arithmetic

  add(other: Operand): Tensor { return apply(arithmetic.add, [this, other]); }
  sub(other: Operand): Tensor { return apply(arithmetic.sub, [this, other]); }
  mul(other: Operand): Tensor { return apply(arithmetic.mul, [this, other]); }
  div(other: Operand): Tensor { return apply(arithmetic.div, [this, other]); }
  floorDivide(other: Operand): Tensor { return apply(arithmetic.floorDivide, [this, other]); }
  remainder(other: Operand): Tensor { return apply(arithmetic.remainder, [this, other]); }
  pow(exponent: Operand): Tensor { return apply(arithmetic.pow, [this, args.exponent(this.dtype, exponent)]); }
  maximum(other: Operand): Tensor { return apply(arithmetic.maximum, [this, other]); }
  minimum(other: Operand): Tensor { return apply(arithmetic.minimum, [this, other]); }
  neg(): Tensor { return apply(arithmetic.neg, [this]); }
  abs(): Tensor { return apply(arithmetic.abs, [this]); }
  sign(): Tensor { return apply(arithmetic.sign, [this]); }

  // ---------------------------------------------------------------------------------------------- comparison and choice

  eq(other: Operand): Tensor { return apply(comparison.eq, [this, other]); }
  ne(other: Operand): Tensor { return apply(comparison.ne, [this, other]); }
  lt(other: Operand): Tensor { return apply(comparison.lt, [this, other]); }
  le(other: Operand): Tensor { return apply(comparison.le, [this, other]); }
  gt(other: Operand): Tensor { return apply(comparison.gt, [this, other]); }
  ge(other: Operand): Tensor { return apply(comparison.ge, [this, other]); }
  logicalAnd(other: Operand): Tensor { return apply(comparison.logicalAnd, [this, other]); }
  logicalOr(other: Operand): Tensor { return apply(comparison.logicalOr, [this, other]); }
  logicalXor(other: Operand): Tensor { return apply(comparison.logicalXor, [this, other]); }
  logicalNot(): Tensor { return apply(comparison.logicalNot, [this]); }
  isnan(): Tensor { return apply(comparison.isnan, [this]); }
  isinf(): Tensor { return apply(comparison.isinf, [this]); }
  isfinite(): Tensor { return this.isnan().logicalOr(this.isinf()).logicalNot(); }
  /** This tensor where the condition holds, `other` elsewhere. */
  where(condition: Tensor, other: Operand): Tensor { return apply(comparison.where, [condition, this, other]); }
  /** `value` where the mask holds, this tensor elsewhere. */
  maskedFill(mask: Tensor, value: number): Tensor {
    args.checkMask("maskedFill", mask);
    return this.where(mask.logicalNot(), value);
  }
  clamp(min?: number | null, max?: number | null): Tensor { return apply(arithmetic.clamp, [this], { min: min ?? undefined, max: max ?? undefined }); }

  // ---------------------------------------------------------------------------------------------- functions

  exp(): Tensor { return apply(math.exp, [this]); }
  expm1(): Tensor { return apply(math.expm1, [this]); }
  log(): Tensor { return apply(math.log, [this]); }
  log1p(): Tensor { return apply(math.log1p, [this]); }
  log2(): Tensor { return this.log().mul(Math.LOG2E); }
  log10(): Tensor { return this.log().mul(Math.LOG10E); }
  sqrt(): Tensor { return apply(math.sqrt, [this]); }
  rsqrt(): Tensor { return apply(math.rsqrt, [this]); }
  reciprocal(): Tensor { return apply(math.reciprocal, [this]); }
  square(): Tensor { return apply(math.square, [this]); }
  sin(): Tensor { return apply(math.sin, [this]); }
  cos(): Tensor { return apply(math.cos, [this]); }
  erf(): Tensor { return apply(math.erf, [this]); }
  floor(): Tensor { return apply(math.floor, [this]); }
  ceil(): Tensor { return apply(math.ceil, [this]); }
  trunc(): Tensor { return apply(math.trunc, [this]); }
  round(): Tensor { return apply(math.round, [this]); }
  relu(): Tensor { return apply(activation.relu, [this]); }
  sigmoid(): Tensor { return apply(activation.sigmoid, [this]); }
  tanh(): Tensor { return apply(activation.tanh, [this]); }
  softmax(dim: number): Tensor { return apply(softmaxes.softmax, [this], this.#dim("softmax", dim)); }
  logSoftmax(dim: number): Tensor { return apply(softmaxes.logSoftmax, [this], this.#dim("logSoftmax", dim)); }

  // ---------------------------------------------------------------------------------------------- reductions

  sum(dim?: Dims | null, options: KeepdimOptions = {}): Tensor {
    const x = isFloatingPoint(this.dtype) ? this : this.to("int32");
    return apply(reduction.sum, [x], this.#reduced("sum", dim, options));
  }
  mean(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.mean, [this], this.#reduced("mean", dim, options)); }
  amax(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.amax, [this], this.#reduced("amax", dim, options)); }
  amin(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.amin, [this], this.#reduced("amin", dim, options)); }
  argmax(dim?: number | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.argmax, [this], this.#reduced("argmax", dim, options)); }
  argmin(dim?: number | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.argmin, [this], this.#reduced("argmin", dim, options)); }
  /** The largest element; along a dimension, with the index of the first one. */
  max(): Tensor;
  max(dim: number, options?: KeepdimOptions): { values: Tensor; indices: Tensor };
  max(dim?: number, options: KeepdimOptions = {}): Tensor | { values: Tensor; indices: Tensor } {
    return dim === undefined ? apply(reduction.amax, [this], { ...this.#reduced("max", dim, {}), op: "max" }) : extremum("max", this, this.#dim("max", dim), options.keepdim);
  }
  /** The smallest element; along a dimension, with the index of the first one. */
  min(): Tensor;
  min(dim: number, options?: KeepdimOptions): { values: Tensor; indices: Tensor };
  min(dim?: number, options: KeepdimOptions = {}): Tensor | { values: Tensor; indices: Tensor } {
    return dim === undefined ? apply(reduction.amin, [this], { ...this.#reduced("min", dim, {}), op: "min" }) : extremum("min", this, this.#dim("min", dim), options.keepdim);
  }
  /** Mean squared distance from the mean, divided by n - correction (default 1). */
  var(dim?: Dims | null, options: VarianceOptions = {}): Tensor { return variance("var", this, dim, options); }
  std(dim?: Dims | null, options: VarianceOptions = {}): Tensor { return variance("std", this, dim, options).sqrt(); }
  /** Whether all elements are nonzero. */
  all(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return this.ne(0).to("uint8").amin(dim, options).to("bool"); }
  /** Whether any element is nonzero. */
  any(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return this.ne(0).to("uint8").amax(dim, options).to("bool"); }

  // ---------------------------------------------------------------------------------------------- products

  /** The matrix product; vectors and leading dimensions as in PyTorch's matmul. */
  matmul(other: Tensor): Tensor { return product("matmul", this, other, (a, b) => apply(products.matmul, [a, b])); }
  /** The product of two matrices. */
  mm(other: Tensor): Tensor { return product("mm", this, other, (a, b) => apply(products.matmul, [a, b])); }
  /** @internal src/nn/functional.ts has the public forms of these. */
  conv2d(weight: Tensor, attributes: Conv2dAttributes, bias?: Tensor | null): Tensor {
    return bias ? apply(conv.conv2dWithBias, [this, weight, bias], attributes) : apply(conv.conv2d, [this, weight], attributes);
  }
  /** @internal */
  conv2dInputGradient(weight: Tensor, attributes: Conv2dAttributes, size: Pair): Tensor { return apply(conv.conv2dInput, [this, weight], { ...attributes, size }); }
  /** @internal */
  conv2dWeightGradient(dy: Tensor, attributes: Conv2dAttributes, size: Pair): Tensor { return apply(conv.conv2dWeight, [this, dy], { ...attributes, size }); }
  /** @internal */
  maxPool2d(attributes: pool.MaxPool2dAttributes): Tensor { return apply(pool.maxPool2d, [this], attributes); }
  /** @internal */
  maxPool2dGradient(indices: Tensor, attributes: pool.MaxPool2dAttributes, size: Pair): Tensor { return apply(pool.maxPool2dGradient, [this, indices], { ...attributes, size }); }
  /** @internal */
  avgPool2d(attributes: pool.AvgPool2dAttributes): Tensor { return apply(pool.avgPool2d, [this], attributes); }
  /** @internal */
  avgPool2dGradient(attributes: pool.AvgPool2dAttributes, size: Pair): Tensor { return apply(pool.avgPool2dGradient, [this], { ...attributes, size }); }
  /** @internal */
  crossEntropyGradient(logSum: Tensor, labels: Tensor, scale: Tensor): Tensor { return apply(softmaxes.crossEntropyGradient, [this, logSum, labels, scale]); }

  // ---------------------------------------------------------------------------------------------- shape

  /** Dimensions reversed. */
  get T(): Tensor { return this.permute(this.shape.map((_, d) => this.ndim - 1 - d)); }
  /** The last two dimensions exchanged. */
  get mT(): Tensor { return this.transpose(-2, -1); }
  reshape(shape: Shape): Tensor {
    checkList("reshape", shape, "...");
    const full = inferShape("reshape", shape, this.numel(), this.shape);
    return apply(shaping.reshape, [this], full);
  }
  /** The same memory under another shape, where strides can say what that means. */
  view(shape: Shape): Tensor {
    checkList("view", shape, "...");
    const full = inferShape("view", shape, this.numel(), this.shape);
    if (!this.arrayFor("view").canView(full)) {
      throw new ShapeError("view", [this.shape], `its elements are not in an order that ${formatShape(full)} could be a view of`, "reshape() copies them");
    }
    return apply(shaping.reshape, [this], full);
  }
  flatten(startDim = 0, endDim = -1): Tensor {
    return this.reshape(args.flattened(this.shape, this.#dim("flatten", startDim), this.#dim("flatten", endDim)));
  }
  permute(dims: readonly number[]): Tensor { return apply(shaping.permute, [this], args.permutation(this.shape, dims)); }
  transpose(dim0: number, dim1: number): Tensor {
    const [a, b] = [this.#dim("transpose", dim0), this.#dim("transpose", dim1)];
    return apply(shaping.permute, [this], this.shape.map((_, d) => (d === a ? b : d === b ? a : d)));
  }
  expand(shape: Shape): Tensor { return apply(shaping.expand, [this], args.expanded(this.shape, shape)); }
  unsqueeze(dim: number): Tensor {
    const at = normalizeDim("unsqueeze", dim, this.ndim + 1);
    return this.reshape(this.shape.toSpliced(at, 0, 1));
  }
  /** Without dimension `dim` if its size is 1; without all dimensions of size 1 if `dim` is left out. */
  squeeze(dim?: number): Tensor {
    const at = dim === undefined ? undefined : this.#dim("squeeze", dim);
    return this.reshape(this.shape.filter((size, d) => size !== 1 || (at !== undefined && d !== at)));
  }
  contiguous(): Tensor { return apply(shaping.contiguous, [this]); }
  clone(): Tensor { return apply(shaping.clone, [this]); }
  /** Summed over the dimensions along which `shape` would be broadcast to this tensor's shape. */
  sumToSize(shape: Shape): Tensor {
    const lead = this.ndim - shape.length;
    const dims = this.shape.map((_, d) => d).filter((d) => d < lead || (shape[d - lead] === 1 && this.shape[d] !== 1));
    return dims.length === 0 ? this : apply(reduction.sum, [this], { dims, shape });
  }

  /** Another dtype, or the same tensor on a device (there is one at a time, so that only checks). */
  to(target: DType | Device): Tensor {
    if (target instanceof Device) return this.#on(target);
    args.checkTarget(target);
    return target === this.dtype ? this : apply(shaping.cast, [this], target);
  }

  // ---------------------------------------------------------------------------------------------- indexing

  /** x[...] of Python: numbers, slice(), null, ellipsis and one int32 tensor. Views where it can be. */
  index(...indices: readonly Index[]): Tensor { return indexTensor(this, indices); }
  select(dim: number, index: number): Tensor {
    const at = this.#dim("select", dim);
    return this.sliced(args.selected(this.shape, at, index)).reshape(this.shape.toSpliced(at, 1));
  }
  narrow(dim: number, start: number, length: number): Tensor { return this.sliced(args.narrowed(this.shape, this.#dim("narrow", dim), start, length)); }
  /** @internal */
  sliced(attributes: shaping.SliceAttributes): Tensor { return apply(shaping.slice, [this], attributes); }
  /** @internal */
  sliceInto(shape: Shape, attributes: shaping.SliceAttributes): Tensor { return apply(shaping.sliceInto, [this], { ...attributes, shape }); }
  /** @internal Rows by index; on the host as long as the tensor has not been used on the GPU. */
  rows(indices: Int32Array): Tensor { return pickRows(this, indices, make); }
  indexSelect(dim: number, index: Tensor): Tensor { return apply(indexing.indexSelect, [this, index], { dim: this.#dim("indexSelect", dim) }); }
  /** @internal */
  indexSelectAs(index: Tensor, attributes: indexing.IndexAttributes): Tensor { return apply(indexing.indexSelect, [this, index], attributes); }
  /** @internal */
  indexSum(index: Tensor, attributes: indexing.IndexAttributes & { readonly size: number }): Tensor { return apply(indexing.indexSum, [this, index], attributes); }
  gather(dim: number, index: Tensor): Tensor { return apply(indexing.gather, [this, index], { dim: this.#dim("gather", dim) }); }
  /** @internal */
  scatterSum(index: Tensor, attributes: indexing.IndexAttributes & { readonly shape: Shape }): Tensor { return apply(indexing.scatterSum, [this, index], attributes); }
  /** This tensor plus, at each index along `dim`, the source's elements. Deterministic. */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor {
    checkTensor("scatterAdd", src);
    return this.add(src.scatterSum(index, { dim: this.#dim("scatterAdd", dim), shape: this.shape }));
  }
  /** This tensor plus, at each index along `dim`, a slice of the source. Deterministic. */
  indexAdd(dim: number, index: Tensor, source: Tensor): Tensor {
    checkTensor("indexAdd", source);
    const at = this.#dim("indexAdd", dim);
    return this.add(source.indexSum(index, { dim: at, size: this.shape[at]!, op: "indexAdd" }));
  }
  /** The elements where the mask holds, in one dimension. Asynchronous: how many there are is known only on the GPU. */
  async maskedSelect(mask: Tensor): Promise<Tensor> { return maskedSelect(this, mask, (positions) => make(NDArray.fromHost(positions, "int32", [positions.length], this.device), undefined, "maskedSelect")); }
  /** Pieces of `size` along `dim` (the last may be smaller), or of the sizes given. */
  split(size: number | readonly number[], dim = 0): Tensor[] { return args.pieces(this.shape, size, this.#dim("split", dim)).map((piece) => this.sliced(piece)); }
  /** At most `chunks` pieces of equal size along `dim`. */
  chunk(chunks: number, dim = 0): Tensor[] {
    checkWhole("chunk", { chunks }, 1);
    return this.split(Math.max(1, Math.ceil(this.size(dim) / chunks)), dim);
  }
  unbind(dim = 0): Tensor[] { return Array.from({ length: this.size(dim) }, (_, i) => this.select(dim, i)); }

  // ---------------------------------------------------------------------------------------------- in place

  add_(other: Operand): this { return change(arithmetic.add, [this, other]) as this; }
  sub_(other: Operand): this { return change(arithmetic.sub, [this, other]) as this; }
  mul_(other: Operand): this { return change(arithmetic.mul, [this, other]) as this; }
  div_(other: Operand): this { return change(arithmetic.div, [this, other]) as this; }
  clamp_(min?: number | null, max?: number | null): this { return change(arithmetic.clamp, [this], { min: min ?? undefined, max: max ?? undefined }) as this; }
  copy_(source: Tensor): this { return change(shaping.copy, [this, source]) as this; }
  fill_(value: number): this { return change(shaping.copy, [this, value]) as this; }
  zero_(): this { return this.fill_(0); }

  #dim(op: string, dim: number): number {
    return normalizeDim(op, dim, this.ndim);
  }

  #reduced(op: string, dim: Dims | null | undefined, { keepdim = false }: KeepdimOptions): reduction.ReductionAttributes {
    const dims = normalizeDims(op, dim ?? undefined, this.ndim);
    return { dims, shape: reduceShape(this.shape, dims, keepdim) };
  }

  #on(device: Device): this {
    if (device !== this.device) throw new DeviceError("to", "the tensor lives on another device, which was lost or replaced; load it again from a checkpoint");
    return this;
  }
}

/** Applies an op: checks, computes, records. */
export function apply<Attributes>(
  op: Op<Attributes>,
  operands: readonly Operand[],
  ...[attributes]: Attributes extends void ? [] : [Attributes]
): Tensor {
  checkOperands(op.name, operands);
  return applyOp(op, operands, attributes as Attributes, make);
}

function change<Attributes>(
  op: Op<Attributes>,
  operands: readonly [Tensor, ...Operand[]],
  ...[attributes]: Attributes extends void ? [] : [Attributes]
): Tensor {
  checkOperands(`${op.name}_`, operands);
  return applyInPlace(op, operands, attributes as Attributes, make);
}

function checkOperands(op: string, operands: readonly Operand[]): void {
  for (const operand of operands) if (typeof operand !== "number") checkTensor(op, operand, "tensors and numbers");
}

/** @internal Constructs a tensor that takes over one count of the array. */
export function make(array: NDArray, variable: Variable | undefined, madeBy = "backward"): Tensor {
  return new Tensor(array, variable, madeBy);
}

/** @internal How the tape makes tensors. */
export const factory: TensorFactory = {
  tensor: make,
  zeros: ({ shape, dtype }) => make(NDArray.constant(0, dtype, shape), undefined),
  own: (tensor, home) => make(ownArray(tensor.array, home), undefined),
};

function isOptions(value: Tensor | BackwardOptions | null | undefined): value is BackwardOptions {
  return typeof value === "object" && value !== null && !(value instanceof Tensor);
}

/** @internal dL/d(root) to start from: what was given, or 1 for a single element. */
export function seed(root: Tensor, gradient: Tensor | null | undefined): Tensor {
  if (gradient === undefined || gradient === null) {
    if (root.numel() === 1) return make(NDArray.constant(1, root.dtype, root.shape, root.device), undefined);
    throw new AutogradError(
      "backward",
      `needs a scalar, got shape ${formatShape(root.shape)}; reduce it first (.mean() or .sum()) or pass dL/dy`,
    );
  }
  if (sameShape(gradient.shape, root.shape)) return gradient;
  throw new ShapeError("backward", [root.shape, gradient.shape], "the gradient must have the tensor's shape");
}
