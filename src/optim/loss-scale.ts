// The scale of a GradScaler, on the GPU.

import { withGradEnabled } from "../autograd/modes.js";
import { keep } from "../autograd/scope.js";
import { OutOfRangeError } from "../core/errors.js";
import { full, zeros } from "../tensor/create.js";
import { where } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";

/** How a scale begins and moves. */
export interface LossScaleOptions {
  /** The scale to start with. Default 2^16. */
  readonly initScale?: number;
  /** What the scale is multiplied by after growthInterval steps without overflow. Default 2. */
  readonly growthFactor?: number;
  /** What the scale is multiplied by after an overflow. Default 0.5. */
  readonly backoffFactor?: number;
  /** Default 2000. */
  readonly growthInterval?: number;
}

/** What a scaler's stateDict holds. Tensors share memory with the scaler: clone() what is to be kept. */
export interface GradScalerState {
  readonly scale: Tensor;
  readonly growthFactor: number;
  readonly backoffFactor: number;
  readonly growthInterval: number;
  readonly growthTracker: Tensor;
}

/** A scale that falls after an overflow and rises after many steps without. */
export class LossScale {
  readonly value: Tensor;
  /** Steps without overflow since the scale changed. */
  readonly #tracker: Tensor;
  #factors: { growthFactor: number; backoffFactor: number; growthInterval: number };

  constructor(options: LossScaleOptions) {
    const { initScale = 2 ** 16, growthFactor = 2, backoffFactor = 0.5, growthInterval = 2000 } = options;
    if (!(growthFactor > 1))
      throw new OutOfRangeError("GradScaler", `growthFactor must be above 1, got ${growthFactor}`);
    if (!(backoffFactor < 1))
      throw new OutOfRangeError("GradScaler", `backoffFactor must be below 1, got ${backoffFactor}`);
    this.#factors = { growthFactor, backoffFactor, growthInterval };
    this.value = lasting(full([], initScale));
    this.#tracker = lasting(zeros([]));
  }

  set(value: number | Tensor): void {
    if (typeof value === "number") this.value.fill_(value);
    else this.value.copy_(value);
  }

  /** Moves on by a step. @param overflow - bool, shape [] */
  follow(overflow: Tensor): void {
    const { growthFactor, backoffFactor, growthInterval } = this.#factors;
    const count = this.#tracker.add(1);
    const isDue = count.ge(growthInterval);
    const grown = this.value.mul(growthFactor);
    const risen = where(isDue.logicalAnd(grown.isfinite()), grown, this.value);
    const scale = where(overflow, this.value.mul(backoffFactor), risen);
    const tracker = where(overflow.logicalOr(isDue), 0, count);
    tracker.array.realize(); // before what it is made of changes
    this.value.copy_(scale);
    this.#tracker.copy_(tracker);
  }

  get state(): GradScalerState {
    return { scale: this.value.detach(), ...this.#factors, growthTracker: this.#tracker.detach() };
  }

  set state({ scale, growthTracker, growthFactor, backoffFactor, growthInterval }: GradScalerState) {
    withGradEnabled(false, () => {
      this.value.copy_(scale);
      this.#tracker.copy_(growthTracker);
    });
    this.#factors = { growthFactor, backoffFactor, growthInterval };
  }
}

/** The tensor, in memory of its own that outlives whatever scope is open. */
export function lasting(tensor: Tensor): Tensor {
  tensor.array.realize();
  keep(tensor);
  return tensor;
}
