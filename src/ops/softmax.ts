// Softmax and the losses made from it.

import { defineOp, type Meta } from "../autograd/op.js";
import { DTypeError, formatShape, ShapeError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { type CrossEntropyAttributes, crossEntropy as launchCrossEntropy } from "../kernels/cross-entropy.js";
import { functions } from "../kernels/pointwise/common.js";
import { softmax as launch, softmaxGradient as launchGradient } from "../kernels/softmax.js";
import type { Tensor } from "../tensor/tensor.js";
import { assertFloat } from "./pointwise.js";

/** y_i = exp(x_i) / sum_j exp(x_j) along a dimension. */
export const softmax = defineOp({
  name: "softmax",
  inputs: ["x"],
  promotion: "float",
  shape: ({ x }, _dim: number) => x,
  forward: ({ x }, dim) => launch(x, dim, false),
  saves: ["output"],
  backward: { x: (dy, { output }, dim) => output.softmaxGradient(dy, dim) },
});

/** dx = y (dy - sum(y dy)) along a dimension: the derivative of y = softmax(x). */
export const softmaxGradient = defineOp({
  name: "softmaxGradient",
  inputs: ["y", "dy"],
  shape: ({ y }, _dim: number) => y,
  forward: ({ y, dy }, dim) => launchGradient(y, dy, dim, false),
  saves: { y: ["y", "dy"], dy: ["y"] },
  backward: {
    y: (ddx, { y, dy }, dim) => {
      const along = (a: Tensor): Tensor => a.mul(y).sum(dim, { keepdim: true });
      return ddx.mul(dy.sub(along(dy))).sub(dy.mul(along(ddx)));
    },
    dy: (ddx, { y }, dim) => y.softmaxGradient(ddx, dim),
  },
});

/** y_i = x_i - log sum_j exp(x_j) along a dimension. */
export const logSoftmax = defineOp({
  name: "logSoftmax",
  inputs: ["x"],
  promotion: "float",
  shape: ({ x }, _dim: number) => x,
  forward: ({ x }, dim) => launch(x, dim, true),
  saves: ["output"],
  backward: { x: (dy, { output }, dim) => output.logSoftmaxGradient(dy, dim) },
});

/** dx = dy - exp(y) sum(dy) along a dimension: the derivative of y = logSoftmax(x). */
export const logSoftmaxGradient = defineOp({
  name: "logSoftmaxGradient",
  inputs: ["y", "dy"],
  shape: ({ y }, _dim: number) => y,
  forward: ({ y, dy }, dim) => launchGradient(y, dy, dim, true),
  saves: { y: ["y", "dy"], dy: ["y"] },
  backward: {
    y: (ddx, { y, dy }, dim) =>
      ddx
        .neg()
        .mul(y.exp())
        .mul(dy.sum(dim, { keepdim: true })),
    dy: (ddx, { y }, dim) => ddx.sub(ddx.mul(y.exp()).sum(dim, { keepdim: true })),
  },
});

/**
 * (1 - s) w[label] l[label] + s mean_c w[c] l[c] for l = -log softmax(x), averaged by w[label] or summed: x [N, C, ...],
 * labels int32 [N, ...]; weight w [C], or a number for all classes, has no derivative here.
 */
export const crossEntropy = defineOp({
  name: "crossEntropy",
  inputs: ["x", "labels", "weight"],
  extras: ["largest", "logSum", "mass", "count"],
  shape: ({ x, labels }, { reduction }: CrossEntropyAttributes) => {
    assertFloat("crossEntropy", "the input", x);
    checkTarget(x, labels);
    return { shape: reduction === "none" ? labels.shape : [], dtype: "float32" };
  },
  forward: ({ x, labels, weight }, attributes) => launchCrossEntropy(x, labels, weight, attributes),
  saves: ["x", "labels", "weight"],
  backward: {
    x: (dy, { x, labels, weight, largest, logSum, mass, count }, { reduction, ignoreIndex, labelSmoothing }) => {
      const perRow = reduction === "mean" ? dy.div(count) : dy;
      const scale = perRow.expand(labels.shape).where(labels.ne(ignoreIndex), 0);
      const [logits, weights] = [x.to("float32"), weight.to("float32")];
      return logits.crossEntropyGradient(largest, logSum, mass, labels, weights, scale, labelSmoothing).to(x.dtype);
    },
  },
});

function checkTarget({ shape, dtype }: Meta, labels: Meta): void {
  const wanted = shape.toSpliced(1, 1); // [N, ...]
  if (labels.dtype !== "int32") {
    const isOneHot = sameShape(labels.shape, shape) && !sameShape(labels.shape, wanted);
    throw new DTypeError(
      "crossEntropy",
      `the input is ${dtype} ${formatShape(shape)}, the target ${labels.dtype} ${formatShape(labels.shape)}; the target ` +
        `must be class indices, int32: target.${isOneHot ? "argmax(1)" : 'to("int32")'}`,
    );
  }
  if (shape.length >= 2 && sameShape(wanted, labels.shape)) return;
  const mustBe = shape.length < 2 ? "" : `, which must be ${formatShape(wanted)}`;
  const isColumn = shape.length >= 2 && sameShape([...wanted, 1], labels.shape);
  throw new ShapeError(
    "crossEntropy",
    [shape, labels.shape],
    `the input is [N, C, ...] and the target [N, ...]${mustBe}`,
    isColumn ? `target.squeeze(${wanted.length})` : undefined,
  );
}

/**
 * dx[n, c, ...] = scale (mass exp(x - largest - logSum) - t), t = weight[c] ((1 - s) (c == label) + s / C): the derivative of
 * cross-entropy. largest and logSum are functions of x, so the second derivative with respect to x is that of softmax.
 */
export const crossEntropyGradient = defineOp({
  name: "crossEntropyGradient",
  inputs: ["x", "largest", "logSum", "mass", "labels", "weight", "scale"],
  shape: ({ x }, _smoothing: number) => x,
  forward: ({ x, largest, logSum, mass, labels, weight, scale }, smoothing, { shape, dtype }) => {
    const [N, C, ...inner] = shape as [number, number, ...number[]];
    const perRow = (y: NDArray): NDArray => (y.shape.length === 0 ? y : y.reshape([N, 1, ...inner]));
    const ofClasses = [C, ...inner.map(() => 1)];
    const classes = NDArray.pointwise(functions.index, "int32", ofClasses, []);
    const make = (fn: keyof typeof functions, type: typeof dtype | "bool", inputs: NDArray[]): NDArray => {
      return NDArray.pointwise(functions[fn], type, shape, inputs);
    };
    const number = (value: number): NDArray => NDArray.constant(value, dtype, [], x.device);
    const hasMass = mass.shape.length > 0;
    let p = make("exp", dtype, [make("sub", dtype, [make("sub", dtype, [x, perRow(largest)]), perRow(logSum)])]);
    if (hasMass) p = make("mul", dtype, [p, perRow(mass)]);
    let t = make("toFloat", dtype, [make("equal", "bool", [classes, perRow(labels)])]);
    if (smoothing !== 0)
      t = make("add", dtype, [make("mul", dtype, [t, number(1 - smoothing)]), number(smoothing / C)]);
    if (weight.shape.length > 0) t = make("mul", dtype, [t, weight.reshape(ofClasses)]);
    return make("mul", dtype, [make("sub", dtype, [p, t]), perRow(scale)]);
  },
  saves: ["x", "largest", "logSum", "mass", "labels", "weight", "scale"],
  backward: {
    x: (ddx, { x, mass, scale }) => {
      const p = x.softmax(1);
      const u = ddx.mul(scale.mul(mass).unsqueeze(1));
      return p.mul(u.sub(p.mul(u).sum(1, { keepdim: true })));
    },
    scale: (ddx, { x, largest, logSum, mass, labels, weight }, smoothing) => {
      return ddx.mul(x.crossEntropyGradient(largest, logSum, mass, labels, weight, 1, smoothing)).sum(1);
    },
  },
});
