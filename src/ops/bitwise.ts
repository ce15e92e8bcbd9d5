// Integers as rows of bits. Not differentiable, any of them.

import { spell, type ValueType } from "../kernels/pointwise/function.js";
import gcdFile from "../kernels/wgsl/shared/gcd.js";
import { binary, unary } from "./pointwise.js";

const bitwise = (name: string, operator: string) =>
  binary({
    name,
    integersOnly: true,
    wgsl: (type, a, b) => (type.element === "bool" && operator === "^" ? `${a} != ${b}` : `${a} ${operator} ${b}`),
  });

/** The bits that both have; for bools, and. Not differentiable. */
export const bitwiseAnd = bitwise("bitwiseAnd", "&");
/** The bits that either has; for bools, or. Not differentiable. */
export const bitwiseOr = bitwise("bitwiseOr", "|");
/** The bits that exactly one has; for bools, exclusive or. Not differentiable. */
export const bitwiseXor = bitwise("bitwiseXor", "^");

/** All bits inverted; for bools, not. Not differentiable. */
export const bitwiseNot = unary({
  name: "bitwiseNot",
  integersOnly: true,
  wgsl: (type, x) => (type.element === "bool" ? `!${x}` : `~${x}`),
});

/** a 2^b, without the bits that leave the type. Not differentiable. */
export const bitwiseLeftShift = binary({
  name: "bitwiseLeftShift",
  integersOnly: true,
  insteadOfBool: 'x.to("int32")',
  wgsl: (type, a, b) => {
    const { places, u32 } = shift(type, b);
    return `select(${a} << (${places} & ${u32}(31u)), ${spell(type)}(0), ${places} > ${u32}(31u))`;
  },
});

/** a / 2^b rounded down. Not differentiable. */
export const bitwiseRightShift = binary({
  name: "bitwiseRightShift",
  integersOnly: true,
  insteadOfBool: 'x.to("int32")',
  wgsl: (type, a, b) => {
    const { places, u32 } = shift(type, b);
    return `${a} >> min(${places}, ${u32}(31u))`;
  },
});

/**
 * The places to shift by. What PyTorch leaves open, negative numbers and those beyond the type's bits, is as its CPU has it:
 * modulo 64 for int32, which stands for int64, and modulo 32 for uint8.
 */
function shift({ element, width }: ValueType, b: string): { places: string; u32: string } {
  const u32 = spell({ element: "u32", width });
  return { places: `(${u32}(${b}) & ${u32}(${element === "u32" ? 31 : 63}u))`, u32 };
}

const common = (name: string) =>
  binary({
    name,
    integersOnly: true,
    insteadOfBool: 'x.to("int32")',
    imports: [gcdFile],
    scalarOnly: true,
    wgsl: ({ element }, a, b) => `${name}_${element}(${a}, ${b})`,
  });

/** The greatest common divisor, not negative; gcd(0, b) = |b|. Not differentiable. */
export const gcd = common("gcd");
/** The least common multiple, not negative; 0 where either is. Not differentiable. */
export const lcm = common("lcm");
