// A dataset over tensors.

import { checkTensor } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { Dataset } from "./dataset.js";

/** Rows of tensors that are equally long. */
export class TensorDataset extends Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: readonly Tensor[]) {
    super();
    for (const tensor of tensors) checkTensor("TensorDataset", tensor, "tensors");
    const lengths = tensors.map((tensor) => tensor.size(0));
    if (new Set(lengths).size !== 1) {
      throw new TapegradError("TensorDataset", `tensors must be equally long, got ${lengths.join(", ")} rows`);
    }
    this.tensors = tensors;
  }

  getItem(index: number): Tensor[] {
    return this.tensors.map((tensor) => tensor.select(0, index));
  }

  getBatch(indices: Int32Array): Tensor[] {
    return this.tensors.map((tensor) => tensor.rows(indices));
  }

  get length(): number {
    return this.tensors[0]!.size(0);
  }
}
