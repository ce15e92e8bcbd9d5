// IEEE 754 half precision on the host: JavaScript has Float16Array from Node 24 on only.

import type { DType } from "./dtype.js";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The 16 bits of the half nearest to a number, ties to even; beyond 65520 infinity. */
export function toHalf(value: number): number {
  float[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const magnitude = bits[0]! & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and more
  if (magnitude >= 0x38800000) {
    // 2^-14 and more: another exponent bias, and 13 bits of the fraction rounded away
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  const units = Math.abs(float[0]!) * 2 ** 24; // halves below 2^-14 are multiples of 2^-24
  const below = Math.floor(units);
  const rest = units - below;
  return sign | (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below);
}

/** The number that 16 bits of a half stand for. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Halves of the numbers, in their 16 bits. */
export function toHalves(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, toHalf);
}

/** The numbers that halves stand for. */
export function fromHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(halves, fromHalf);
}

/** A number as memory holds it in a floating-point dtype; others as it is. */
export function held(value: number, dtype: DType): number {
  return dtype === "float16" ? fromHalf(toHalf(value)) : value;
}
