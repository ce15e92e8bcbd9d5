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

/** a 2^b, without the bits that leave the type; 0 where b is not among 0 .. width - 1. Not differentiable. */
export const bitwiseLeftShift = binary({
  name: "bitwiseLeftShift",
  integersOnly: true,
  insteadOfBool: 'x.to("int32")',
  wgsl: (type, a, b) => `select(${a} << ${count(type, b)}, ${spell(type)}(0), ${isBeyond(type, b)})`,
});

/** a / 2^b rounded down; 0 or -1, by the sign, where b is not among 0 .. width - 1. Not differentiable. */
export const bitwiseRightShift = binary({
  name: "bitwiseRightShift",
  integersOnly: true,
  insteadOfBool: 'x.to("int32")',
  wgsl: (type, a, b) => {
    const all = spell({ element: "u32", width: type.width });
    return `${a} >> select(${count(type, b)}, ${all}(31u), ${isBeyond(type, b)})`;
  },
});

/** The number of places, in the range WGSL allows. */
function count({ width }: ValueType, b: string): string {
  const u32 = spell({ element: "u32", width });
  return `(${u32}(${b}) & ${u32}(31u))`;
}

function isBeyond({ element, width }: ValueType, b: string): string {
  const u32 = spell({ element: "u32", width });
  return `(${u32}(${b}) > ${u32}(${element === "u32" ? 7 : 31}u))`;
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
