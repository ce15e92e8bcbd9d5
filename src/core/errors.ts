// Errors people can act on: each names the op, the shapes, what disagrees and, when it is certain, the fix.

import type { Shape } from "./shape.js";

/** The base of every error tapegrad throws on purpose. `op` is the operation in the user's words. */
export class TapegradError extends Error {
  override readonly name: string = "TapegradError";
  constructor(
    readonly op: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${op}: ${problem}`, options);
  }
}

/** Operand shapes that do not fit each other, or an argument that does not fit a shape. */
export class ShapeError extends TapegradError {
  override readonly name = "ShapeError";
  constructor(
    op: string,
    readonly shapes: readonly Shape[],
    disagreement: string,
    fix?: string,
  ) {
    super(op, `${listShapes(shapes)}${disagreement}${fix ? ` (${fix})` : ""}`);
  }
}

/** An operand whose dtype the operation does not take. */
export class DTypeError extends TapegradError {
  override readonly name = "DTypeError";
}

/** An index, dimension or class label outside its range. */
export class OutOfRangeError extends TapegradError {
  override readonly name = "OutOfRangeError";
}

/** A matrix that an operation of linear algebra cannot work with: a singular one, or one that is not positive definite. */
export class LinAlgError extends TapegradError {
  override readonly name = "LinAlgError";
}

/** Misuse of the tape: backward on a non-scalar, a second backward, a saved tensor changed in place ... */
export class AutogradError extends TapegradError {
  override readonly name = "AutogradError";
}

/** A tensor used after its memory was given back. */
export class DisposedError extends TapegradError {
  override readonly name = "DisposedError";
}

/** The adapter or device: none found, lost, out of memory, or a validation error it reported. */
export class DeviceError extends TapegradError {
  override readonly name = "DeviceError";
}

/** A file that is missing, truncated or not in the format it should be in. */
export class FileFormatError extends TapegradError {
  override readonly name = "FileFormatError";
}

/** "a, b and c", or "none". */
export function inWords(names: readonly string[]): string {
  const [last = "none", ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.reverse().join(", ")} and ${last}`;
}

/** "[32, 784]", as PyTorch prints a size. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

function listShapes(shapes: readonly Shape[]): string {
  if (shapes.length === 0) return "";
  const list = inWords(shapes.map(formatShape));
  return shapes.length === 1 ? `shape ${list}: ` : `shapes ${list} do not fit: `;
}
