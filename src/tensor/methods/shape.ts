// Methods of tensors that change shape, layout or dtype, not values.

import { checkList } from "../../core/check.js";
import type { DType } from "../../core/dtype.js";
import { DeviceError, formatShape, ShapeError } from "../../core/errors.js";
import { inferShape, normalizeDim, type Shape } from "../../core/shape.js";
import * as reduction from "../../ops/reduction.js";
import * as shaping from "../../ops/shape.js";
import { Device } from "../../runtime/device.js";
import * as args from "../arguments.js";
import { dimOf } from "../base.js";
import { apply } from "../construct.js";
import type { Tensor } from "../tensor.js";
import { ProductMethods } from "./product.js";

// biome-ignore format: one line per method
export abstract class ShapeMethods extends ProductMethods {
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
    return this.reshape(args.flattened(this.shape, dimOf(this, "flatten", startDim), dimOf(this, "flatten", endDim)));
  }
  permute(dims: readonly number[]): Tensor { return apply(shaping.permute, [this], args.permutation(this.shape, dims)); }
  transpose(dim0: number, dim1: number): Tensor {
    const [a, b] = [dimOf(this, "transpose", dim0), dimOf(this, "transpose", dim1)];
    return apply(shaping.permute, [this], this.shape.map((_, d) => (d === a ? b : d === b ? a : d)));
  }
  expand(shape: Shape): Tensor { return apply(shaping.expand, [this], args.expanded(this.shape, shape)); }
  unsqueeze(dim: number): Tensor {
    const at = normalizeDim("unsqueeze", dim, this.ndim + 1);
    return this.reshape(this.shape.toSpliced(at, 0, 1));
  }
  /** Without dimension `dim` if its size is 1; without all dimensions of size 1 if `dim` is left out. */
  squeeze(dim?: number): Tensor {
    const at = dim === undefined ? undefined : dimOf(this, "squeeze", dim);
    return this.reshape(this.shape.filter((size, d) => size !== 1 || (at !== undefined && d !== at)));
  }
  contiguous(): Tensor { return apply(shaping.contiguous, [this]); }
  clone(): Tensor { return apply(shaping.clone, [this]); }
  /** Summed over the dimensions along which `shape` would be broadcast to this tensor's shape. */
  sumToSize(shape: Shape): Tensor {
    const lead = this.ndim - shape.length;
    const dims = this.shape.map((_, d) => d).filter((d) => d < lead || (shape[d - lead] === 1 && this.shape[d] !== 1));
    return dims.length === 0 ? this.self : apply(reduction.sum, [this], { dims, shape });
  }

  /** Another dtype, or the same tensor on a device (there is one at a time, so that only checks). */
  to(target: DType | Device): Tensor {
    if (target instanceof Device) return this.on(target);
    args.checkTarget(target);
    return target === this.dtype ? this.self : apply(shaping.cast, [this], target);
  }

  private on(device: Device): Tensor {
    if (device !== this.device) throw new DeviceError("to", "the tensor lives on another device, which was lost or replaced; load it again from a checkpoint");
    return this.self;
  }
}
