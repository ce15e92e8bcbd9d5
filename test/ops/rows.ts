// One row per operation: how to call it here, how to call it in PyTorch, and inputs that meet its edges. The goldens in
// test/goldens/ops.json are PyTorch's answers to the third column (scripts/goldens.sh makes them).

import { cat, F, stack, type Tensor, where } from "../../src/index.js";
import { recurrentLayer } from "../../src/nn/functional/recurrent.js";

/** Where an input's numbers come from. */
export interface InputSpec {
  readonly shape: readonly number[];
  /** "float": spread over [low, high]; "int": whole numbers in [low, high); "bool". Default float in [-2, 2]. */
  readonly kind?: "float" | "int" | "bool";
  readonly low?: number;
  readonly high?: number;
  /** Exact values instead. */
  readonly values?: readonly number[];
  /** Seen through a view: transposed, or every second element of a larger tensor. */
  readonly view?: "transposed" | "strided";
  /** Default: floats are differentiated. */
  readonly differentiable?: boolean;
}

export interface Row {
  readonly op: string;
  readonly run: (inputs: Record<string, Tensor>) => Tensor;
  /** Python, with the inputs as variables, torch and F = torch.nn.functional. */
  readonly torch: string;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** Relative and absolute tolerance against PyTorch; default 1e-5 and 1e-6. */
  readonly tolerance?: number;
  /** Some inputs lie on a kink or a step over a jump, where central differences say nothing. */
  readonly atKink?: boolean;
}

type Inputs = Record<string, Tensor>;
const positive = { low: 0.2, high: 3 };

/** y = f(x) on an odd, a transposed and a strided input. */
function unaryRows(
  op: string,
  run: (x: Tensor) => Tensor,
  torch: string,
  range: Partial<InputSpec> = {},
  tolerance?: number,
): Row[] {
  const specs: InputSpec[] = [
    { shape: [3, 5] },
    { shape: [4, 3], view: "transposed" },
    { shape: [7], view: "strided" },
  ];
  return specs.map((spec) => ({
    op,
    run: ({ x }: Inputs) => run(x!),
    torch,
    inputs: { x: { ...spec, ...range } },
    ...(tolerance && { tolerance }),
  }));
}

/** Recurrent layers, small where central differences are taken. All results count, each differently. */
function recurrentRows(): Row[] {
  const weights = (G: number, I: number, H: number): Record<string, InputSpec> => ({
    wih: { shape: [G * H, I] },
    whh: { shape: [G * H, H] },
    bih: { shape: [G * H] },
    bhh: { shape: [G * H] },
  });
  const layer = (
    cell: Parameters<typeof recurrentLayer>[0],
    call: string,
    isTwoWay: boolean,
    inputs: Record<string, InputSpec>,
  ): Row => ({
    op: "recurrent",
    run: ({ x, wih, whh, bih, bhh, whr, wih2, whh2, bih2, bhh2, h0, c0 }) => {
      const first = { weightIh: wih!, weightHh: whh!, biasIh: bih, biasHh: bhh, weightHr: whr };
      const second = { weightIh: wih2!, weightHh: whh2!, biasIh: bih2, biasHh: bhh2 };
      const { output, hn, cn } = recurrentLayer(cell, x!, isTwoWay ? [first, second] : [first], { h0, c0 }, !isTwoWay);
      return output.add(hn.sum()).add(cn.square().sum());
    },
    torch: `(lambda y: y[0] + y[1].sum()${cell === "lstm" ? " + (y[2] ** 2).sum()" : ""})(torch._VF.${call})`,
    inputs,
  });
  const oneWay = "True, 1, 0.0, False, False, True";
  const twoWay = "True, 1, 0.0, False, True, False";
  const second = (specs: Record<string, InputSpec>): Record<string, InputSpec> =>
    Object.fromEntries(Object.entries(specs).map(([name, spec]) => [`${name}2`, spec]));
  return [
    layer("tanh", `rnn_tanh(x, h0, [wih, whh, bih, bhh], ${oneWay})`, false, {
      x: { shape: [2, 3, 14] },
      ...weights(1, 14, 3),
      h0: { shape: [1, 2, 3] },
    }),
    layer("gru", `gru(x, h0, [wih, whh, bih, bhh], ${oneWay})`, false, {
      x: { shape: [1, 2, 1] },
      ...weights(3, 1, 1),
      h0: { shape: [1, 1, 1] },
    }),
    layer("lstm", `lstm(x, (h0, c0), [wih, whh, bih, bhh, whr], ${oneWay})`, false, {
      x: { shape: [1, 2, 1] },
      ...weights(4, 1, 2),
      whh: { shape: [8, 1] },
      whr: { shape: [1, 2] },
      h0: { shape: [1, 1, 1] },
      c0: { shape: [1, 1, 2] },
    }),
    layer("lstm", `lstm(x, (h0, c0), [wih, whh, bih, bhh, wih2, whh2, bih2, bhh2], ${twoWay})`, true, {
      x: { shape: [3, 2, 14] },
      ...weights(4, 14, 4),
      ...second(weights(4, 14, 4)),
      h0: { shape: [2, 2, 4] },
      c0: { shape: [2, 2, 4] },
    }),
  ];
}

