// Tensors as text, laid out like PyTorch's: aligned columns, four decimals, long dimensions cut in the middle.

import { type DType, isFloatingPoint } from "../core/dtype.js";
import { formatShape } from "../core/errors.js";
import { numel, type Shape } from "../core/shape.js";

const EDGE = 3; // elements shown at each end of a dimension that is cut
const THRESHOLD = 1000; // elements above which dimensions are cut
const PRECISION = 4; // decimals

export function formatTensor(data: ArrayLike<number>, shape: Shape, dtype: DType, suffix: string): string {
  const isCut = numel(shape) > THRESHOLD;
  const shown = visible(shape, isCut).map((i) => data[i]!);
  const format = formatter(shown, dtype);
  const width = Math.max(0, ...shown.map((value) => format(value).length));
  const prefix = "tensor(";
  const body = formatDim(data, shape, 0, 0, isCut, (value) => format(value).padStart(width), prefix.length);
  const dtypeNote = dtype === "float32" || dtype === "bool" ? "" : `, dtype=${dtype}`;
  const sizeNote = numel(shape) === 0 && shape.length > 1 ? `, size=${formatShape(shape)}` : "";
  return `${prefix}${body}${sizeNote}${dtypeNote}${suffix})`;
}

function formatDim(
  data: ArrayLike<number>,
  shape: Shape,
  d: number,
  start: number,
  isCut: boolean,
  format: (value: number) => string,
  indent: number,
): string {
  if (d === shape.length) return format(data[start]!).trimStart();
  if (numel(shape) === 0) return "[]";
  const size = shape[d]!;
  const step = numel(shape.slice(d + 1));
  const isLast = d === shape.length - 1;
  const parts: string[] = [];
  for (const i of shownIndices(size, isCut)) {
    if (i === undefined) parts.push("...");
    else if (isLast) parts.push(format(data[start + i]!));
    else parts.push(formatDim(data, shape, d + 1, start + i * step, isCut, format, indent + 1));
  }
  if (isLast) return `[${wrap(parts, indent + 1)}]`;
  const separator = `,${"\n".repeat(shape.length - d - 1)}${" ".repeat(indent + 1)}`;
  return `[${parts.join(separator)}]`;
}

/** Elements of one row over several lines, if they do not fit into 80 columns. */
function wrap(parts: readonly string[], indent: number): string {
  const width = Math.max(1, ...parts.map((part) => part.length + 2));
  const perLine = Math.max(1, Math.floor((80 - indent) / width));
  const lines: string[] = [];
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(", "));
  return lines.join(`,\n${" ".repeat(indent)}`);
}

function shownIndices(size: number, isCut: boolean): (number | undefined)[] {
  const all = Array.from({ length: size }, (_, i) => i);
  return isCut && size > 2 * EDGE ? [...all.slice(0, EDGE), undefined, ...all.slice(-EDGE)] : all;
}

/** Row-major positions of the elements that will be shown. */
function visible(shape: Shape, isCut: boolean): number[] {
  return shape.reduce<number[]>(
    (starts, size) =>
      starts.flatMap((start) =>
        shownIndices(size, isCut)
          .filter((i) => i !== undefined)
          .map((i) => start * size + i),
      ),
    numel(shape) === 0 ? [] : [0],
  );
}

/** One format for all elements: whole numbers as "2.", else four decimals, else scientific where the range is wide. */
function formatter(values: readonly number[], dtype: DType): (value: number) => string {
  if (dtype === "bool") return (value) => (value ? "True" : "False");
  if (!isFloatingPoint(dtype)) return String;
  const special = (value: number): string | undefined => {
    if (Number.isNaN(value)) return "nan";
    return Number.isFinite(value) ? undefined : value > 0 ? "inf" : "-inf";
  };
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const isWide = finite.length > 0 && (most / least > 1000 || most > 1e8 || least < 1e-4);
  if (finite.every(Number.isInteger)) {
    return (value) => special(value) ?? (most > 1e8 ? scientific(value) : `${Object.is(value, -0) ? "-0" : value}.`);
  }
  return (value) => special(value) ?? (isWide ? scientific(value) : value.toFixed(PRECISION));
}

function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(PRECISION).split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}
