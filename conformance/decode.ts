// Python values in JavaScript.

import { type DType, ellipsis, slice, type Tensor, tensor } from "tapegrad";
import type { Encoded, EncodedTensor } from "./cases.js";

/** The tensors of one case, by id. */
export type Leaves = Map<number, Tensor>;

/** An encoded value; tensors are entered in `leaves`, or taken from there. */
export function decode(value: Encoded, leaves: Leaves): unknown {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => decode(item, leaves));
  if (isTensor(value)) {
    const { id } = value.t;
    if (id === undefined) return decodeTensor(value.t);
    const leaf = leaves.get(id) ?? decodeTensor(value.t);
    leaves.set(id, leaf);
    return leaf;
  }
  if ("f" in value) return decodeFloat(value["f"] as number | string);
  if ("tuple" in value) return (value["tuple"] as Encoded[]).map((item) => decode(item, leaves));
  if ("dtype" in value) return value["dtype"] as DType;
  if ("slice" in value) return slice(...(value["slice"] as [number | null, number | null, number | null]));
  if ("ellipsis" in value) return ellipsis;
  if ("dict" in value) {
    const entries = Object.entries(value["dict"] as Record<string, Encoded>);
    return Object.fromEntries(entries.map(([key, item]) => [key, decode(item, leaves)]));
  }
  throw new Error(`cannot express ${JSON.stringify(value).slice(0, 80)}`);
}

export function isList(value: Encoded): value is readonly Encoded[] {
  return Array.isArray(value);
}

export function isTensor(value: Encoded): value is { readonly t: EncodedTensor } {
  return typeof value === "object" && value !== null && "t" in value;
}

/** A Python float, which unlike an int makes floats of integer tensors, but is a whole number. */
export function isWholeFloat(value: Encoded): boolean {
  if (typeof value !== "object" || value === null || !("f" in value)) return false;
  return Number.isInteger(decodeFloat((value as { f: number | string }).f));
}

/** The elements as numbers. */
export function elements({ dtype, data }: EncodedTensor): Float32Array | Int32Array | Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  if (dtype === "float32") return new Float32Array(bytes.buffer);
  return dtype === "int32" ? new Int32Array(bytes.buffer) : bytes;
}

export function decodeTensor(encoded: EncodedTensor): Tensor {
  const flat = tensor(elements(encoded)).to(encoded.dtype).reshape(encoded.shape);
  return encoded.requiresGrad ? flat.detach().requiresGrad_() : flat;
}

/** The inverse of decodeTensor, for references computed here. */
export async function encodeTensor(x: Tensor): Promise<{ readonly t: EncodedTensor }> {
  const { buffer } = (await x.data()).slice();
  return {
    t: {
      dtype: x.dtype as EncodedTensor["dtype"],
      shape: x.shape,
      data: Buffer.from(buffer).toString("base64"),
      id: -1,
    },
  };
}

export function decodeFloat(value: number | string): number {
  if (typeof value === "number") return value;
  return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY }[value]!;
}
