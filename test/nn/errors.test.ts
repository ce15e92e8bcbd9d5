// What bad input to layers and optimizers is told.

import { beforeAll, describe, expect, test } from "vitest";
import {
  currentDevice,
  DeviceError,
  DTypeError,
  F,
  nn,
  OutOfRangeError,
  ones,
  optim,
  ShapeError,
  TapegradError,
  tensor,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { type Refusals, testRefusals } from "../refusals.js";

beforeAll(openDevice);

// biome-ignore lint/suspicious/noExplicitAny: calls that TypeScript would refuse
const { Linear, Embedding, Conv2d, MaxPool2d, AvgPool2d, LSTM, RNN, GRU, RNNCell, LSTMCell } = nn as any;
// biome-ignore lint/suspicious/noExplicitAny: the same
const { MultiheadAttention, TransformerEncoderLayer, TransformerEncoder } = nn as any;
// biome-ignore lint/suspicious/noExplicitAny: the same
const { SGD, Adam } = optim as any;
const lr = { lr: 0.1 };
const linear = () => new Linear(3, 2);
const image = () => ones([1, 5, 5]);
const weight = () => ones([4, 1, 3, 3]);
const seq = () => ones([3, 8]);
const encoder = () => new TransformerEncoder(new TransformerEncoderLayer(8, 2), 1);
const OBJECT = "takes optional arguments in an object, such as { name: value }, got";
const PARAMS = "takes net.parameters() or { params } groups, got";

const tables: Record<string, Refusals> = {
  "sizes of layers": [
    [() => new Linear(3), OutOfRangeError, "Linear: outFeatures must be a whole number from 0 on, got undefined"],
    [() => new Linear(2.5, 1), OutOfRangeError, "Linear: inFeatures must be a whole number from 0 on, got 2.5"],
    [
      () => new Embedding(3),
      OutOfRangeError,
      "Embedding: embeddingDim must be a whole number from 0 on, got undefined",
    ],
    [() => new Conv2d(1, 2), OutOfRangeError, "Conv2d: kernelSize must be a whole number from 1 on, got undefined"],
    [() => new Conv2d(1, 2, 2.5), OutOfRangeError, "Conv2d: kernelSize must be a whole number from 1 on, got 2.5"],
    [
      () => new Conv2d(1, 2, [1, 2, 3]),
      OutOfRangeError,
      "Conv2d: kernelSize must be a number or [height, width], got [1, 2, 3]",
    ],
    [
      () => new Conv2d(1, 2, 3, { stride: 0 }),
      OutOfRangeError,
      "Conv2d: stride must be a whole number from 1 on, got 0",
    ],
    [
      () => new Conv2d(1, 2, 3, { padding: [0, -1] }),
      OutOfRangeError,
      "Conv2d: padding must be a whole number from 0 on, got [0, -1]",
    ],
    [
      () => new Conv2d(1, 2, 3, { groups: 0 }),
      OutOfRangeError,
      "Conv2d: groups must be a whole number from 1 on, got 0",
    ],
    [
      () => new Conv2d(1, 2, 3, { groups: 2 }),
      OutOfRangeError,
      "Conv2d: 1 input and 2 output channels do not divide into 2 groups",
    ],
    [() => new MaxPool2d(), OutOfRangeError, "MaxPool2d: kernelSize must be a whole number from 1 on, got undefined"],
    [() => new AvgPool2d(0), OutOfRangeError, "AvgPool2d: kernelSize must be a whole number from 1 on, got 0"],
    [
      () => F.maxPool2d(image(), 2, { stride: 0 }),
      OutOfRangeError,
      "maxPool2d: stride must be a whole number from 1 on, got 0",
    ],
    [
      () => F.conv2d(image(), weight(), null, { stride: 0.5 }),
      OutOfRangeError,
      "conv2d: stride must be a whole number from 1 on, got 0.5",
    ],
    [
      () => F.conv2d(image(), weight(), null, { padding: "full" as never }),
      OutOfRangeError,
      'conv2d: padding must be a whole number from 0 on, got "full"',
    ],
  ],
  "shapes as the user gave them": [
    [
      () => new Linear(3, 2, { bias: false }).forward(ones([2, 4])),
      ShapeError,
      "linear: shapes [2, 4] and [2, 3] do not fit: x has 4 features, the weight takes 3",
    ],
    [
      () => linear().forward(ones([5, 3, 1])),
      ShapeError,
      "linear: shapes [5, 3, 1] and [2, 3] do not fit: x has 1 features, the weight takes 3 (x.flatten(1))",
    ],
    [
      () => F.linear(ones([2, 4]), ones([3, 5, 4])),
      ShapeError,
      "linear: shapes [2, 4] and [3, 5, 4] do not fit: x must be [..., I] and the weight [O, I]",
    ],
    [
      () => F.conv2d(ones([2, 28, 28]), weight()),
      ShapeError,
      "conv2d: shapes [2, 28, 28] and [4, 1, 3, 3] do not fit: x has 2 channels, the weight takes 1",
    ],
    [
      () => F.conv2d(ones([2, 5, 5]), ones([4, 2, 3, 3]), null, { groups: 2 }),
      ShapeError,
      "conv2d: shapes [2, 5, 5] and [4, 2, 3, 3] do not fit: x has 2 channels, the weight takes 4 (2 in each of 2 groups)",
    ],
    [
      () => F.conv2d(ones([28, 28]), weight()),
      ShapeError,
      "conv2d: shapes [28, 28] and [4, 1, 3, 3] do not fit: x must be [N, C, H, W] or [C, H, W], the weight [O, C / groups, KH, KW]",
    ],
    [
      () => F.conv2d(ones([1, 2, 2]), weight()),
      ShapeError,
      "conv2d: shapes [1, 2, 2] and [4, 1, 3, 3] do not fit: a kernel of [3, 3] with dilation [1, 1] does not fit into the input padded by [0, 0]",
    ],
    [
      () => F.conv2d(image(), weight(), ones([3])),
      ShapeError,
      "conv2d: shapes [1, 5, 5], [4, 1, 3, 3] and [3] do not fit: the bias must have 4 elements",
    ],
    [() => F.conv2d([1] as never, weight()), TapegradError, "conv2d: takes a tensor, got [1]: use tensor([1])"],
  ],
  "optional arguments by position": [
    [() => new LSTM(8, 2, 2), TapegradError, `LSTM: ${OBJECT} 2`],
    [() => new RNN(8, 2, 2), TapegradError, `RNN: ${OBJECT} 2`],
    [() => new GRU(8, 2, 2), TapegradError, `GRU: ${OBJECT} 2`],
    [() => new RNNCell(8, 2, false), TapegradError, `RNNCell: ${OBJECT} false`],
    [() => new LSTMCell(8, 2, false), TapegradError, `LSTMCell: ${OBJECT} false`],
    [() => new MultiheadAttention(8, 2, 0.5), TapegradError, `MultiheadAttention: ${OBJECT} 0.5`],
    [() => new TransformerEncoderLayer(8, 2, 16), TapegradError, `TransformerEncoderLayer: ${OBJECT} 16`],
    [
      () => new TransformerEncoder(new TransformerEncoderLayer(8, 2), 2, new nn.LayerNorm(8)),
      TapegradError,
      `TransformerEncoder: ${OBJECT} an object (LayerNorm)`,
    ],
  ],
  "options that there are not": [
    [
      () => new Conv2d(1, 2, 3, { pading: 1 }),
      TapegradError,
      'Conv2d: there is no option "pading": use padding; there are stride, padding, dilation, groups, bias, paddingMode',
    ],
    [
      () => new nn.ConvTranspose2d(1, 2, 3, { paddingMode: "zeros" } as object),
      TapegradError,
      'ConvTranspose2d: there is no option "paddingMode": there are stride, padding, dilation, groups, bias, outputPadding',
    ],
    [
      () => new nn.BatchNorm2d(2, { epsilon: 1 } as object),
      TapegradError,
      'BatchNorm2d: there is no option "epsilon": there are eps, momentum, affine, trackRunningStats',
    ],
    [
      () => new RNN(2, 2, { layers: 2 }),
      TapegradError,
      'RNN: there is no option "layers": there are numLayers, bias, batchFirst, dropout, bidirectional, nonlinearity',
    ],
    [
      () => new nn.GRUCell(2, 2, { biases: false } as object),
      TapegradError,
      'GRUCell: there is no option "biases": use bias; there are bias',
    ],
    [
      () => new MultiheadAttention(8, 2, { batch_first: true }),
      TapegradError,
      'MultiheadAttention: there is no option "batch_first": use batchFirst; there are dropout, bias, addBiasKv, addZeroAttn, kdim, vdim, batchFirst',
    ],
    [
      () => new TransformerEncoderLayer(8, 2, { dim: 4 }),
      TapegradError,
      'TransformerEncoderLayer: there is no option "dim": there are dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst',
    ],
  ],
  "options of functions that would be ignored": [
    [() => F.dropout(seq(), 0.5 as never), TapegradError, `dropout: ${OBJECT} 0.5`],
    [
      () => F.dropout(seq(), { prob: 0.1 } as never),
      TapegradError,
      'dropout: there is no option "prob": there are p, training, inplace, generator',
    ],
    [
      () => F.embedding(tensor([0], { dtype: "int32" }), ones([2, 2]), 0 as never),
      TapegradError,
      `embedding: ${OBJECT} 0`,
    ],
    [() => F.layerNorm(ones([2, 2]), [2], null, null, 1e-5 as never), TapegradError, `layerNorm: ${OBJECT} 0.00001`],
    [
      () => F.batchNorm(ones([2, 2]), null, null, { train: true } as never),
      TapegradError,
      'batchNorm: there is no option "train": there are weight, bias, eps, training, momentum',
    ],
    [() => F.hardtanh(seq(), -3 as never), TapegradError, `hardtanh: ${OBJECT} -3`],
    [
      () => F.leakyRelu(seq(), { negative_slope: 0.2 } as never),
      TapegradError,
      'leakyRelu: there is no option "negative_slope": use negativeSlope; there are negativeSlope, inplace',
    ],
    [
      () => F.interpolate(ones([1, 1, 2]), { align_corners: true } as never),
      TapegradError,
      'interpolate: there is no option "align_corners": use alignCorners; there are size, scaleFactor, mode, alignCorners, recomputeScaleFactor',
    ],
    [
      () => F.normalize(seq(), { axis: 1 } as never),
      TapegradError,
      'normalize: there is no option "axis": there are p, dim, eps',
    ],
  ],
  "options of calls that there are not": [
    [
      () => new MultiheadAttention(8, 2).forward(seq(), seq(), seq(), { attn_mask: null }),
      TapegradError,
      'MultiheadAttention: there is no option "attn_mask": use attnMask; there are keyPaddingMask, attnMask, needWeights, averageAttnWeights, isCausal',
    ],
    [
      () => new TransformerEncoderLayer(8, 2).forward(seq(), { mask: null }),
      TapegradError,
      'TransformerEncoderLayer: there is no option "mask": there are srcMask, srcKeyPaddingMask, isCausal',
    ],
    [
      () => encoder().forward(seq(), { src_mask: null }),
      TapegradError,
      'TransformerEncoder: there is no option "src_mask": there are mask, srcKeyPaddingMask, isCausal',
    ],
    [() => encoder().forward(seq(), ones([3, 3])), TapegradError, `TransformerEncoder: ${OBJECT} a tensor [3, 3]`],
    [
      () => new SGD(linear().parameters(), lr).zeroGrad({ set_to_none: false }),
      TapegradError,
      'zeroGrad: there is no option "set_to_none": use setToNone; there are setToNone',
    ],
    [() => linear().zeroGrad(false), TapegradError, `zeroGrad: ${OBJECT} false`],
  ],
  "values that do not fit": [
    [
      () => new nn.Parameter([1, 2] as never),
      TapegradError,
      "Parameter: takes a tensor, got [1, 2]: use tensor([1, 2])",
    ],
    [
      () => new nn.Parameter(ones([1]), { requires_grad: false } as object),
      TapegradError,
      'Parameter: there is no option "requires_grad": use requiresGrad; there are requiresGrad',
    ],
    [() => new nn.Parameter(ones([1]), false as never), TapegradError, `Parameter: ${OBJECT} false`],
    [() => new nn.Buffer(1 as never), TapegradError, "Buffer: takes a tensor, got 1: use tensor(1)"],
    [
      () => new GRU(8, 4).forward(seq(), [ones([1, 4])]),
      TapegradError,
      "GRU: takes h0 as a tensor, got [a tensor [1, 4]]",
    ],
    [
      () => new LSTM(8, 4).forward(seq(), [ones([1, 4]), 0]),
      TapegradError,
      "LSTM: takes c0 as a tensor, got 0: use tensor(0)",
    ],
    [
      () => F.crossEntropy(ones([2, 3]), ones([2]).to("int32"), { labelSmoothing: 1.5 }),
      OutOfRangeError,
      "crossEntropy: labelSmoothing must be from 0 to 1, got 1.5",
    ],
    [
      () => F.scaledDotProductAttention(seq(), seq(), seq(), { dropoutP: -1 }),
      OutOfRangeError,
      "scaledDotProductAttention: dropoutP must be from 0 to 1, got -1",
    ],
  ],
  "parameters of optimizers": [
    [() => new SGD(new nn.Sequential(linear()), lr), TapegradError, `SGD: ${PARAMS} an object (Sequential)`],
    [() => new Adam(linear()), TapegradError, `Adam: ${PARAMS} an object (Linear)`],
    [() => new SGD(linear().namedParameters(), lr), TapegradError, `SGD: ${PARAMS} "weight"`],
    [() => new SGD(linear().weight, lr), TapegradError, `SGD: ${PARAMS} a tensor [2, 3]`],
    [() => new SGD(undefined, lr), TapegradError, `SGD: ${PARAMS} undefined`],
    [() => new SGD([{ params: linear() }], lr), TapegradError, `SGD: ${PARAMS} an object (Linear)`],
    [() => new SGD(linear().parameters()), OutOfRangeError, "SGD: lr must be 0 or more, got undefined"],
  ],
  "where modules go": [
    [
      () => linear().to("int32"),
      DTypeError,
      "to: modules keep their dtypes; autocast computes in float16, tensors have to(dtype)",
    ],
    [
      () => linear().to("cuda"),
      DeviceError,
      'to: there is no device "cuda": tensors stay on the GPU, and await x.data() reads them',
    ],
  ],
  "state dicts": [
    [() => linear().loadStateDict(null), TapegradError, "loadStateDict: takes a state dict, got null"],
    [
      () => linear().loadStateDict({ bias: 3 }),
      TapegradError,
      'loadStateDict: "bias" is [2] here and 3 in the file; missing: weight; not in the model: none; { strict: false } ignores both',
    ],
    [
      () => linear().loadStateDict({ weight: ones([3, 2]), bias: ones([3]) }),
      TapegradError,
      'loadStateDict: "weight" is [2, 3] here and [3, 2] in the file; "bias" is [2] here and [3] in the file',
    ],
    [
      () => linear().loadStateDict({ bias: ones([3]), scale: 1 }, { strict: false }),
      TapegradError,
      'loadStateDict: "bias" is [2] here and [3] in the file',
    ],
  ],
};

describe("every loss knows its options by name", () => {
  const wrong = 'there is no option "redution": use reduction; there are ';
  // biome-ignore lint/suspicious/noExplicitAny: what JavaScript lets through
  const [layers, functions] = [nn, F] as any[];
  const names = (of: object, pattern: RegExp): string[] => Object.keys(of).filter((name) => pattern.test(name));

  test.each(names(nn, /(?<!Adaptive.*)Loss$/))("nn.%s", (name) => {
    expect(() => new layers[name]({ redution: "sum" })).toThrow(`${name}: ${wrong}`);
  });
  test.each(names(F, /Loss$|CrossEntropy|crossEntropy|klDiv/))("F.%s", (name) => {
    const inputs = new Array(functions[name].length); // the options are the first argument that can be left out
    expect(() => functions[name](...inputs, { redution: "sum" })).toThrow(`${name}: ${wrong}`);
  });
});

test("a module on its device stays as it is", () => {
  const layer = linear();
  expect(layer.to(currentDevice())).toBe(layer);
});

for (const [name, table] of Object.entries(tables)) describe(name, () => testRefusals(table));

test("oneHot names a class that is negative", async () => {
  await expect(F.oneHot(tensor([-2, -1], { dtype: "int32" }))).rejects.toThrow(/oneHot.* -2 .*valid are 0 to 0/);
});

test("a list of groups may mix options, a group may be any iterable", () => {
  const { weight: w, bias } = new nn.Linear(3, 2);
  expect(new optim.SGD([{ params: new Set([w]) }, { params: [bias!], lr: 1 }], lr).paramGroups.length).toBe(2);
});
