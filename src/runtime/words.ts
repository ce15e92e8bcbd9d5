// Host data in the form buffers hold it, and back: uint8 and bool take a word of 4 bytes an element there, float16 (numbers
// on the host) 2 bytes.

import type { DType, TypedArray } from "../core/dtype.js";
import { DeviceError } from "../core/errors.js";
import { fromHalves, toHalf } from "../core/half.js";

/** @param bytes - size on the GPU */
export function toWords(data: TypedArray, bytes: number): ArrayBufferView<ArrayBuffer> {
  if (data instanceof Uint8Array) return Uint32Array.from(data);
  if (bytes === data.length * 2) {
    const halves = new Uint16Array(Math.ceil(data.length / 2) * 2); // whole words
    for (let i = 0; i < data.length; i++) halves[i] = toHalf(data[i]!);
    return halves;
  }
  if (bytes === data.byteLength) return data as Float32Array<ArrayBuffer>;
  throw new DeviceError("upload", `${data.byteLength} bytes of data for ${bytes} bytes of memory`);
}

export function fromWords(data: ArrayBuffer, dtype: DType): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(data);
    case "int32":
      return new Int32Array(data);
    case "uint8":
    case "bool":
      return Uint8Array.from(new Uint32Array(data));
    case "float16":
      return fromHalves(new Uint16Array(data));
    default:
      return dtype satisfies never;
  }
}