/** y = f(a, b) of equal shapes, broadcast shapes both ways, and a scalar. */
function binaryRows(
  op: string,
  run: (a: Tensor, b: Tensor) => Tensor,
  torch: string,
  a: Partial<InputSpec> = {},
  b = a,
  tolerance?: number,
): Row[] {
  const shapes: [number[], number[]][] = [
    [
      [3, 5],
      [3, 5],
    ],
    [
      [2, 1, 4],
      [3, 1],
    ],
    [[4], [2, 3, 4]],
    [[], [3, 3]],
  ];
  return shapes.map(([as, bs]) => ({
    op,
    run: ({ a, b }: Inputs) => run(a!, b!),
    torch,
    inputs: { a: { shape: as, ...a }, b: { shape: bs, ...b } },
    ...(tolerance && { tolerance }),
  }));
}

function comparisonRows(op: string, run: (a: Tensor, b: Tensor) => Tensor, torch: string): Row[] {
  const few = { kind: "int", low: 0, high: 3 } as const;
  return [...binaryRows(op, run, torch, few), ...binaryRows(op, run, torch, { values: undefined })];
}

const row = (
  op: string,
  run: (inputs: Inputs) => Tensor,
  torch: string,
  inputs: Record<string, InputSpec>,
  more: Partial<Row> = {},
): Row => {
  return { op, run, torch, inputs, ...more };
};

const image = { shape: [2, 4, 7, 6] };
const index = (shape: number[], high: number): InputSpec => ({ shape, kind: "int", low: 0, high });

