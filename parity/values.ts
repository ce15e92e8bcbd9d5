// What the reference files hold: tensors in base64, and PyTorch's names.

import type { Tensor } from "tapegrad";
import type { Encoded, EncodedTensor } from "../conformance/cases.js";
import { decodeTensor, elements } from "../conformance/decode.js";

export { camelCase } from "../conformance/call.js";
export { decode } from "../conformance/decode.js";

/** A tensor as files hold it. */
export interface Stored {
  readonly t: EncodedTensor;
}

/** Arguments as PyTorch names them. */
export type Args = Readonly<Record<string, Encoded>>;

export function tensorOf({ t }: Stored): Tensor {
  return decodeTensor(t);
}

export function numbersOf({ t }: Stored): ArrayLike<number> {
  return elements(t);
}
