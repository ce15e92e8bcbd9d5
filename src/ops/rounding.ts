// Rounding. Integers stay as they are; derivatives are 0.

import { unary } from "./pointwise.js";

const rounding = (name: string, wgsl: string) =>
  unary({
    name,
    wgsl: (type, x) => (type.element.startsWith("f") ? `${wgsl}(${x})` : x),
    backward: (dy) => dy.mul(0),
  });

/** Down to a whole number. */
export const floor = rounding("floor", "floor");
/** Up to a whole number. */
export const ceil = rounding("ceil", "ceil");
/** Towards 0 to a whole number. */
export const trunc = rounding("trunc", "trunc");
/** To the nearest whole number, halves to the even one. */
export const round = rounding("round", "round");

/** To the nearest multiple of 10^-decimals, as round(10^decimals x) / 10^decimals. */
export const roundDecimals = unary<{ readonly decimals: number }>({
  name: "roundDecimals",
  numbers: ({ decimals }) => [10 ** Math.max(decimals, 0), 10 ** Math.max(-decimals, 0)],
  wgsl: (_, x, up, down) => `round(${x} * ${up} / ${down}) / ${up} * ${down}`,
  backward: (dy) => dy.mul(0),
});
