// Conversion between dtypes.

import { defineOp } from "../autograd/op.js";
import { type DType, dtypes, isFloatingPoint, wrapped } from "../core/dtype.js";
import { held } from "../core/half.js";
import { isContiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { isNaNExpression, type PointwiseFunction, spell, type ValueType } from "../kernels/pointwise/function.js";
import half from "../kernels/wgsl/shared/half.js";

/**
 * Another dtype: towards zero to integers, != 0 to bool. PyTorch leaves open what floats beyond int32 become: its CPU gives
 * -2^31, CUDA what is given here, the nearest int32, and 0 for NaN. To uint8 the low 8 bits of that int32 count, so -1.5
 * becomes 255 as on both.
 */
export const cast = defineOp({
  name: "to",
  inputs: ["x"],
  shape: ({ x }, dtype: DType) => ({ shape: x.shape, dtype }),
  forward: ({ x }, dtype) => {
    if (x.state.kind === "constant") {
      const make = x.state.isFrozen ? NDArray.constant : NDArray.full;
      return make(castNumber(x.state.value, dtype), dtype, x.shape, x.device);
    }
    return castOnHost(x, dtype) ?? NDArray.pointwise(castFunctions[dtype], dtype, x.shape, [x]);
  },
  backward: { x: (dy, _, __, { x }) => dy.to(x.dtype) },
});

function castWgsl(x: string, to: ValueType, from: ValueType): string {
  if (from.element === to.element) return x;
  if (to.element === "f16") return `to_f16(f32(${x}))`;
  if (to.dtype === "uint8" && isFloatingPoint(from.dtype)) return castWgsl(castWgsl(x, int32(to), from), to, int32(to));
  if (to.element === "i32" && isFloatingPoint(from.dtype)) {
    const greatest = `${spell(from)}(${from.element === "f16" ? "65504" : "2147483520"})`; // below 2^31, and all of f16
    const cut = `select(${spell(to)}(${x}), ${spell(to)}(0x7fffffff), ${x} > ${greatest})`;
    return `select(${cut}, ${spell(to)}(0), ${isNaNExpression(from, x)})`;
  }
  return `${spell(to)}(${x})`;
}

const int32 = ({ width }: ValueType): ValueType => ({ dtype: "int32", element: "i32", width });

const castFunctions = Object.fromEntries(
  Object.keys(dtypes).map((dtype) => [
    dtype,
    {
      name: `to_${dtype}`,
      wgsl: ([x], to, [from]) => castWgsl(x!, to, from!),
      ...(dtype === "float16" && { scalarOnly: true, imports: [half] }),
    } satisfies PointwiseFunction,
  ]),
) as Record<DType, PointwiseFunction>;

/** A number as a dtype holds it. */
export function castNumber(value: number, dtype: DType): number {
  if (dtype === "bool") return value !== 0 ? 1 : 0;
  if (isFloatingPoint(dtype)) return held(value, dtype);
  if (Number.isNaN(value)) return 0;
  return wrapped(Math.min(Math.max(Math.trunc(value), -(2 ** 31)), 2 ** 31 - 1), dtype);
}

/** Bytes that the host knows as indices or as a mask: so it goes on knowing them. */
function castOnHost(x: NDArray, dtype: DType): NDArray | undefined {
  const { host, device, shape } = x;
  const size = numel(shape);
  if (host === undefined || isFloatingPoint(x.dtype) || isFloatingPoint(dtype) || dtype === "uint8") return undefined;
  if (size > MAX_ON_HOST || !isContiguous(host.layout)) return undefined;
  const { offset } = host.layout;
  const data = Int32Array.from(host.data.subarray(offset, offset + size), (value) => castNumber(value, dtype));
  return NDArray.fromHost(dtype === "bool" ? Uint8Array.from(data) : data, dtype, shape, device);
}
const MAX_ON_HOST = 1 << 16;
