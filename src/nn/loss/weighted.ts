// Losses in which elements or classes count differently.

import { checkTensor } from "../../core/check.js";
import { isOptions } from "../../core/options.js";
import type { Tensor } from "../../tensor/tensor.js";
import { Buffer } from "../parameter.js";
import { type LegacyReduction, Loss } from "./legacy.js";

/** @internal A loss whose weight is part of its state. */
export abstract class WeightedLoss<Options extends { readonly weight?: Tensor | null }> extends Loss<
  Omit<Options, "weight">
> {
  /** What each class counts, or each element. */
  weight: Buffer | null;

  constructor(options?: (Options & LegacyReduction) | null) {
    super(without(options, "weight"));
    this.weight = bufferOf(this.constructor.name, options?.weight);
  }
}

/** @internal The options but for one, which is a tensor: modules do not look for tensors in options. */
export function without<Options extends object, Name extends string>(
  options: Options | null | undefined,
  name: Name,
): Omit<Options, Name> | null | undefined {
  if (!isOptions<Options>(options)) return options;
  return Object.fromEntries(Object.entries(options).filter(([key]) => key !== name)) as Omit<Options, Name>;
}

/** @internal The tensor as part of a module's state. */
export function bufferOf(op: string, tensor: Tensor | null | undefined): Buffer | null {
  if (tensor === undefined || tensor === null) return null;
  checkTensor(op, tensor, "a tensor as weight");
  return new Buffer(tensor);
}
