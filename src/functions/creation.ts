// Tensors by rules that are rarer than those of arange and eye.

import { checkDType, checkWhole } from "../core/check.js";
import { type DType, isFloatingPoint } from "../core/dtype.js";
import { isOptions } from "../core/options.js";
import { fromHost, full, linspace, type TensorOptions } from "../tensor/create.js";
import { listed, MOST_ON_HOST, spacedValues } from "../tensor/ranges.js";
import { checkInteger } from "../tensor/shape-arguments.js";
import type { Tensor } from "../tensor/tensor.js";

export interface LogspaceOptions extends TensorOptions {
  /** Default 10. */
  readonly base?: number;
}

/** base^start ... base^end, both included: `steps` numbers with evenly spaced exponents. */
export function logspace(
  start: number,
  end: number,
  steps: number,
  base?: number | LogspaceOptions | null,
  options: TensorOptions = {},
): Tensor {
  const { base: given, ...others } = isOptions<LogspaceOptions>(base) ? base : { ...options, base };
  const { dtype = "float32", requiresGrad = false } = others;
  checkWhole("logspace", { steps });
  checkDType("logspace", dtype);
  const isFloat = isFloatingPoint(dtype);
  if (isFloat && steps > MOST_ON_HOST) {
    const y = full([], given ?? 10)
      .pow(linspace(start, end, steps))
      .to(dtype);
    return y.requiresGrad_(requiresGrad);
  }
  const [from, to] = isFloat ? [start, end] : [Math.trunc(start), Math.trunc(end)];
  const exponents = spacedValues(steps, { start: from, step: steps > 1 ? (to - from) / (steps - 1) : 0, end: to });
  const powers = exponents.map((exponent) => (given ?? 10) ** exponent);
  return listed("logspace", powers, { dtype, requiresGrad });
}

export interface TriangleOptions extends Pick<TensorOptions, "dtype"> {
  /** The diagonal the triangle ends at: 0 (the default) is the main one, positive ones lie above it. */
  readonly offset?: number;
}

/** Where the elements of a lower triangle are: their rows and columns, int32 [2, count], row by row. */
export function trilIndices(
  row: number,
  col: number,
  offset?: number | TriangleOptions | null,
  options?: TriangleOptions,
): Tensor {
  return triangle("trilIndices", row, col, offset, options, (i, at) => [0, i + at + 1]);
}

/** Where the elements of an upper triangle are: their rows and columns, int32 [2, count], row by row. */
export function triuIndices(
  row: number,
  col: number,
  offset?: number | TriangleOptions | null,
  options?: TriangleOptions,
): Tensor {
  return triangle("triuIndices", row, col, offset, options, (i, at) => [i + at, col]);
}

function triangle(
  op: string,
  row: number,
  col: number,
  offset: number | TriangleOptions | null | undefined,
  options: TriangleOptions | undefined,
  columns: (i: number, offset: number) => readonly [from: number, to: number],
): Tensor {
  const given = isOptions<TriangleOptions>(offset) ? offset : { ...options, offset: offset ?? 0 };
  const dtype: DType = given.dtype ?? "int32";
  checkWhole(op, { row, col });
  checkInteger(op, { offset: given.offset ?? 0 });
  checkDType(op, dtype);
  const [rows, cols]: [number[], number[]] = [[], []];
  for (let i = 0; i < row; i++) {
    const [from, to] = columns(i, given.offset ?? 0);
    for (let j = Math.max(from, 0); j < Math.min(to, col); j++) {
      rows.push(i);
      cols.push(j);
    }
  }
  const indices = new Int32Array(2 * rows.length);
  indices.set(rows);
  indices.set(cols, rows.length);
  return fromHost(indices, [2, rows.length], "int32").to(dtype);
}
