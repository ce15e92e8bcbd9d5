// Max pooling, and where to put elements back.

import { checkNames, named } from "../../core/options.js";
import type { MaxPool2dAttributes } from "../../ops/pool.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Size, Size2d } from "./size.js";
import * as windows from "./window.js";

export interface MaxPoolOptions extends windows.WindowOptions {
  /** Also gives the indices of the largest elements: [values, indices]. Default false. */
  readonly returnIndices?: boolean;
}

export interface MaxPool2dOptions extends windows.WindowOptions<Size2d> {
  /** Also gives the indices of the largest elements: [values, indices]. Default false. */
  readonly returnIndices?: boolean;
}

type WithIndices<Options> = Options & { readonly returnIndices: true };
type Pooled = Tensor | [values: Tensor, indices: Tensor];

/**
 * The largest element of each window: [N, C, L] or [C, L] -> [..., OL]. Padding is never chosen; the gradient goes to the
 * first largest. With `returnIndices`, also where in its row each was.
 */
export function maxPool1d(x: Tensor, size: Size, options: WithIndices<MaxPoolOptions>): [Tensor, Tensor];
export function maxPool1d(x: Tensor, size: Size, stride?: windows.StrideOr<Size, MaxPoolOptions>): Tensor;
export function maxPool1d(x: Tensor, size: Size, stride?: windows.StrideOr<Size, MaxPoolOptions>): Pooled {
  return pool("maxPool1d", 1, x, size, named<MaxPoolOptions>(stride, "stride"));
}

/**
 * The largest element of each window: [N, C, H, W] or [C, H, W] -> [..., OH, OW]. See maxPool1d; indices count the
 * elements of a plane.
 */
export function maxPool2d(x: Tensor, size: Size2d, options: WithIndices<MaxPool2dOptions>): [Tensor, Tensor];
export function maxPool2d(x: Tensor, size: Size2d, stride?: windows.StrideOr<Size2d, MaxPool2dOptions>): Tensor;
export function maxPool2d(x: Tensor, size: Size2d, stride?: windows.StrideOr<Size2d, MaxPool2dOptions>): Pooled {
  return pool("maxPool2d", 2, x, size, named<MaxPool2dOptions>(stride, "stride"));
}

/**
 * The largest element of each window: [N, C, D, H, W] or [C, D, H, W] -> [..., OD, OH, OW]. See maxPool1d; indices count
 * the elements of a volume.
 */
export function maxPool3d(x: Tensor, size: Size, options: WithIndices<MaxPoolOptions>): [Tensor, Tensor];
export function maxPool3d(x: Tensor, size: Size, stride?: windows.StrideOr<Size, MaxPoolOptions>): Tensor;
export function maxPool3d(x: Tensor, size: Size, stride?: windows.StrideOr<Size, MaxPoolOptions>): Pooled {
  return pool("maxPool3d", 3, x, size, named<MaxPoolOptions>(stride, "stride"));
}

function pool(op: string, count: number, x: Tensor, size: Size, options: MaxPoolOptions): Pooled {
  checkNames(op, options, ["stride", "padding", "dilation", "ceilMode", "returnIndices"]);
  const { ceilMode = false, returnIndices = false } = options;
  const window = windows.windowOf(op, count, size, options);
  windows.checkPlaces(op, count, x);
  const attributes = { ...windows.planeWindow(window), ceilMode };
  if (count === 1) {
    const [values, indices] = largest(x.unsqueeze(-2), attributes, returnIndices).map((y) => y.squeeze(-2).asBase());
    return indices === undefined ? values! : [values!, indices];
  }
  const planes = largest(x, attributes, returnIndices);
  if (count === 2) return planes.length === 1 ? planes[0]! : (planes as [Tensor, Tensor]);
  // The largest of a volume is the largest, over its planes, of the largest in each plane; the first one likewise.
  const depth = { ...windows.depthWindow(window), ceilMode };
  const [values, places] = largest(windows.columns(planes[0]!), depth, returnIndices);
  const y = windows.uncolumned(values!, planes[0]!);
  if (places === undefined) return y;
  const lead = x.shape.slice(0, -3);
  const perPlane = planes[0]!.size(-2) * planes[0]!.size(-1);
  const flat = places.reshape([...lead, -1]);
  const inPlane = planes[1]!.reshape([...lead, -1]).gather(-1, flat);
  const indices = flat
    .floorDivide(perPlane)
    .mul(x.size(-2) * x.size(-1))
    .add(inPlane);
  return [y, indices.reshape(y.shape).asBase()];
}

/** The largest elements, and their indices if they are wanted. */
function largest(x: Tensor, attributes: MaxPool2dAttributes, returnIndices: boolean): Tensor[] {
  return returnIndices ? x.maxPool2dWithIndices(attributes) : [x.maxPool2d(attributes)];
}
