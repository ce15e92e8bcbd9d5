// Ranges that transforms choose their parameters from.

import { describe } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";

/** From the first to the second. */
export type Range = readonly [low: number, high: number];

/** @internal Throws unless the value is a range of numbers from `least` to `greatest`. */
export function checkRange(op: string, name: string, value: unknown, least = -Infinity, greatest = Infinity): Range {
  const [low, high, ...more]: unknown[] = Array.isArray(value) ? value : [];
  const isRange = typeof low === "number" && typeof high === "number" && low <= high && more.length === 0;
  if (isRange && low >= least && high <= greatest) return [low, high];
  const bounds = Number.isFinite(least) || Number.isFinite(greatest) ? ` between ${least} and ${greatest}` : "";
  throw new OutOfRangeError(op, `${name} must be a range [low, high]${bounds}, got ${describe(value)}`);
}

/** @internal [-x, x] for a number, or the range itself. */
export function anglesOf(op: string, name: string, value: number | Range): Range {
  if (typeof value !== "number") return checkRange(op, name, value);
  if (value >= 0) return [-value, value];
  throw new OutOfRangeError(op, `${name} must not be negative if it is a single number, got ${value}`);
}
