// Activations made of exponentials. Each holds at extreme values, forward and backward.

import file from "../kernels/wgsl/shared/activation.js";
import geluFile from "../kernels/wgsl/shared/gelu.js";
import { call, callOfFour } from "./math.js";
import { unary } from "./pointwise.js";

interface EluAttributes {
  /** What negative numbers tend to, times -1. */
  readonly negative: number;
  /** The slope of positive numbers. */
  readonly positive: number;
  /** What negative numbers are multiplied by before exp. */
  readonly rate: number;
}

/** positive x for x > 0, else negative (exp(rate x) - 1). */
export const elu = unary<EluAttributes>({
  name: "elu",
  floatOnly: true,
  ...call("elu", file),
  numbers: ({ negative, positive, rate }) => [negative, positive, rate],
  saves: ["x"],
  backward: (dy, { x }, { negative, positive, rate }) => {
    const slope = x
      .clamp(null, 0) // where x is positive this branch is not taken, and must not overflow either
      .mul(rate)
      .exp()
      .mul(negative * rate);
    return dy.mul(slope).where(x.le(0), dy.mul(positive));
  },
});

/** x (1 + erf(x / sqrt(2))) / 2 */
export const gelu = unary({
  name: "gelu",
  floatOnly: true,
  ...callOfFour("gelu", geluFile),
  saves: ["x"],
  backward: (dy, { x }) => {
    const below = x.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
    const density = x
      .square()
      .mul(-0.5)
      .exp()
      .mul(1 / Math.sqrt(2 * Math.PI));
    return dy.mul(below.add(x.mul(density)));
  },
});

/** x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3) */
export const geluTanh = unary({
  name: "geluTanh",
  floatOnly: true,
  ...callOfFour("gelu_tanh", geluFile),
  saves: ["x"],
  backward: (dy, { x }) => {
    const q = x.square();
    const scale = Math.sqrt(2 / Math.PI);
    const t = q.mul(0.044715).add(1).mul(x).mul(scale).tanh();
    const du = q.mul(3 * 0.044715 * scale).add(scale);
    return dy.mul(
      t
        .add(1)
        .mul(0.5)
        .add(x.mul(0.5).mul(t.square().neg().add(1)).mul(du)),
    );
  },
});

/** log(1 / (1 + exp(-x))) */
export const logsigmoid = unary({
  name: "logsigmoid",
  floatOnly: true,
  ...call("log_sigmoid", file),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.neg().sigmoid()),
});

/** x tanh(log(1 + exp(x))). With s = sigmoid(x) and u = 1 - s, the tanh is s (1 + u) / (1 + u^2). */
export const mish = unary({
  name: "mish",
  floatOnly: true,
  ...call("mish", file),
  saves: ["x"],
  backward: (dy, { x }) => {
    const [s, u] = [x.sigmoid(), x.neg().sigmoid()];
    const below = u.square().add(1);
    const t = s.mul(u.add(1)).div(below);
    return dy.mul(t.add(x.mul(s).mul(u.mul(2).div(below).square())));
  },
});

/** x / (1 + exp(-x)) */
export const silu = unary({
  name: "silu",
  floatOnly: true,
  ...callOfFour("silu", file),
  saves: ["x"],
  backward: (dy, { x }) => {
    const s = x.sigmoid();
    return dy.mul(s.mul(x.mul(x.neg().sigmoid()).add(1)));
  },
});

/** log(1 + exp(beta x)) / beta; x where beta x is above the threshold. */
export const softplus = unary<{ readonly beta: number; readonly threshold: number }>({
  name: "softplus",
  floatOnly: true,
  ...call("softplus", file),
  numbers: ({ beta, threshold }) => [beta, threshold],
  saves: ["x"],
  backward: (dy, { x }, { beta, threshold }) => {
    const z = x.mul(beta);
    return dy.where(z.gt(threshold), dy.mul(z.sigmoid()));
  },
});

/** x / (1 + |x|). The derivative is 1 / (1 + |x|)^2, and NaN where the function is: for infinity. */
export const softsign = unary({
  name: "softsign",
  promotion: "float",
  wgsl: (_, x) => `${x} / (1 + abs(${x}))`,
  saves: ["x", "output"],
  backward: (dy, { x, output }) => {
    const below = x.abs().add(1);
    return dy.div(below).div(below).add(output.mul(0));
  },
});

/** x - tanh(x), accurate near 0. */
export const tanhshrink = unary({
  name: "tanhshrink",
  promotion: "float",
  ...call("tanhshrink", file),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.tanh().square()),
});
