// Channels laid out as pixels, and back.

import { checkTensor, checkWhole } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Squares of pixels from channels, r = upscaleFactor: [..., C r r, H, W] -> [..., C, H r, W r]. */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const r = checked("pixelShuffle", x, { upscaleFactor });
  const [channels, H, W] = x.shape.slice(-3) as [number, number, number];
  if (channels % (r * r) !== 0) {
    throw new ShapeError("pixelShuffle", [x.shape], `${channels} channels do not divide into squares of ${r} x ${r}`);
  }
  const lead = x.shape.slice(0, -3);
  const [C, at] = [channels / (r * r), lead.length];
  return x
    .reshape([...lead, C, r, r, H, W])
    .permute([...lead.keys(), at, at + 3, at + 1, at + 4, at + 2])
    .reshape([...lead, C, H * r, W * r])
    .asBase();
}

/** Channels from squares of pixels, r = downscaleFactor: [..., C, H r, W r] -> [..., C r r, H, W]. */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const r = checked("pixelUnshuffle", x, { downscaleFactor });
  const [C, height, width] = x.shape.slice(-3) as [number, number, number];
  if (height % r !== 0 || width % r !== 0) {
    throw new ShapeError("pixelUnshuffle", [x.shape], `height and width do not divide into squares of ${r} x ${r}`);
  }
  const lead = x.shape.slice(0, -3);
  const [H, W, at] = [height / r, width / r, lead.length];
  return x
    .reshape([...lead, C, H, r, W, r])
    .permute([...lead.keys(), at, at + 2, at + 4, at + 1, at + 3])
    .reshape([...lead, C * r * r, H, W])
    .asBase();
}

function checked(op: string, x: Tensor, factor: Readonly<Record<string, number>>): number {
  checkTensor(op, x);
  checkWhole(op, factor, 1);
  if (x.ndim < 3) throw new ShapeError(op, [x.shape], "x must be [..., C, H, W]");
  return Object.values(factor)[0]!;
}

/** Channels of several groups in turn, one of each: [N, groups C, ...] -> same shape. (Zhang et al., "ShuffleNet", 2017.) */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  checkTensor("channelShuffle", x);
  checkWhole("channelShuffle", { groups }, 1);
  const [N, channels, ...places] = x.shape as [number, number, ...number[]];
  if (x.ndim < 3 || channels % groups !== 0) {
    throw new ShapeError("channelShuffle", [x.shape], `x must be [N, C, ...] with channels in ${groups} equal groups`);
  }
  return x
    .reshape([N, groups, channels / groups, ...places])
    .transpose(1, 2)
    .reshape(x.shape)
    .asBase();
}
