// What files hold elements as, under safetensors' names, and the dtypes they become here.

import type { DType, TypedArray } from "../core/dtype.js";
import { fromHalves, toHalves } from "../core/half.js";
import { numel, type Shape } from "../core/shape.js";

/** Says what is wrong with a file, and throws. */
export type Fail = (problem: string) => never;

interface Element {
  /** Bytes one element takes in a file. */
  readonly bytes: number;
  /** The dtype it becomes. */
  readonly dtype: DType;
  /** The elements that these bytes, little-endian, hold; a view of them where they need no conversion. */
  readonly read: (bytes: Uint8Array<ArrayBuffer>, refuse: (value: number | bigint) => never) => TypedArray;
}

const LEAST = -(2 ** 31);
const GREATEST = 2 ** 31 - 1;

/**
 * All types that are read. What has no dtype of its own here becomes the one that PyTorch's would be: float64 and
 * bfloat16 float32 (rounded to nearest, and exactly), integers int32 (exactly, or not at all). A bool is true unless
 * its byte is 0.
 */
export const elements = {
  F64: { bytes: 8, dtype: "float32", read: (bytes) => new Float32Array(view(Float64Array, bytes)) },
  F32: { bytes: 4, dtype: "float32", read: (bytes) => view(Float32Array, bytes) },
  F16: { bytes: 2, dtype: "float16", read: (bytes) => fromHalves(view(Uint16Array, bytes)) },
  BF16: { bytes: 2, dtype: "float32", read: fromBrainHalves },
  I64: {
    bytes: 8,
    dtype: "int32",
    read: (bytes, refuse) => fromPairs(bytes, (low) => low >> 31, "getBigInt64", refuse),
  },
  I32: { bytes: 4, dtype: "int32", read: (bytes) => view(Int32Array, bytes) },
  I16: { bytes: 2, dtype: "int32", read: (bytes) => new Int32Array(view(Int16Array, bytes)) },
  I8: { bytes: 1, dtype: "int32", read: (bytes) => new Int32Array(view(Int8Array, bytes)) },
  U64: {
    bytes: 8,
    dtype: "int32",
    read: (bytes, refuse) => fromPairs(bytes, (low) => (low < 0 ? Number.NaN : 0), "getBigUint64", refuse),
  },
  U32: { bytes: 4, dtype: "int32", read: fromUnsigned },
  U16: { bytes: 2, dtype: "int32", read: (bytes) => new Int32Array(view(Uint16Array, bytes)) },
  U8: { bytes: 1, dtype: "uint8", read: (bytes) => bytes },
  BOOL: { bytes: 1, dtype: "bool", read: (bytes) => bytes.map(Boolean as unknown as (byte: number) => number) },
} as const satisfies Record<string, Element>;

export type ElementType = keyof typeof elements;

/** Dimensions that an array in a file may have: PyTorch's limit, and NumPy's from version 2 on. */
export const MAX_RANK = 64;

/** Bytes of an array in a file. Sizes whose product is infinite, times 0, are 0. */
export function bytesNeeded(type: ElementType, shape: Shape): number {
  return shape.includes(0) ? 0 : numel(shape) * elements[type].bytes;
}

/** The type a file gets for a dtype. */
export const typeOf = {
  float32: "F32",
  float16: "F16",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
} as const satisfies Record<DType, ElementType>;

/**
 * The elements that bytes of a file hold.
 * @param name - of the array, for the error
 * @param fail - called for a whole number that int32 does not hold
 */
export function readElements(type: ElementType, bytes: Uint8Array<ArrayBuffer>, name: string, fail: Fail): TypedArray {
  return elements[type].read(bytes, (value) =>
    fail(`"${name}" is ${type} and holds ${value}; whole numbers become int32 (${LEAST} to ${GREATEST})`),
  );
}

/** The bytes of elements in a file. */
export function bytesOf(dtype: DType, data: TypedArray): Uint8Array {
  const { buffer, byteOffset, byteLength } = dtype === "float16" ? toHalves(data) : data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

interface ViewType<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A;
}

/** The bytes as wider elements: a view if they lie on a boundary of those, else a copy. */
function view<A>(type: ViewType<A>, bytes: Uint8Array<ArrayBuffer>): A {
  const width = type.BYTES_PER_ELEMENT;
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new type(buffer, byteOffset, byteLength / width);
}

/** bfloat16 is the upper half of float32. */
function fromBrainHalves(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  return new Float32Array(Uint32Array.from(view(Uint16Array, bytes), (half) => half << 16).buffer);
}

function fromUnsigned(bytes: Uint8Array<ArrayBuffer>, refuse: (value: number) => never): Int32Array {
  const values = view(Uint32Array, bytes);
  for (const value of values) if (value > GREATEST) refuse(value);
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** 64-bit integers that fit into their lower 32 bits. */
function fromPairs(
  bytes: Uint8Array<ArrayBuffer>,
  upperOf: (low: number) => number,
  exact: "getBigInt64" | "getBigUint64",
  refuse: (value: bigint) => never,
): Int32Array {
  const words = view(Int32Array, bytes);
  return Int32Array.from({ length: words.length / 2 }, (_, i) => {
    const low = words[2 * i]!;
    if (words[2 * i + 1] !== upperOf(low)) refuse(new DataView(words.buffer, words.byteOffset)[exact](8 * i, true));
    return low;
  });
}
