// Methods of tensors that change shape, layout or dtype, not values.

import { checkList, isTensor } from "../../core/check.js";
import { type DType, isFloatingPoint } from "../../core/dtype.js";
import { DeviceError, ShapeError } from "../../core/errors.js";
import type { Diagonal } from "../../core/layout.js";
import { type Optional, optional } from "../../core/options.js";
import { inferShape, normalizeDim, normalizeDims, type Shape } from "../../core/shape.js";
import { cast } from "../../ops/cast.js";
import * as parts from "../../ops/part.js";
import * as rearranging from "../../ops/rearrange.js";
import * as reduction from "../../ops/reduction.js";
import * as reshaping from "../../ops/reshape.js";
import * as shaping from "../../ops/shape.js";
import { Device } from "../../runtime/device.js";
import { checkTarget } from "../arguments.js";
import { dimOf } from "../base.js";
import { apply } from "../construct.js";
import { diag, repeated, viewed } from "../reshaping.js";
import * as sizes from "../shape-arguments.js";
import type { Tensor } from "../tensor.js";
import { ProductMethods } from "./product.js";

// biome-ignore format: one line per method
export abstract class ShapeMethods extends ProductMethods {
  /** Dimensions reversed. */
  get T(): Tensor { return this.permute(this.shape.map((_, d) => this.ndim - 1 - d)); }
  /** The last two dimensions exchanged. */
  get mT(): Tensor {
    if (this.ndim === 1) sizes.checkMatrices("mT", this, "unsqueeze(0) makes a row");
    return this.ndim === 0 ? this.view([]) : this.transpose(-2, -1);
  }
  /** A matrix transposed; vectors and scalars as they are. */
  t(): Tensor {
    if (this.ndim > 2) throw new ShapeError("t", [this.shape], "takes a matrix, a vector or a scalar", "mT transposes batches");
    return this.T;
  }
  /** The same elements in row-major order under another shape, where -1 stands for what is left: a view where strides allow. */
  reshape(shape: Shape): Tensor {
    checkList("reshape", shape, "...");
    return apply(reshaping.reshape, [this], inferShape("reshape", shape, this.numel(), this.shape));
  }
  /** reshape(other.shape) */
  reshapeAs(other: Tensor): Tensor { return this.reshape(sizes.shapeOf("reshapeAs", other)); }
  /** The same memory under another shape, where strides can say what that means. */
  view(shape: Shape): Tensor {
    checkList("view", shape, "...");
    return viewed("view", this.self, shape);
  }
  /** view(other.shape) */
  viewAs(other: Tensor): Tensor { return viewed("viewAs", this.self, sizes.shapeOf("viewAs", other)); }
  /** Dimensions startDim .. endDim merged into one. */
  flatten(startDim?: number | sizes.FlattenOptions | null, endDim?: number | null): Tensor {
    const [start, end] = sizes.flattenDims(startDim, endDim);
    return apply(reshaping.flatten, [this], sizes.flattened(this.shape, dimOf(this, "flatten", start), dimOf(this, "flatten", end)));
  }
  /** Dimensions in another order: dimension d of the result is dimension dims[d]. A view. */
  permute(dims: readonly number[]): Tensor { return apply(shaping.permute, [this], sizes.permutation(this.shape, dims)); }
  /** Two dimensions exchanged. A view. */
  transpose(dim0: number, dim1: number): Tensor {
    const [a, b] = [dimOf(this, "transpose", dim0), dimOf(this, "transpose", dim1)];
    return apply(shaping.permute, [this], this.shape.map((_, d) => (d === a ? b : d === b ? a : d)));
  }
  /** Dimensions of size 1 repeated, and leading ones added, without copying; -1 keeps a size. */
  expand(shape: Shape): Tensor { return apply(shaping.expand, [this], sizes.expanded(this.shape, shape)); }
  /** expand(other.shape) */
  expandAs(other: Tensor): Tensor { return this.expand(sizes.shapeOf("expandAs", other)); }
  /** The same as expand. */
  broadcastTo(shape: Shape): Tensor { return apply(shaping.expand, [this], sizes.expanded(this.shape, shape, "broadcastTo")); }
  /** As often as `repeats` says along each dimension; more repeats than dimensions add leading ones. A copy. */
  repeat(repeats: readonly number[]): Tensor {
    checkList("repeat", repeats, "...");
    return repeated(this.self, repeats);
  }
  /** A dimension of size 1 put in at `dim`. */
  unsqueeze(dim: number): Tensor { return apply(reshaping.unsqueeze, [this], this.shape.toSpliced(normalizeDim("unsqueeze", dim, this.ndim + 1), 0, 1)); }
  /** Without dimension `dim`, or those in a list, where their size is 1; without all dimensions of size 1 if `dim` is left out. */
  squeeze(dim?: Optional<"dim", number | readonly number[]>): Tensor {
    const dims = normalizeDims("squeeze", optional(dim, "dim", this.shape.map((_, d) => d)), this.ndim);
    return apply(reshaping.squeeze, [this], this.shape.filter((size, d) => size !== 1 || !dims.includes(d)));
  }
  /** In reverse order along each of `dims`. A copy. */
  flip(dims: number | readonly number[]): Tensor { return apply(rearranging.flip, [this], sizes.flipped(this.shape, dims)); }
  /** The lower triangle of the last two dimensions, elements with j - i <= diagonal; zeros above. */
  tril(diagonal?: Optional<"diagonal", number>): Tensor { return apply(rearranging.tril, [this], sizes.triangle("tril", this.shape, diagonal)); }
  /** The upper triangle of the last two dimensions, elements with j - i >= diagonal; zeros below. */
  triu(diagonal?: Optional<"diagonal", number>): Tensor { return apply(rearranging.triu, [this], sizes.triangle("triu", this.shape, diagonal)); }
  /** A vector on a diagonal of a matrix of zeros; a matrix's diagonal as a vector. */
  diag(diagonal?: Optional<"diagonal", number>): Tensor { return diag(this.self, optional(diagonal, "diagonal", 0)); }
  /** @internal */
  diagonalAs(which: Diagonal): Tensor { return apply(rearranging.diagonal, [this], which); }
  /** @internal */
  diagonalInto(shape: Shape, which: Diagonal): Tensor { return apply(rearranging.diagonalInto, [this], { ...which, shape }); }
  /** @internal */
  windows(attributes: rearranging.WindowAttributes): Tensor { return apply(rearranging.windows, [this], attributes); }
  /** @internal */
  windowSum(shape: Shape, attributes: rearranging.WindowAttributes): Tensor { return apply(rearranging.windowSum, [this], { ...attributes, shape }); }
  /** @internal */
  part(which: parts.Part): Tensor { return apply(parts.part, [this], which); }
  /** @internal */
  withPart(values: Tensor, which: parts.Part): Tensor { return apply(parts.withPart, [this, values], which); }
  /** In row-major order without gaps: itself if it is so already. */
  contiguous(): Tensor { return apply(shaping.contiguous, [this]); }
  /** A copy in memory of its own. */
  clone(): Tensor { return apply(shaping.clone, [this]); }
  /** Summed over the dimensions along which `size` would be broadcast to this tensor's shape. */
  sumToSize(...size: readonly number[] | readonly [Shape]): Tensor {
    const shape = sizes.sizesOf("sumToSize", size);
    const dims = sizes.summedDims(this.shape, shape);
    return dims.length === 0 && (shape.length > 0 || isFloatingPoint(this.dtype)) ? this.self : apply(reduction.sum, [isFloatingPoint(this.dtype) ? this : this.to("int32")], { dims, shape });
  }

  /** Another dtype, also that of another tensor; or the same tensor on a device (there is one, so that only checks). */
  to(target: DType | Device | Tensor): Tensor {
    if (target instanceof Device) return this.on(target);
    if (isTensor(target)) return this.to(target.dtype);
    checkTarget(target);
    return target === this.dtype ? this.self : apply(cast, [this], target);
  }

  /** true where x is not 0, which NaN is not either. */
  bool(): Tensor { return this.to("bool"); }
  /** As float32; whole numbers beyond 2^24 are rounded. */
  float(): Tensor { return this.to("float32"); }
  /** As int32: fractions are cut off, NaN is 0, and what is out of range becomes the nearest end of it. */
  int(): Tensor { return this.to("int32"); }
  /** PyTorch's int64 is int32 here. */
  long(): Tensor { return this.to("int32"); }

  private on(device: Device): Tensor {
    if (device !== this.device) throw new DeviceError("to", "the tensor lives on another device, which was lost or replaced; load it again from a checkpoint");
    return this.self;
  }
}
