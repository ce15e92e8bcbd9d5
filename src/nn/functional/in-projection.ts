// What MultiheadAttention makes queries, keys and values of.

import type { Tensor } from "../../tensor/tensor.js";
import { linear } from "./linear.js";

export type Three = [query: Tensor, key: Tensor, value: Tensor];

/**
 * x W^T + b of queries, keys and values [..., features] -> [..., E] each. With a weight for all, [3 E, E], what comes from
 * one tensor is one matrix product.
 * @param bias - [3 E]
 */
export function inProjection(
  [query, key, value]: Readonly<Three>,
  weight: Tensor | Readonly<Three>,
  bias: Tensor | null,
): Three {
  const part = (x: Tensor, first: number, count: number): Tensor => {
    const rows = (of: Tensor): Tensor =>
      count === 3 ? of : of.narrow(0, (first * of.shape[0]!) / 3, (count * of.shape[0]!) / 3);
    const own = "shape" in weight ? rows(weight) : weight[first]!;
    return linear(x, own, bias && rows(bias));
  };
  if ("shape" in weight && key === value) {
    if (query === key) return part(query, 0, 3).chunk(3, -1) as Three;
    return [part(query, 0, 1), ...part(key, 1, 2).chunk(2, -1)] as Three;
  }
  return [part(query, 0, 1), part(key, 1, 1), part(value, 2, 1)];
}
