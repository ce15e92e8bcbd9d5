// Layers that lay channels out as pixels, and back.

import { checkWhole } from "../core/check.js";
import type { Tensor } from "../tensor/tensor.js";
import * as F from "./functional.js";
import { Module } from "./module.js";

/** Squares of pixels from channels: [..., C r r, H, W] -> [..., C, H r, W r]. (Shi et al., "Real-time super-resolution", 2016.) */
export class PixelShuffle extends Module {
  constructor(readonly upscaleFactor: number) {
    super();
    checkWhole("PixelShuffle", { upscaleFactor }, 1);
  }

  forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.upscaleFactor);
  }

  protected override extraRepr(): string {
    return `upscaleFactor=${this.upscaleFactor}`;
  }
}

/** Channels from squares of pixels: [..., C, H r, W r] -> [..., C r r, H, W]. */
export class PixelUnshuffle extends Module {
  constructor(readonly downscaleFactor: number) {
    super();
    checkWhole("PixelUnshuffle", { downscaleFactor }, 1);
  }

  forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }

  protected override extraRepr(): string {
    return `downscaleFactor=${this.downscaleFactor}`;
  }
}

/** Channels of several groups in turn: [N, groups C, ...] -> same shape; see F.channelShuffle. */
export class ChannelShuffle extends Module {
  constructor(readonly groups: number) {
    super();
    checkWhole("ChannelShuffle", { groups }, 1);
  }

  forward(x: Tensor): Tensor {
    return F.channelShuffle(x, this.groups);
  }

  protected override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
