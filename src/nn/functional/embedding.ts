// Embedding: vectors by index.

import { DTypeError } from "../../core/errors.js";
import { indexSelect } from "../../ops/indexing.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

/** Rows of `weight` [V, E] by index: x int32 [...] -> [..., E]. */
export function embedding(x: Tensor, weight: Tensor): Tensor {
  if (x.dtype !== "int32")
    throw new DTypeError("embedding", `the indices are ${x.dtype} and must be int32: x.to("int32")`);
  const rows = apply(indexSelect, [weight, x.reshape([-1])], { dim: 0, op: "embedding" });
  return rows.reshape([...x.shape, weight.shape[1]!]).asBase();
}
