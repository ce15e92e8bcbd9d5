// Sums of columns that come with a product: the gradients of a linear layer's weight and bias, dy^T x and the sum of dy over
// its rows, read the same elements. One kernel then computes both.

import { isContiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import type { NDArray } from "./array.js";
import { storing } from "./pointwise/launch.js";
import type { Target } from "./pointwise/together.js";

/** Computes the products and sums among the targets that one kernel can compute together, and returns the others. */
export function computeWithProducts(targets: readonly Target[]): readonly Target[] {
  const done = new Set<Target>();
  for (const sums of targets) {
    const product = targets.find((target) => !done.has(target) && readsColumnsOf(target.array, sums.array));
    if (product !== undefined && compute(product, sums)) done.add(product).add(sums);
  }
  return done.size === 0 ? targets : targets.filter((target) => !done.has(target));
}

/** Whether an array is the product x^T b, and the other is the sums of the columns of the same x. */
function readsColumnsOf({ state: product }: NDArray, { state: sums }: NDArray): boolean {
  if (sums.kind !== "deferred" || !sums.isColumnSums || sums.viewOf !== undefined) return false;
  if (product.kind !== "deferred" || product.summing === undefined || product.viewOf !== undefined) return false;
  const [a, x] = [product.inputs[0]!.state, sums.inputs[0]!.state];
  if (a.kind !== "realized" || x.kind !== "realized" || a.storage !== x.storage) return false;
  const [columns, rows] = a.layout.shape as [number, number];
  const isTranspose = a.layout.shape.length === 2 && a.layout.strides[0] === 1 && a.layout.strides[1] === columns;
  const isWhole = x.layout.shape.at(-1) === columns && numel(x.layout.shape) === columns * rows;
  return isTranspose && isWhole && isContiguous(x.layout) && a.layout.offset === x.layout.offset;
}

function compute(product: Target, sums: Target): boolean {
  const { state } = product.array;
  if (state.kind !== "deferred" || product.storage.block === sums.storage.block) return false; // a kernel binds it once
  const launch = state.summing?.();
  const written = [product, sums].map(({ storage }) => storage.block.buffer);
  if (launch === undefined || state.inputs.some((input) => written.includes(input.block.buffer))) return false;
  for (const { storage } of [product, sums]) storage.beforeOverwrite();
  if ([product, sums].some(({ array }) => array.state.kind !== "deferred")) return false; // a reader ran it
  launch(storing(product.array, product), storing(sums.array, sums, { prefix: "s", out: "sums" }));
  return true;
}
