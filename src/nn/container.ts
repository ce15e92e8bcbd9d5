// Modules made of modules.

import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** A module from one tensor to one tensor. */
export type Layer = Module & { forward(x: Tensor): Tensor };

/**
 * Layers one after another. They are fields named by position, which is their name in state dicts ("0.weight"), and may be
 * replaced there:
 *
 *     net[2] = new nn.Linear(84, 5);
 */
export class Sequential extends Module {
  [position: number]: Layer;

  constructor(...layers: readonly Layer[]) {
    super();
    for (const layer of layers) this.append(layer);
  }

  get length(): number {
    return this.#positions().length;
  }

  /** Adds a layer at the end. */
  append(layer: Layer): this {
    this[(this.#positions().at(-1) ?? -1) + 1] = layer;
    return this;
  }

  *[Symbol.iterator](): IterableIterator<Layer> {
    for (const position of this.#positions()) yield this[position]!;
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const layer of this) y = layer.forward(y);
    return y;
  }

  /** JavaScript lists fields named by numbers in ascending order. */
  #positions(): number[] {
    return Object.keys(this)
      .filter((field) => /^\d+$/.test(field))
      .map(Number);
  }
}
