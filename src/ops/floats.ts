// Floats as sign, exponent and mantissa.

import { defineOp } from "../autograd/op.js";
import { NDArray } from "../kernels/array.js";
import { type PointwiseFunction, spell, type ValueType } from "../kernels/pointwise/function.js";
import floats from "../kernels/wgsl/shared/floats.js";
import { assertFloat, binary, callOfTwo, unary } from "./pointwise.js";

/** |a| with the sign of b, also of zeros. The derivative by a is 1 or -1, and 0 where a is 0. */
export const copysign = binary({
  name: "copysign",
  promotion: "float",
  wgsl: (type, a, b) => {
    const u32 = spell({ element: "u32", width: type.width });
    return fromBits(type, `(${bits(type, a)} & ${u32}(0x7fffffffu)) | (${bits(type, b)} & ${u32}(0x80000000u))`);
  },
  saves: { a: ["a", "output"] },
  backward: { a: (dy, { a, output }) => dy.mul(a.sign().mul(output.sign())), b: (dy) => dy.mul(0) },
});

/** Whether the sign is negative, also of -0 and NaN. Not differentiable. */
export const signbit = unary({
  name: "signbit",
  result: "bool",
  wgsl: (type, x) => {
    const { element, width } = type;
    if (element === "i32") return `${x} < ${spell(type)}(0)`;
    if (!element.startsWith("f")) return `${spell({ element: "bool", width })}(false)`;
    return `(${bits(type, x)} >> ${spell({ element: "u32", width })}(31u)) == ${spell({ element: "u32", width })}(1u)`;
  },
});

/** The float after a on the way to b. Not differentiable. */
export const nextafter = binary({ name: "nextafter", ...callOfTwo("nextafter_", floats) });

/** The mantissa m of x = m 2^e with 1/2 <= |m| < 1; zeros, infinities and NaN are their own. dm/dx = 2^-e. */
export const frexpMantissa = defineOp({
  name: "frexp",
  inputs: ["x"],
  shape: ({ x }) => {
    assertFloat("frexp", "the tensor", x);
    return x;
  },
  forward: ({ x }, _, { dtype, shape }) => ({
    output: NDArray.pointwise(part("mantissa"), dtype, shape, [x]),
    scale: NDArray.pointwise(part("scale"), dtype, shape, [x]),
  }),
  extras: ["scale"],
  backward: { x: (dy, { scale }) => dy.mul(scale) },
});

const part = (name: string): PointwiseFunction => ({
  name: `frexp_${name}`,
  imports: [floats],
  scalarOnly: true,
  wgsl: ([x], to) => `${spell(to)}(frexp_${name}(f32(${x})))`,
});

/** The exponent e of the same; 0 for zeros, infinities and NaN. Not differentiable. */
export const frexpExponent = unary({
  name: "frexpExponent",
  result: "int32",
  imports: [floats],
  scalarOnly: true,
  wgsl: (_, x) => `frexp_exponent(f32(${x}))`,
});

function bits({ element, width }: ValueType, x: string): string {
  const f32 = spell({ element: "f32", width });
  return `bitcast<${spell({ element: "u32", width })}>(${element === "f32" ? x : `${f32}(${x})`})`;
}

function fromBits(type: ValueType, x: string): string {
  const value = `bitcast<${spell({ element: "f32", width: type.width })}>(${x})`;
  return type.element === "f32" ? value : `${spell(type)}(${value})`;
}