export const rows: readonly Row[] = [
  // arithmetic
  ...binaryRows("add", (a, b) => a.add(b), "a + b"),
  ...binaryRows("sub", (a, b) => a.sub(b), "a - b"),
  ...binaryRows("mul", (a, b) => a.mul(b), "a * b"),
  ...binaryRows("div", (a, b) => a.div(b), "a / b", {}, positive),
  ...binaryRows("pow", (a, b) => a.pow(b), "a ** b", positive, {}, 1e-4),
  row("pow", ({ a }) => a!.pow(2), "a ** 2", { a: { shape: [9], values: [-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3] } }),
  row("pow", ({ a }) => a!.pow(3), "a ** 3", { a: { shape: [9], values: [-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3] } }),
  row("pow", ({ a }) => a!.pow(-1), "a ** -1", { a: { shape: [5], values: [-2, -0.5, 0.5, 1, 3] } }),
  row("pow", ({ a }) => a!.pow(0.5), "a ** 0.5", { a: { shape: [5], ...positive } }, { tolerance: 1e-4 }),
  ...binaryRows("maximum", (a, b) => a.maximum(b), "torch.maximum(a, b)"),
  row(
    "maximum",
    ({ a, b }) => a!.maximum(b!),
    "torch.maximum(a, b)",
    { a: { shape: [4], values: [1, 2, 3, 3] }, b: { shape: [4], values: [1, 3, 2, 3] } },
    { atKink: true },
  ),
  ...binaryRows("minimum", (a, b) => a.minimum(b), "torch.minimum(a, b)"),
  ...binaryRows(
    "floorDivide",
    (a, b) => a.floorDivide(b),
    "torch.floor_divide(a, b)",
    { differentiable: false },
    { ...positive, differentiable: false },
  ),
  row("floorDivide", ({ a, b }) => a!.floorDivide(b!), "torch.floor_divide(a, b)", {
    a: { shape: [6], kind: "int", values: [7, -7, 7, -7, 6, -6] },
    b: { shape: [6], kind: "int", values: [2, 2, -2, -2, 3, 3] },
  }),
  ...binaryRows("remainder", (a, b) => a.remainder(b), "torch.remainder(a, b)", { low: -5, high: 5 }, positive).map(
    (jumps) => ({ ...jumps, atKink: true }), // and central differences would step across a jump
  ),
  row("remainder", ({ a, b }) => a!.remainder(b!), "torch.remainder(a, b)", {
    a: { shape: [6], kind: "int", values: [7, -7, 7, -7, 6, -6] },
    b: { shape: [6], kind: "int", values: [2, 2, -2, -2, 3, 3] },
  }),
  ...unaryRows("neg", (x) => x.neg(), "-x"),
  ...unaryRows("abs", (x) => x.abs(), "x.abs()"),
  ...unaryRows("sign", (x) => x.sign(), "x.sign()"),
  ...unaryRows("clamp", (x) => x.clamp(-1, 0.5), "x.clamp(-1, 0.5)"),
  row(
    "clamp",
    ({ x }) => x!.clamp(0),
    "x.clamp(min=0)",
    { x: { shape: [5], values: [-1, 0, 0.5, 1, 2] } },
    { atKink: true },
  ),
  row(
    "clamp",
    ({ x }) => x!.clamp(null, 1),
    "x.clamp(max=1)",
    { x: { shape: [5], values: [-1, 0, 0.5, 1, 2] } },
    { atKink: true },
  ),

  // comparison and choice
  ...comparisonRows("eq", (a, b) => a.eq(b), "a == b"),
  ...comparisonRows("ne", (a, b) => a.ne(b), "a != b"),
  ...comparisonRows("lt", (a, b) => a.lt(b), "a < b"),
  ...comparisonRows("le", (a, b) => a.le(b), "a <= b"),
  ...comparisonRows("gt", (a, b) => a.gt(b), "a > b"),
  ...comparisonRows("ge", (a, b) => a.ge(b), "a >= b"),
  ...binaryRows("logicalAnd", (a, b) => a.logicalAnd(b), "torch.logical_and(a, b)", { kind: "int", low: 0, high: 2 }),
  ...binaryRows("logicalOr", (a, b) => a.logicalOr(b), "torch.logical_or(a, b)", { kind: "bool" }),
  ...binaryRows("logicalXor", (a, b) => a.logicalXor(b), "torch.logical_xor(a, b)", { kind: "bool" }),
  row("logicalNot", ({ x }) => x!.logicalNot(), "torch.logical_not(x)", {
    x: { shape: [5], kind: "int", low: 0, high: 2 },
  }),
  row("isnan", ({ x }) => x!.isnan(), "torch.isnan(x)", {
    x: { shape: [4], values: [Number.NaN, 1, Infinity, -Infinity], differentiable: false },
  }),
  row("isinf", ({ x }) => x!.isinf(), "torch.isinf(x)", {
    x: { shape: [4], values: [Number.NaN, 1, Infinity, -Infinity], differentiable: false },
  }),
  row("where", ({ c, a, b }) => where(c!, a!, b!), "torch.where(c, a, b)", {
    c: { shape: [3, 1], kind: "bool" },
    a: { shape: [4] },
    b: { shape: [3, 4] },
  }),
  row("where", ({ c, a }) => a!.maskedFill(c!, -1), "a.masked_fill(c, -1.0)", {
    c: { shape: [3, 4], kind: "bool" },
    a: { shape: [3, 4] },
  }),

  // functions
  ...unaryRows("exp", (x) => x.exp(), "x.exp()"),
  ...unaryRows("expm1", (x) => x.expm1(), "x.expm1()"),
  ...unaryRows("log", (x) => x.log(), "x.log()", positive),
  ...unaryRows("log1p", (x) => x.log1p(), "x.log1p()", { low: -0.8, high: 3 }),
  ...unaryRows("sqrt", (x) => x.sqrt(), "x.sqrt()", positive),
  ...unaryRows("rsqrt", (x) => x.rsqrt(), "x.rsqrt()", positive),
  ...unaryRows("reciprocal", (x) => x.reciprocal(), "x.reciprocal()", positive),
  ...unaryRows("square", (x) => x.square(), "x.square()"),
  ...unaryRows("sin", (x) => x.sin(), "x.sin()", { low: -9, high: 9 }),
  ...unaryRows("cos", (x) => x.cos(), "x.cos()", { low: -9, high: 9 }),
  ...unaryRows("erf", (x) => x.erf(), "x.erf()"),
  ...unaryRows("floor", (x) => x.floor(), "x.floor()"),
  ...unaryRows("ceil", (x) => x.ceil(), "x.ceil()"),
  ...unaryRows("trunc", (x) => x.trunc(), "x.trunc()"),
  row("round", ({ x }) => x!.round(), "x.round()", {
    x: { shape: [8], values: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49, 2.51], differentiable: false },
  }),
  ...unaryRows("relu", (x) => x.relu(), "x.relu()"),
  row("relu", ({ x }) => x!.relu(), "x.relu()", { x: { shape: [3], values: [-1, 0, 1] } }, { atKink: true }),
  ...unaryRows("sigmoid", (x) => x.sigmoid(), "x.sigmoid()", { low: -6, high: 6 }),
  ...unaryRows("tanh", (x) => x.tanh(), "x.tanh()", { low: -3, high: 3 }),
  ...unaryRows("softmax", (x) => x.softmax(-1), "x.softmax(-1)"),
  row("softmax", ({ x }) => x!.softmax(0), "x.softmax(0)", { x: { shape: [5, 3] } }),
  row("softmax", ({ x }) => x!.softmax(1), "x.softmax(1)", { x: { shape: [2, 65, 3], low: -9, high: 9 } }),
  row("softmax", ({ x }) => x!.softmax(1), "x.softmax(1)", { x: { shape: [2, 5, 3] } }),
  ...unaryRows("logSoftmax", (x) => x.logSoftmax(-1), "x.log_softmax(-1)"),
  row("logSoftmax", ({ x }) => x!.logSoftmax(1), "x.log_softmax(1)", { x: { shape: [2, 33, 2], low: -9, high: 9 } }),
  row("logSoftmax", ({ x }) => x!.logSoftmax(1), "x.log_softmax(1)", { x: { shape: [2, 5, 3] } }),

  // reductions
  row("sum", ({ x }) => x!.sum(), "x.sum()", { x: { shape: [3, 4, 5] } }),
  row("sum", ({ x }) => x!.sum(1), "x.sum(1)", { x: { shape: [3, 4, 5] } }),
  row("sum", ({ x }) => x!.sum([0, 2], { keepdim: true }), "x.sum([0, 2], keepdim=True)", { x: { shape: [3, 4, 5] } }),
  row("sum", ({ x }) => x!.sum(-1), "x.sum(-1)", { x: { shape: [3, 129] } }),
  row("sum", ({ x }) => x!.sum(0), "x.sum(0)", { x: { shape: [300, 12] } }),
  row("sum", ({ x }) => x!.sum(), "x.sum()", { x: { shape: [4, 3], view: "transposed" } }),
  row("sum", ({ x }) => x!.sum(), "x.sum()", { x: { shape: [] } }),
  row("sum", ({ x }) => x!.sum(), "x.sum()", { x: { shape: [7], kind: "bool" } }),
  row("mean", ({ x }) => x!.mean(), "x.mean()", { x: { shape: [3, 4, 5] } }),
  row("mean", ({ x }) => x!.mean([1, 2]), "x.mean([1, 2])", { x: { shape: [3, 4, 5] } }),
  row("mean", ({ x }) => x!.mean(0, { keepdim: true }), "x.mean(0, keepdim=True)", {
    x: { shape: [6], view: "strided" },
  }),
  row("amax", ({ x }) => x!.amax(1), "x.amax(1)", { x: { shape: [3, 4, 5] } }),
  row("amax", ({ x }) => x!.amax(), "x.amax()", { x: { shape: [4], values: [1, 3, 3, 2] } }, { atKink: true }),
  row("amin", ({ x }) => x!.amin([0, 2], { keepdim: true }), "x.amin([0, 2], keepdim=True)", {
    x: { shape: [3, 4, 5] },
  }),
  row("argmax", ({ x }) => x!.argmax(), "x.argmax()", { x: { shape: [3, 50], differentiable: false } }),
  row("argmax", ({ x }) => x!.argmax(0), "x.argmax(0)", { x: { shape: [3, 5], differentiable: false } }),
  row("argmax", ({ x }) => x!.argmax(-1, { keepdim: true }), "x.argmax(-1, keepdim=True)", {
    x: { shape: [3, 70], differentiable: false },
  }),
  row("argmin", ({ x }) => x!.argmin(1), "x.argmin(1)", { x: { shape: [3, 5, 2], differentiable: false } }),
  row("max", ({ x }) => x!.max(1).values, "x.max(1).values", { x: { shape: [3, 5, 2] } }),
  row("min", ({ x }) => x!.min(0, { keepdim: true }).values, "x.min(0, keepdim=True).values", { x: { shape: [3, 5] } }),
  row("var", ({ x }) => x!.var(1), "x.var(1)", { x: { shape: [3, 5] } }),
  row(
    "var",
    ({ x }) => x!.var([0, 2], { correction: 0, keepdim: true }),
    "x.var([0, 2], unbiased=False, keepdim=True)",
    { x: { shape: [3, 4, 5] } },
  ),
  row("std", ({ x }) => x!.std(), "x.std()", { x: { shape: [3, 5] } }),
  row("all", ({ x }) => x!.all(1), "x.all(1)", { x: { shape: [3, 2], kind: "bool" } }),
  row("any", ({ x }) => x!.any(0), "x.any(0)", { x: { shape: [2, 5], kind: "bool" } }),

  // products
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [3, 4] }, b: { shape: [4, 5] } }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", {
    a: { shape: [5, 3], view: "transposed" },
    b: { shape: [3, 4], view: "transposed" },
  }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [2, 3, 4] }, b: { shape: [2, 4, 5] } }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [2, 1, 3, 4] }, b: { shape: [3, 4, 2] } }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [3, 2, 4] }, b: { shape: [4, 5] } }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [4] }, b: { shape: [4] } }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [4] }, b: { shape: [2, 4, 3] } }),
  row("matmul", ({ a, b }) => a!.matmul(b!), "a @ b", { a: { shape: [2, 3, 4] }, b: { shape: [4] } }),
  row("linear", ({ x, w, b }) => F.linear(x!, w!, b!), "F.linear(x, w, b)", {
    x: { shape: [3, 4] },
    w: { shape: [5, 4] },
    b: { shape: [5] },
  }),
  row("linear", ({ x, w, b }) => F.linear(x!, w!, b!), "F.linear(x, w, b)", {
    x: { shape: [2, 3, 4] },
    w: { shape: [5, 4] },
    b: { shape: [5] },
  }),
  row("linear", ({ x, w, b }) => F.linear(x!, w!, b!), "F.linear(x, w, b)", {
    x: { shape: [4] },
    w: { shape: [5, 4] },
    b: { shape: [5] },
  }),
  row("linear", ({ x, w }) => F.linear(x!, w!), "F.linear(x, w)", { x: { shape: [3, 4] }, w: { shape: [5, 4] } }),

  // convolution and pooling
  row("conv2d", ({ x, w, b }) => F.conv2d(x!, w!, b!), "F.conv2d(x, w, b)", {
    x: image,
    w: { shape: [3, 4, 3, 3] },
    b: { shape: [3] },
  }),
  row(
    "conv2d",
    ({ x, w, b }) => F.conv2d(x!, w!, b!, { padding: 1 }),
    "F.conv2d(x, w, b, padding=1)",
    { x: { shape: [1, 2, 4, 3] }, w: { shape: [2, 2, 3, 3] }, b: { shape: [2] } },
    { tolerance: 1e-4 },
  ),
  row(
    "conv2d",
    ({ x, w }) => F.conv2d(x!, w!, null, { stride: [2, 1], padding: [1, 2] }),
    "F.conv2d(x, w, None, stride=(2, 1), padding=(1, 2))",
    { x: image, w: { shape: [5, 4, 3, 2] } },
  ),
  row(
    "conv2d",
    ({ x, w }) => F.conv2d(x!, w!, null, { dilation: 2, padding: 2 }),
    "F.conv2d(x, w, None, dilation=2, padding=2)",
    { x: image, w: { shape: [2, 4, 3, 3] } },
  ),
  row(
    "conv2d",
    ({ x, w }) => F.conv2d(x!, w!, null, { groups: 2, stride: 3 }),
    "F.conv2d(x, w, None, groups=2, stride=3)",
    { x: image, w: { shape: [6, 2, 3, 3] } },
  ),
  row(
    "conv2d",
    ({ x, w }) => F.conv2d(x!, w!, null, { groups: 4, padding: 1 }),
    "F.conv2d(x, w, None, groups=4, padding=1)",
    { x: image, w: { shape: [4, 1, 3, 3] } },
  ),
  row(
    "conv2d",
    ({ x, w }) => F.conv2d(x!, w!, null, { groups: 2, stride: [1, 2], padding: 1 }),
    "F.conv2d(x, w, None, groups=2, stride=(1, 2), padding=1)",
    { x: { shape: [1, 4, 4, 3] }, w: { shape: [4, 2, 3, 2] } },
    { tolerance: 1e-4 },
  ),
  row(
    "conv2d",
    ({ x, w }) => F.conv2d(x!, w!, null, { stride: 2, padding: 1, dilation: 2 }),
    "F.conv2d(x, w, None, stride=2, padding=1, dilation=2)",
    { x: { shape: [1, 2, 6, 7] }, w: { shape: [3, 2, 2, 3] } },
    { tolerance: 1e-4 },
  ),
  row("conv2d", ({ x, w }) => F.conv2d(x!, w!, null, { padding: 3 }), "F.conv2d(x, w, None, padding=3)", {
    x: { shape: [1, 2, 3, 3] },
    w: { shape: [2, 2, 1, 1] },
  }),
  row("conv2d", ({ x, w }) => F.conv2d(x!, w!, null, { padding: "same" }), 'F.conv2d(x, w, None, padding="same")', {
    x: { shape: [2, 4, 5] },
    w: { shape: [9, 2, 3, 1] },
  }),
  row("maxPool2d", ({ x }) => F.maxPool2d(x!, 2), "F.max_pool2d(x, 2)", { x: image }),
  row(
    "maxPool2d",
    ({ x }) => F.maxPool2d(x!, 3, { stride: 2, padding: 1 }),
    "F.max_pool2d(x, 3, stride=2, padding=1)",
    { x: image },
  ),
  row(
    "maxPool2d",
    ({ x }) => F.maxPool2d(x!, [2, 3], { stride: [1, 2], dilation: [2, 1], ceilMode: true }),
    "F.max_pool2d(x, (2, 3), stride=(1, 2), dilation=(2, 1), ceil_mode=True)",
    { x: { shape: [3, 7, 6] } },
  ),
  row("maxPool2d", ({ x }) => F.maxPool2d(x!, 2), "F.max_pool2d(x, 2)", { x: { shape: [2, 4, 5] } }),
  row(
    "maxPool2d",
    ({ x }) => F.maxPool2d(x!, 3, { stride: 2, padding: 1 }),
    "F.max_pool2d(x, 3, stride=2, padding=1)",
    { x: { shape: [1, 2, 5, 5] } },
  ),
  row("avgPool2d", ({ x }) => F.avgPool2d(x!, 2), "F.avg_pool2d(x, 2)", { x: image }),
  row("avgPool2d", ({ x }) => F.avgPool2d(x!, 2), "F.avg_pool2d(x, 2)", { x: { shape: [2, 4, 5] } }),
  row(
    "avgPool2d",
    ({ x }) => F.avgPool2d(x!, 3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
    "F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)",
    { x: { shape: [1, 2, 4, 5] } },
  ),
  row(
    "avgPool2d",
    ({ x }) => F.avgPool2d(x!, 3, { stride: 2, padding: 1 }),
    "F.avg_pool2d(x, 3, stride=2, padding=1)",
    { x: image },
  ),
  row(
    "avgPool2d",
    ({ x }) => F.avgPool2d(x!, 3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
    "F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)",
    { x: image },
  ),
  row(
    "avgPool2d",
    ({ x }) => F.avgPool2d(x!, [3, 2], { stride: [2, 2], padding: [1, 1], ceilMode: true }),
    "F.avg_pool2d(x, (3, 2), stride=(2, 2), padding=(1, 1), ceil_mode=True)",
    { x: { shape: [1, 6, 5] } },
  ),

  // normalization and losses
  row(
    "batchNorm",
    ({ x, w, b }) => F.batchNorm(x!, null, null, { weight: w!, bias: b!, training: true }),
    "F.batch_norm(x, None, None, w, b, training=True)",
    { x: { shape: [3, 2, 2, 3] }, w: { shape: [2] }, b: { shape: [2] } },
    { tolerance: 1e-4 },
  ),
  row("batchNorm", ({ x, m, v, w }) => F.batchNorm(x!, m!, v!, { weight: w! }), "F.batch_norm(x, m, v, w)", {
    x: { shape: [3, 2, 4] },
    m: { shape: [2], differentiable: false },
    v: { shape: [2], ...positive, differentiable: false },
    w: { shape: [2] },
  }),
  row("crossEntropy", ({ x, y }) => F.crossEntropy(x!, y!), "F.cross_entropy(x, y.long())", {
    x: { shape: [5, 3], low: -4, high: 4 },
    y: index([5], 3),
  }),
  row(
    "crossEntropy",
    ({ x, y }) => F.crossEntropy(x!, y!, { reduction: "sum" }),
    'F.cross_entropy(x, y.long(), reduction="sum")',
    { x: { shape: [2, 3, 4] }, y: index([2, 4], 3) },
  ),
  row(
    "crossEntropy",
    ({ x, y }) => F.crossEntropy(x!, y!, { reduction: "none" }),
    'F.cross_entropy(x, y.long(), reduction="none")',
    { x: { shape: [5, 3] }, y: index([5], 3) },
  ),
  row(
    "crossEntropy",
    ({ x, y }) => F.crossEntropy(x!, y!, { ignoreIndex: 1 }),
    "F.cross_entropy(x, y.long(), ignore_index=1)",
    { x: { shape: [6, 3] }, y: index([6], 3) },
  ),
  row("crossEntropy", ({ x, y }) => F.crossEntropy(x!, y!), "F.cross_entropy(x, y.long())", {
    x: { shape: [3] },
    y: { shape: [], kind: "int", values: [2] },
  }),
  row(
    "crossEntropy",
    ({ x, y }) => F.crossEntropy(x!, y!, { labelSmoothing: 0.3, ignoreIndex: 1 }),
    "F.cross_entropy(x, y.long(), label_smoothing=0.3, ignore_index=1)",
    { x: { shape: [6, 3] }, y: index([6], 3) },
  ),
  row(
    "crossEntropy",
    ({ x, y, w }) => F.crossEntropy(x!, y!, { weight: w!, ignoreIndex: 2 }),
    "F.cross_entropy(x, y.long(), w, ignore_index=2)",
    { x: { shape: [2, 3, 4] }, y: index([2, 4], 3), w: { shape: [3], ...positive, differentiable: false } },
  ),
  row(
    "crossEntropy",
    ({ x, y, w }) => F.crossEntropy(x!, y!, { weight: w!, labelSmoothing: 0.2, ignoreIndex: 0, reduction: "none" }),
    'F.cross_entropy(x, y.long(), w, label_smoothing=0.2, ignore_index=0, reduction="none")',
    { x: { shape: [5, 8] }, y: index([5], 8), w: { shape: [8], ...positive, differentiable: false } },
  ),
  row(
    "crossEntropy",
    ({ x, y, w }) => F.crossEntropy(x!, y!, { weight: w!, labelSmoothing: 0.2 }),
    "F.cross_entropy(x, y.long(), w, label_smoothing=0.2)",
    { x: { shape: [5, 3], low: -4, high: 4 }, y: index([5], 3), w: { shape: [3], ...positive, differentiable: false } },
  ),
  ...recurrentRows(),
  row(
    "scaledDotProductAttention",
    ({ q, k, v }) => F.scaledDotProductAttention(q!, k!, v!)[0],
    "F._scaled_dot_product_attention(q, k, v)[0]",
    { q: { shape: [2, 5, 4] }, k: { shape: [2, 3, 4] }, v: { shape: [2, 3, 8] } },
  ),
  row(
    "scaledDotProductAttention",
    ({ q, k, v }) => F.scaledDotProductAttention(q!.transpose(0, 1), k!, v!, { isCausal: true })[0],
    "F._scaled_dot_product_attention(q.transpose(0, 1), k, v, is_causal=True)[0]",
    { q: { shape: [11, 2, 4] }, k: { shape: [2, 11, 4] }, v: { shape: [2, 11, 4] } },
  ),
  row(
    "scaledDotProductAttention",
    ({ q, k, v, mask }) => F.scaledDotProductAttention(q!, k!, v!, { attnMask: mask! })[0],
    "F._scaled_dot_product_attention(q, k, v, attn_mask=mask)[0]",
    {
      q: { shape: [2, 2, 3, 4] },
      k: { shape: [2, 5, 4] },
      v: { shape: [2, 5, 4] },
      mask: { shape: [3, 5], differentiable: false },
    },
  ),
  row(
    "scaledDotProductAttention",
    ({ q, k, v, mask }) => F.scaledDotProductAttention(q!, k!, v!, { attnMask: mask!.eq(0).logicalNot() })[0],
    "F._scaled_dot_product_attention(q, k, v, attn_mask=(mask != 0))[0]",
    {
      q: { shape: [2, 3, 4] },
      k: { shape: [2, 4, 4] },
      v: { shape: [2, 4, 4] },
      mask: { shape: [3, 4], kind: "int", values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0] },
    },
  ),
  row("mseLoss", ({ x, y }) => F.mseLoss(x!, y!), "F.mse_loss(x, y)", { x: { shape: [3, 4] }, y: { shape: [3, 4] } }),
  row("mseLoss", ({ x, y }) => F.mseLoss(x!, y!, { reduction: "sum" }), 'F.mse_loss(x, y, reduction="sum")', {
    x: { shape: [3, 4] },
    y: { shape: [3, 4] },
  }),

  // shape
  row("reshape", ({ x }) => x!.reshape([2, -1]), "x.reshape(2, -1)", { x: { shape: [4, 3], view: "transposed" } }),
  row("permute", ({ x }) => x!.permute([2, 0, 1]), "x.permute(2, 0, 1)", { x: { shape: [2, 3, 4] } }),
  row("transpose", ({ x }) => x!.transpose(0, -1).mul(2), "x.transpose(0, -1) * 2", { x: { shape: [2, 3, 4] } }),
  row("expand", ({ x }) => x!.expand([2, 3, -1]), "x.expand(2, 3, -1)", { x: { shape: [3, 1] } }),
  row("squeeze", ({ x }) => x!.squeeze(), "x.squeeze()", { x: { shape: [1, 3, 1] } }),
  row("unsqueeze", ({ x }) => x!.unsqueeze(-2), "x.unsqueeze(-2)", { x: { shape: [2, 3] } }),
  row("flatten", ({ x }) => x!.flatten(1), "x.flatten(1)", { x: { shape: [2, 3, 2] } }),
  row("cat", ({ a, b }) => cat([a!, b!], 1), "torch.cat([a, b], 1)", {
    a: { shape: [2, 3] },
    b: { shape: [2, 4], view: "transposed" },
  }),
  row("stack", ({ a, b }) => stack([a!, b!], -1), "torch.stack([a, b], -1)", {
    a: { shape: [2, 3] },
    b: { shape: [2, 3] },
  }),
  row(
    "split",
    ({ x }) => stack(x!.split(2, 1).map((part) => part.sum())),
    "torch.stack([p.sum() for p in x.split(2, 1)])",
    { x: { shape: [2, 5] } },
  ),
  row("contiguous", ({ x }) => x!.contiguous(), "x.contiguous()", { x: { shape: [4, 3], view: "transposed" } }),
  row("clone", ({ x }) => x!.clone(), "x.clone()", { x: { shape: [4, 3], view: "transposed" } }),
  row("copy", ({ x, s }) => x!.mul(1).copy_(s!), "(x * 1).copy_(s)", { x: { shape: [2, 3] }, s: { shape: [3] } }),
  row("to", ({ x }) => x!.to("int32"), "x.to(torch.int32)", {
    x: { shape: [6], values: [-1.7, -0.5, 0, 0.5, 1.7, 100.9], differentiable: false },
  }),
  row("to", ({ x }) => x!.to("bool"), "x.to(torch.bool)", {
    x: { shape: [4], values: [-1, 0, 0.5, 2], differentiable: false },
  }),
  row("to", ({ x }) => x!.to("uint8").add(250), "(x.to(torch.uint8) + 250)", {
    x: { shape: [4], values: [0, 3, 7, 200], differentiable: false },
  }),
  row("sumToSize", ({ x }) => x!.sumToSize([3, 1]), "x.sum_to_size(3, 1)", { x: { shape: [2, 3, 4] } }),

  // indexing
  row("select", ({ x }) => x!.select(1, -2), "x.select(1, -2)", { x: { shape: [2, 3, 4] } }),
  row("narrow", ({ x }) => x!.narrow(0, 1, 2), "x.narrow(0, 1, 2)", { x: { shape: [4, 3] } }),
  row("unbind", ({ x }) => x!.unbind(1)[2]!, "x.unbind(1)[2]", { x: { shape: [2, 3] } }),
  row("indexSelect", ({ x, i }) => x!.indexSelect(1, i!), "x.index_select(1, i)", {
    x: { shape: [2, 4, 3] },
    i: { shape: [5], kind: "int", values: [3, 0, 0, 2, 3] },
  }),
  row("gather", ({ x, i }) => x!.gather(1, i!), "x.gather(1, i.long())", { x: { shape: [3, 4] }, i: index([2, 6], 4) }),
  row("gather", ({ x, i }) => x!.gather(0, i!), "x.gather(0, i.long())", {
    x: { shape: [3, 2, 2] },
    i: index([4, 2, 2], 3),
  }),
  row("scatterAdd", ({ x, i, s }) => x!.scatterAdd(0, i!, s!), "x.scatter_add(0, i.long(), s)", {
    x: { shape: [3, 4] },
    i: index([5, 3], 3),
    s: { shape: [5, 3] },
  }),
  row("indexAdd", ({ x, i, s }) => x!.indexAdd(1, i!, s!), "x.index_add(1, i, s)", {
    x: { shape: [2, 3] },
    i: index([7], 3),
    s: { shape: [2, 7] },
  }),
  row("embedding", ({ w, i }) => F.embedding(i!, w!), "F.embedding(i, w)", {
    w: { shape: [5, 3] },
    i: index([2, 4], 5),
  }),
  row("index", ({ x, i }) => x!.index(i!), "x[i.long()]", {
    x: { shape: [4, 3] },
    i: { shape: [2, 3], kind: "int", values: [0, -1, 2, 2, -4, 1] },
  }),
];
