// Padding.

import { checkChoice, checkTensor, describe, isTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { isOptions, type Optional, optional } from "../../core/options.js";
import { constantPad } from "../../ops/pad.js";
import { fromHost, onesLike } from "../../tensor/create.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

export type PadMode = "constant" | "reflect" | "replicate" | "circular";

export interface PadOptions {
  /** What lies around x: a constant (the default), or x mirrored, its border, or x again. */
  readonly mode?: PadMode;
  /** The constant; as a tensor, one without dimensions. Default 0. */
  readonly value?: number | Tensor | null;
}

/**
 * x made larger, or smaller where a number is negative. The numbers are those before and after, from the last dimension on:
 * `pad(x, [1, 2])` adds a column on the left and two on the right, `pad(x, [1, 2, 3, 4])` also three rows above and four below.
 */
export function pad(
  x: Tensor,
  pad: readonly number[],
  mode?: Optional<"mode", PadMode> | PadOptions,
  value?: number | Tensor | null,
): Tensor {
  checkTensor("pad", x);
  const name = optional<"mode", PadMode>(mode, "mode", "constant");
  if (!(pad.every(Number.isSafeInteger) && pad.length % 2 === 0 && pad.length <= 2 * x.ndim)) {
    const problem = `padding must be two whole numbers for each of at most ${x.ndim} dimensions, got ${describe(pad)}`;
    throw new ShapeError("pad", [x.shape], problem);
  }
  const ends = x.shape.map((_, d) => [0, 1].map((end) => pad[2 * (x.ndim - 1 - d) + end] ?? 0) as [number, number]);
  const cut = ends.reduce((part, [before, after], d) => crop(part, d, Math.min(before, 0), Math.min(after, 0)), x);
  const [before, after] = [0, 1].map((end) => ends.map((at) => Math.max(at[end]!, 0))) as [number[], number[]];
  if (name === "constant") {
    const constant = isOptions<PadOptions>(mode) ? mode.value : value;
    const y = padWith(cut, before, after, isTensor(constant) ? 0 : constant);
    if (!isTensor(constant)) return y === x ? x.clone() : y;
    return y.where(padWith(onesLike(cut, { dtype: "bool" }), before, after), constant).to(x.dtype);
  }
  checkChoice("pad", "mode", name, ["constant", ...Object.keys(sources)]);
  return before.reduce((y, count, d) => {
    if (count === 0 && after[d] === 0) return y;
    const size = y.shape[d]!;
    if (Math.max(count, after[d]!) > roomOf(name, size)) {
      throw new ShapeError(
        "pad",
        [x.shape],
        `dimension ${d} is too small to ${verbs[name]} ${count} and ${after[d]} elements of it`,
      );
    }
    const index = Int32Array.from({ length: count + size + after[d]! }, (_, i) => sources[name](i - count, size));
    return y.indexSelect(d, fromHost(index, [index.length], "int32"));
  }, cut);
}

/** x in the middle of a constant; x itself if nothing has to be added. */
export function padWith(x: Tensor, before: readonly number[], after: readonly number[], value?: number | null): Tensor {
  if ([...before, ...after].every((count) => count === 0)) return x;
  return apply(constantPad, [x], { before, after, value: value ?? 0 });
}

type CopyMode = Exclude<PadMode, "constant">;

/** Which element of `size` stands at position i, which may lie outside. */
const sources = {
  reflect: (i, size) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i),
  replicate: (i, size) => Math.min(Math.max(i, 0), size - 1),
  circular: (i, size) => (i + size) % size,
} satisfies Record<CopyMode, (i: number, size: number) => number>;

const verbs = { reflect: "reflect", replicate: "replicate", circular: "repeat" } satisfies Record<CopyMode, string>;

/** How many elements a dimension can grow by at one end. */
function roomOf(mode: CopyMode, size: number): number {
  if (mode === "replicate") return size > 0 ? Number.POSITIVE_INFINITY : 0;
  return mode === "reflect" ? size - 1 : size;
}

/** Without the first -before and the last -after elements. */
function crop(x: Tensor, dim: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const length = x.shape[dim]! + before + after;
  if (length >= 0) return x.narrow(dim, -before, length);
  throw new ShapeError("pad", [x.shape], `dimension ${dim} is smaller than the ${-before - after} elements to cut off`);
}
