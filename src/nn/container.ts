// Modules made of modules.

import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** A module from one tensor to one tensor. */
export type Layer = Module & { forward(x: Tensor): Tensor };

/** Layers one after another. Names are their positions: "0.weight". */
export class Sequential extends Module {
  readonly #layers: readonly Layer[];
  /** Fields named by position, where Module finds them. */
  readonly [position: number]: Layer;

  constructor(...layers: readonly Layer[]) {
    super();
    this.#layers = layers;
    Object.assign(this, layers);
  }

  get length(): number {
    return this.#layers.length;
  }

  [Symbol.iterator](): IterableIterator<Layer> {
    return this.#layers.values();
  }

  forward(x: Tensor): Tensor {
    return this.#layers.reduce((y, layer) => layer.forward(y), x);
  }
}
