// Sums of columns that come with a product: the gradients of a linear layer's weight and bias, dy^T x and the sum of dy over
// its rows, read the same elements. One kernel then computes both.

import { isContiguous } from "../core/layout.js";
import type { NDArray } from "./array.js";
import type { Deferred, Summing } from "./array-state.js";
import { storing } from "./pointwise/launch.js";
import type { Target } from "./pointwise/together.js";

/** Computes those targets that one kernel can compute two of, and returns the others. */
export function computeWithProducts(targets: readonly Target[]): readonly Target[] {
  const sums = targets.find(({ array: { state } }) => state.kind === "deferred" && state.isColumnSums);
  const product = sums && targets.find(({ array }) => isTransposeOf(array, sums.array));
  if (product === undefined) return targets;
  return compute(product, sums!) ? targets.filter((target) => target !== product && target !== sums) : targets;
}

/** Whether an array is the product of a transpose and something, and the other is the sums of what it transposes. */
function isTransposeOf({ state: product }: NDArray, { state: sums }: NDArray): boolean {
  if (product.kind !== "deferred" || product.summing === undefined || sums.kind !== "deferred") return false;
  if (product.viewOf !== undefined || sums.viewOf !== undefined) return false;
  const [a, x] = [product.inputs[0]!.state, sums.inputs[0]!.state];
  if (a.kind !== "realized" || x.kind !== "realized" || a.storage !== x.storage) return false;
  const [columns] = a.layout.shape;
  const isTransposed = a.layout.strides[0] === 1 && a.layout.strides[1] === columns;
  return (
    isTransposed && isContiguous(x.layout) && x.layout.shape.at(-1) === columns && a.layout.offset === x.layout.offset
  );
}

function compute(product: Target, sums: Target): boolean {
  const launch = summingOf(product)?.();
  if (launch === undefined) return false;
  const written = [product, sums].map(({ storage }) => storage.block.buffer);
  const { inputs } = product.array.state as Deferred;
  if (inputs.some((input) => written.includes(input.block.buffer))) return false;
  for (const { storage } of [product, sums]) storage.beforeOverwrite();
  if (summingOf(product) === undefined || sums.array.state.kind !== "deferred") return false; // a reader ran it
  launch(storing(product.array, product), storing(sums.array, sums, { prefix: "s", out: "sums" }));
  return true;
}

function summingOf({ array: { state } }: Target): Summing | undefined {
  return state.kind === "deferred" ? state.summing : undefined;
}
