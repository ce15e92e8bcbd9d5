// Searching sorted sequences, and counting what falls between their elements.

import { checkTensor, describe } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import * as sorting from "../ops/sorting.js";
import { apply, type Operand } from "../tensor/construct.js";
import { full } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";

export interface BucketizeOptions {
  /** Whether equal elements count as smaller. Default false. */
  readonly right?: boolean | null;
  /** Results are int32 either way. */
  readonly outInt32?: boolean;
}

export interface SearchsortedOptions extends BucketizeOptions {
  /** "right" is `right: true` in words. */
  readonly side?: "left" | "right" | null;
  /** The order in which the sequence is sorted, as argsort gives it; by default it is sorted already. */
  readonly sorter?: Tensor | null;
}

/**
 * Where each value would be inserted into a sorted sequence, so that it stays sorted: int32 of the values' shape.
 * @param sequence - [N], or [.., N] with the values' leading dimensions: a row for each row of values
 */
export function searchsorted(sequence: Tensor, values: Operand, options: SearchsortedOptions = {}): Tensor {
  checkTensor("searchsorted", sequence);
  const { right, side, sorter } = options;
  if (side !== undefined && side !== null && side !== "left" && side !== "right") {
    throw new TapegradError("searchsorted", `side must be "left" or "right", got ${describe(side)}`);
  }
  if (side === "left" && right === true) {
    throw new TapegradError("searchsorted", 'side "left" and right: true contradict each other');
  }
  const sorted = sorter === undefined || sorter === null ? sequence : sequence.gather(-1, sorter);
  return search("searchsorted", sorted, values, right === true || side === "right");
}

/** For each value the number of boundaries [N], which ascend, that are smaller; with `right`, not larger. */
export function bucketize(values: Operand, boundaries: Tensor, { right }: BucketizeOptions = {}): Tensor {
  checkTensor("bucketize", boundaries);
  return search("bucketize", boundaries, values, right === true);
}

function search(op: string, sequence: Tensor, values: Operand, isRight: boolean): Tensor {
  const dtype = Number.isInteger(values) ? sequence.dtype : "float32";
  const x = typeof values === "number" ? full([], values, { dtype }) : values;
  return apply(sorting.searchsorted, [sequence, x], { op, isRight });
}
