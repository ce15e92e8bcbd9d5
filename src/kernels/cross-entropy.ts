// Cross-entropy of class indices, from logits, in one kernel (or three for large problems).

import { dtypes } from "../core/dtype.js";
import { formatShape, OutOfRangeError } from "../core/errors.js";
import { isContiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { functions } from "./pointwise/common.js";
import { reduce } from "./reduce.js";
import { kernelSource } from "./source.js";
import rowsWgsl from "./wgsl/cross-entropy-rows.js";
import totalWgsl from "./wgsl/cross-entropy-total.js";

export interface CrossEntropyAttributes {
  /** Rows with this label count for nothing. */
  readonly ignoreIndex: number;
  readonly reduction: "mean" | "sum" | "none";
}

/** Above this many logits the rows are spread over workgroups, and their losses added up by a second kernel. */
const ONE_WORKGROUP = 1 << 15;
/** Lanes that share a row then. */
const ROW_LANES = 128;

/**
 * @param x - logits [outer, C, ...inner]
 * @param labels - int32 [outer, ...inner]
 * @returns the loss; for the derivative the largest logit per row, log sum exp(x - largest), and how many rows count
 */
export function crossEntropy(
  x: NDArray,
  labels: NDArray,
  { ignoreIndex, reduction }: CrossEntropyAttributes,
): { output: NDArray; largest: NDArray; logSum: NDArray; count: NDArray } {
  const { device, dtype, shape } = x;
  const C = shape[1]!;
  checkLabels(labels, C, ignoreIndex);
  const rows = numel(labels.shape);
  const isTotal = reduction !== "none" && numel(shape) <= ONE_WORKGROUP;
  const shapes = [labels.shape, labels.shape, isTotal ? [] : labels.shape, []];
  const arrays = NDArray.emptySideBySide("float32", shapes, device);
  const [largest, logSum, loss, count] = arrays as [NDArray, NDArray, NDArray, NDArray];
  const [xs, ls] = [x.contiguous(), labels.contiguous()];
  if (rows > 0) {
    const file = isTotal ? totalWgsl : rowsWgsl;
    const kernel = device.kernel(`${file.name} ${dtype}`, () => {
      return kernelSource(file, {
        types: { S: dtypes[dtype].stored },
        constants: isTotal ? {} : { LANES: ROW_LANES },
      });
    });
    const code = device.faults.indexCode(`crossEntropy of logits ${formatShape(shape)}`);
    const offsets = [xs.start, ls.start, largest.start, logSum.start, loss.start];
    const params = [rows, C, numel(shape.slice(2)), ...offsets, ignoreIndex, code];
    if (isTotal) params.push(count.start, Number(reduction === "mean"));
    device.launch(kernel, params, [xs.block, ls.block, loss.block, device.faults.block], isTotal ? 1 : rows);
  }
  if (isTotal && rows > 0) return { output: loss, largest, logSum, count };

  const counts = NDArray.pointwise(functions.differs, "bool", labels.shape, [
    labels,
    NDArray.constant(ignoreIndex, "int32"),
  ]);
  const all = labels.shape.map((_, d) => d);
  const counted = reduce("sum", NDArray.pointwise(functions.toFloat, "float32", labels.shape, [counts]), all, {
    shape: [],
  });
  if (reduction === "none") return { output: loss, largest, logSum, count: counted };
  const total = reduce("sum", loss, all, { shape: [] });
  const output = reduction === "sum" ? total : NDArray.pointwise(functions.div, "float32", [], [total, counted]);
  return { output, largest, logSum, count: counted };
}

/** Labels that the host knows are checked at once; the kernel reports the others. */
function checkLabels({ host, shape }: NDArray, C: number, ignoreIndex: number): void {
  if (host === undefined || !isContiguous(host.layout)) return; // the kernel checks all labels
  const { offset } = host.layout;
  for (const label of host.data.subarray(offset, offset + numel(shape))) {
    if ((label >= 0 && label < C) || label === ignoreIndex) continue;
    throw new OutOfRangeError(
      "crossEntropy",
      `label ${label} is out of range; with ${C} classes, valid are 0 to ${C - 1}`,
    );
  }
}
