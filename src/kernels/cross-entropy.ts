// Cross-entropy of class indices, from logits, in one kernel (or three for large problems).

import { dtypes } from "../core/dtype.js";
import { formatShape, OutOfRangeError } from "../core/errors.js";
import { isContiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { optionsOf } from "./cross-entropy-text.js";
import { functions } from "./pointwise/common.js";
import { reduce } from "./reduce.js";
import { rowLanes, vectorForms } from "./row-lanes.js";
import { kernelSource, type SourceOptions } from "./source.js";
import rowsWgsl from "./wgsl/cross-entropy-rows.js";
import totalWgsl from "./wgsl/cross-entropy-total.js";

export interface CrossEntropyAttributes {
  /** Rows with this label count for nothing. */
  readonly ignoreIndex: number;
  readonly reduction: "mean" | "sum" | "none";
  /** The part of each target that is spread over all classes. */
  readonly labelSmoothing: number;
}

export interface CrossEntropyResult {
  readonly output: NDArray;
  /** For the derivative: the largest logit per row, and log sum exp(x - largest). */
  readonly largest: NDArray;
  readonly logSum: NDArray;
  /** What the targets of a row weigh together. */
  readonly mass: NDArray;
  /** What all rows count together: their number, or the weights of their labels. */
  readonly count: NDArray;
}

/** Above this many logits the rows are spread over workgroups, and their losses added up by a second kernel. */
const ONE_WORKGROUP = 1 << 15;

/**
 * @param x - logits [outer, C, ...inner]
 * @param labels - int32 [outer, ...inner]
 * @param weight - of the classes, [C]; a number weighs all alike
 */
export function crossEntropy(
  x: NDArray,
  labels: NDArray,
  weight: NDArray,
  attributes: CrossEntropyAttributes,
): CrossEntropyResult {
  const { device, dtype, shape } = x;
  const { ignoreIndex, reduction, labelSmoothing } = attributes;
  const C = shape[1]!;
  checkLabels(labels, C, ignoreIndex);
  const rows = numel(labels.shape);
  const isTotal = rows > 0 && reduction !== "none" && numel(shape) <= ONE_WORKGROUP;
  const isWeighted = weight.shape.length > 0;
  const hasMass = isWeighted || labelSmoothing !== 0;
  const own = hasMass ? labels.shape : [0];
  const shapes = [labels.shape, labels.shape, isTotal ? [] : labels.shape, [], own, isTotal ? [0] : own];
  const arrays = NDArray.emptySideBySide("float32", shapes, device);
  const [largest, logSum, loss, count, mass, share] = arrays as [NDArray, NDArray, NDArray, NDArray, NDArray, NDArray];
  const saved = { largest, logSum, mass: hasMass ? mass : NDArray.constant(1, "float32", [], device) };
  if (rows > 0) {
    const [xs, ls, ws] = [x.contiguous(), labels.contiguous(), weight.contiguous()];
    const inner = numel(shape.slice(2));
    const file = isTotal ? totalWgsl : rowsWgsl;
    const isVector = !isTotal && inner === 1 && C % 4 === 0 && xs.start % 4 === 0;
    const { lanes, rows: perGroup } = rowLanes(device, rows, C / (isVector ? 4 : 1), inner > 1);
    const { stored } = dtypes[dtype];
    const byRows: SourceOptions = {
      types: { S: isVector ? `vec4<${stored}>` : stored, V: isVector ? "vec4f" : "f32" },
      constants: { LANES: lanes, ROWS: perGroup, WIDTH: isVector ? 4 : 1 },
      slots: { vector: vectorForms[isVector ? 4 : 1] },
    };
    const isSmooth = labelSmoothing !== 0;
    const options = { isTotal, isVector, isSmooth, weights: isWeighted ? dtypes[weight.dtype].stored : "" };
    const variant = [dtype, ...Object.values(isTotal ? {} : byRows.constants!), ...Object.values(options)].join(" ");
    const kernel = device.kernel(`${file.name} ${variant}`, () => {
      const { slots, ...given } = isTotal ? { types: { S: stored }, slots: {} } : byRows;
      const { text, additions } = optionsOf(options);
      return kernelSource(file, { ...given, variant, slots: { ...slots, options: text }, additions });
    });
    const code = device.faults.indexCode(`crossEntropy of logits ${formatShape(shape)}`);
    const offsets = [xs.start, ls.start, largest.start, logSum.start, loss.start];
    const params = [rows, C, inner, ...offsets, ignoreIndex, code];
    if (isTotal) params.push(count.start, Number(reduction === "mean"));
    if (hasMass) params.push(mass.start);
    if (hasMass && !isTotal) params.push(share.start);
    if (isSmooth) params.push(labelSmoothing);
    if (isWeighted) params.push(ws.start);
    const blocks = [xs.block, ls.block, loss.block, device.faults.block, ...(isWeighted ? [ws.block] : [])];
    device.launch(kernel, params, blocks, isTotal ? 1 : Math.ceil(rows / perGroup));
  }
  if (isTotal) return { output: loss, ...saved, count };

  const all = labels.shape.map((_, d) => d);
  const sum = (of: NDArray): NDArray => reduce("sum", of, all, { shape: [] });
  const counted = sum(hasMass && rows > 0 ? share : isCounted(labels, ignoreIndex));
  if (reduction === "none") return { output: loss, ...saved, count: counted };
  const total = sum(loss);
  const output = reduction === "sum" ? total : NDArray.pointwise(functions.div, "float32", [], [total, counted]);
  return { output, ...saved, count: counted };
}

/** 1 for labels that count, 0 for others. */
function isCounted(labels: NDArray, ignoreIndex: number): NDArray {
  const counts = NDArray.pointwise(functions.differs, "bool", labels.shape, [
    labels,
    NDArray.constant(ignoreIndex, "int32"),
  ]);
  return NDArray.pointwise(functions.toFloat, "float32", labels.shape, [counts]);
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
