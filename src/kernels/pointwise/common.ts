// Pointwise functions that launchers build recipes from, and that ops share.

import math from "../wgsl/shared/math.js";
import { type PointwiseFunction, spell } from "./function.js";

export const functions = {
  add: { name: "add", wgsl: ([a, b]) => `${a} + ${b}` },
  sub: { name: "sub", wgsl: ([a, b]) => `${a} - ${b}` },
  div: { name: "div", wgsl: ([a, b]) => `${a} / ${b}` },
  mul: { name: "mul", wgsl: ([a, b]) => `${a} * ${b}` },
  identity: { name: "identity", wgsl: ([x]) => x! },
  select: { name: "where", wgsl: ([condition, a, b]) => `select(${b}, ${a}, ${condition})` },
  exceeds: { name: "exceeds", wgsl: ([a, b]) => `${a} > ${b}` },
  differs: { name: "differs", wgsl: ([a, b]) => `${a} != ${b}` },
  toFloat: { name: "to_float32", wgsl: ([x], to) => `${spell(to)}(${x})` },
  equal: { name: "equal", wgsl: ([a, b]) => `${a} == ${b}` },
  /** Row-major index of each element, as the result's dtype. */
  index: { name: "index", indexed: true, wgsl: ([index], to) => `${spell(to)}(${index})` },
  exp: {
    name: "exp",
    imports: [math],
    wgsl: ([x], to) => {
      return to.width === 4 ? `${spell(to)}(exp_of_four(vec4f(${x})))` : `${spell(to)}(exp_(f32(${x})))`;
    },
  },
} satisfies Record<string, PointwiseFunction>;
