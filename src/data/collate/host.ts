// Samples stacked to batches on the host: in workers, and where nobody brought tensors.

import { TapegradError } from "../../core/errors.js";
import { stackFields } from "./fields.js";
import { type Allocate, allocateOnHost, type Packed, stackOnHost } from "./packed.js";

/**
 * Stacks samples, field by field.
 * @throws DTypeError or ShapeError if they cannot be stacked; TapegradError for tensors, which no worker has
 */
export function collateOnHost(samples: readonly unknown[], allocate: Allocate = allocateOnHost): Packed {
  const refuseTensors = (value: object): boolean => {
    if (!("shape" in value && "backward" in value)) return false;
    const fix = "return numbers, typed arrays or data.hostArray(values, { shape }) from getItem";
    throw new TapegradError("DataLoader", `there are no tensors in a worker: ${fix}`);
  };
  return stackFields<Packed>(samples, {
    isWhole: refuseTensors,
    stack: (values, where) => stackOnHost(values, where, allocate),
    list: (items) => ({ kind: "list", items }),
    object: (keys, items) => ({ kind: "object", keys, items }),
  });
}
