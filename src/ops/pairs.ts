// Elementary functions of two numbers. Integers become float32 first.

import pairs from "../kernels/wgsl/shared/pairs.js";
import { binary, callOfTwo } from "./pointwise.js";

/**
 * The angle of the point (b, a), in (-pi, pi]. The derivatives b / (a^2 + b^2) and -a / (a^2 + b^2) are computed of the
 * point drawn to a distance near 1, so that squares neither overflow nor vanish.
 */
export const atan2 = binary({
  name: "atan2",
  promotion: "float",
  ...callOfTwo("atan2_", pairs),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => {
      const size = a.abs().maximum(b.abs()).detach();
      const [y, x] = [a.div(size), b.div(size)];
      return dy.mul(x.div(y.square().add(x.square()))).div(size);
    },
    b: (dy, { a, b }) => {
      const size = a.abs().maximum(b.abs()).detach();
      const [y, x] = [a.div(size), b.div(size)];
      return dy
        .neg()
        .mul(y.div(y.square().add(x.square())))
        .div(size);
    },
  },
});

/** sqrt(a^2 + b^2) without overflow on the way. */
export const hypot = binary({
  name: "hypot",
  promotion: "float",
  ...callOfTwo("hypot_", pairs),
  saves: { a: ["a", "output"], b: ["b", "output"] },
  backward: { a: (dy, { a, output }) => dy.mul(a.div(output)), b: (dy, { b, output }) => dy.mul(b.div(output)) },
});

/** log(e^a + e^b) */
export const logaddexp = binary({
  name: "logaddexp",
  promotion: "float",
  ...callOfTwo("logaddexp_", pairs),
  saves: ["a", "b"],
  backward: { a: (dy, { a, b }) => dy.mul(a.sub(b).sigmoid()), b: (dy, { a, b }) => dy.mul(b.sub(a).sigmoid()) },
});

/** log2(2^a + 2^b) */
export const logaddexp2 = binary({
  name: "logaddexp2",
  promotion: "float",
  ...callOfTwo("logaddexp2_", pairs),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.mul(a.sub(b).mul(Math.LN2).sigmoid()),
    b: (dy, { a, b }) => dy.mul(b.sub(a).mul(Math.LN2).sigmoid()),
  },
});

/** a log b, and 0 where a is 0, unless b is NaN. */
export const xlogy = binary({
  name: "xlogy",
  promotion: "float",
  ...callOfTwo("xlogy_", pairs),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.xlogy(b).maskedFill(a.eq(0).logicalAnd(b.le(0)), 0),
    b: (dy, { a, b }) => dy.mul(a.div(b)),
  },
});

/** a log(1 + b), and 0 where a is 0, unless b is NaN. */
export const xlog1py = binary({
  name: "xlog1py",
  promotion: "float",
  ...callOfTwo("xlog1py_", pairs),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.xlog1py(b).maskedFill(a.eq(0).logicalAnd(b.le(-1)), 0),
    b: (dy, { a, b }) => dy.mul(a.div(b.add(1))),
  },
});
