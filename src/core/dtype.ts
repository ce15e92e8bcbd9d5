// Element types: their size on the GPU, their WGSL spelling, and PyTorch's promotion between them.

export type DType = "float32" | "float16" | "int32" | "uint8" | "bool";

/** What a tensor's elements are read back as; bool comes back as 0 and 1. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

interface DTypeInfo {
  /** Bytes one element takes on the GPU. WGSL has no 8-bit storage, so uint8 and bool take a whole u32. */
  readonly bytes: number;
  /** The WGSL type of an element in a buffer. */
  readonly stored: "f32" | "f16" | "i32" | "u32";
  /** The WGSL type of an element in a computation. */
  readonly value: "f32" | "f16" | "i32" | "u32" | "bool";
  /** Promotion goes from a lower category to a higher one: bool < integer < floating point. */
  readonly category: 0 | 1 | 2;
  /** Position in PyTorch's promotion order within and across categories. */
  readonly rank: number;
}

export const dtypes = {
  bool: { bytes: 4, stored: "u32", value: "bool", category: 0, rank: 0 },
  uint8: { bytes: 4, stored: "u32", value: "u32", category: 1, rank: 1 },
  int32: { bytes: 4, stored: "i32", value: "i32", category: 1, rank: 2 },
  float16: { bytes: 2, stored: "f16", value: "f16", category: 2, rank: 3 },
  float32: { bytes: 4, stored: "f32", value: "f32", category: 2, rank: 4 },
} as const satisfies Record<DType, DTypeInfo>;

export function isFloatingPoint(dtype: DType): boolean {
  return dtypes[dtype].category === 2;
}

/** The dtype that holds the values of both: the one that ranks higher. PyTorch's torch.promote_types. */
export function promoteTypes(a: DType, b: DType): DType {
  return dtypes[a].rank >= dtypes[b].rank ? a : b;
}

/** An operand as promotion sees it: 0-dimensional tensors and JS numbers only pull up the category. */
export interface Promotable {
  readonly dtype: DType;
  /** "number": a JS number or boolean; "scalar": a 0-dimensional tensor; "tensor": one or more dimensions. */
  readonly strength: "number" | "scalar" | "tensor";
}

/** A JS number as promotion sees it, of an integer dtype if it is whole; or a boolean. */
export function promotableNumber(value: number | boolean): Promotable {
  const dtype = typeof value === "boolean" ? "bool" : Number.isInteger(value) ? "int32" : "float32";
  return { dtype, strength: "number" };
}

/** The least and the greatest value of a dtype. */
export function valueRange(dtype: DType): readonly [least: number, greatest: number] {
  if (dtype === "bool") return [0, 1];
  if (dtype === "uint8") return [0, 255];
  return dtype === "int32" ? [-(2 ** 31), 2 ** 31 - 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}

/** A whole number as an integer dtype holds it: its low bits. Numbers of other dtypes stay. */
export function wrapped(value: number, dtype: DType): number {
  if (dtype === "uint8") return value & 255;
  return dtype === "int32" ? value | 0 : value;
}

/**
 * The dtype an arithmetic operation computes in (PyTorch's torch.result_type): tensors decide first, then
 * 0-dimensional tensors, then numbers; the weaker ones count only when their category is higher.
 */
export function resultType(operands: readonly Promotable[]): DType {
  let result: DType | undefined;
  for (const strength of ["tensor", "scalar", "number"] as const) {
    let strongest: DType | undefined;
    for (const operand of operands) {
      if (operand.strength !== strength) continue;
      strongest = strongest === undefined ? operand.dtype : promoteTypes(strongest, operand.dtype);
    }
    if (strongest === undefined) continue;
    if (result === undefined || dtypes[strongest].category > dtypes[result].category) result = strongest;
  }
  return result ?? "float32";
}
