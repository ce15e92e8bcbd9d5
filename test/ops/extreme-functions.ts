// The functions whose extreme values are compared with PyTorch's, by the keys of scripts/golden_extremes.py.

import { erfc, erfinv, F, full, logit, onesLike, sinc, type Tensor, tensor, zerosLike } from "../../src/index.js";

type OfTensor = (x: Tensor) => Tensor;

/** Each element against one target. */
function to<Options extends F.LossOptions>(
  target: number,
  loss: (x: Tensor, target: Tensor, options?: Options) => Tensor,
  options?: NoInfer<Options>,
): OfTensor {
  return (x) => loss(x, full(x.shape, target), { ...options, reduction: "none" } as Options);
}

function labels(x: Tensor, label: number): Tensor {
  return full([x.shape[0]!], label, { dtype: "int32" });
}

function rowLoss(label: number, options: F.CrossEntropyOptions = {}): OfTensor {
  return (x) => F.crossEntropy(x, labels(x, label), { ...options, reduction: "none" });
}

const none = { reduction: "none" } as const;

/** Functions of single elements. */
export const points: Readonly<Record<string, OfTensor>> = {
  abs: (x) => x.abs(),
  acos: (x) => x.acos(),
  acosh: (x) => x.acosh(),
  asin: (x) => x.asin(),
  asinh: (x) => x.asinh(),
  atan: (x) => x.atan(),
  atanh: (x) => x.atanh(),
  ceil: (x) => x.ceil(),
  cos: (x) => x.cos(),
  cosh: (x) => x.cosh(),
  erf: (x) => x.erf(),
  erfc: (x) => erfc(x),
  erfinv: (x) => erfinv(x),
  exp: (x) => x.exp(),
  exp2: (x) => x.exp2(),
  expm1: (x) => x.expm1(),
  floor: (x) => x.floor(),
  log: (x) => x.log(),
  log10: (x) => x.log10(),
  log1p: (x) => x.log1p(),
  log2: (x) => x.log2(),
  logit: (x) => logit(x),
  "logit 1e-6": (x) => logit(x, { eps: 1e-6 }),
  neg: (x) => x.neg(),
  reciprocal: (x) => x.reciprocal(),
  round: (x) => x.round(),
  "round 2": (x) => x.round({ decimals: 2 }),
  "round -2": (x) => x.round({ decimals: -2 }),
  rsqrt: (x) => x.rsqrt(),
  sigmoid: (x) => x.sigmoid(),
  sign: (x) => x.sign(),
  sin: (x) => x.sin(),
  sinc: (x) => sinc(x),
  sinh: (x) => x.sinh(),
  sqrt: (x) => x.sqrt(),
  square: (x) => x.square(),
  tan: (x) => x.tan(),
  tanh: (x) => x.tanh(),
  trunc: (x) => x.trunc(),

  celu: (x) => F.celu(x),
  "celu 2": (x) => F.celu(x, { alpha: 2 }),
  elu: (x) => F.elu(x),
  "elu 0.5": (x) => F.elu(x, { alpha: 0.5 }),
  gelu: (x) => F.gelu(x),
  "gelu tanh": (x) => F.gelu(x, { approximate: "tanh" }),
  glu: (x) =>
    F.glu(
      x
        .unsqueeze(1)
        .mul(tensor([0, 1]))
        .where(tensor([false, true]), 2),
      { dim: 1 },
    ).squeeze(1),
  hardshrink: (x) => F.hardshrink(x),
  hardsigmoid: (x) => F.hardsigmoid(x),
  hardswish: (x) => F.hardswish(x),
  hardtanh: (x) => F.hardtanh(x),
  "hardtanh -2 3": (x) => F.hardtanh(x, { minVal: -2, maxVal: 3 }),
  leakyRelu: (x) => F.leakyRelu(x),
  "leakyRelu 0.5": (x) => F.leakyRelu(x, { negativeSlope: 0.5 }),
  logsigmoid: (x) => F.logsigmoid(x),
  mish: (x) => F.mish(x),
  prelu: (x) => F.prelu(x, tensor([0.25])),
  relu: (x) => F.relu(x),
  relu6: (x) => F.relu6(x),
  selu: (x) => F.selu(x),
  silu: (x) => F.silu(x),
  softplus: (x) => F.softplus(x),
  "softplus 2 5": (x) => F.softplus(x, { beta: 2, threshold: 5 }),
  softshrink: (x) => F.softshrink(x),
  softsign: (x) => F.softsign(x),
  tanhshrink: (x) => F.tanhshrink(x),
  threshold: (x) => F.threshold(x, 0.5, 20),

  "bceWithLogits 0.0": to(0, F.binaryCrossEntropyWithLogits),
  "bceWithLogits 0.25": to(0.25, F.binaryCrossEntropyWithLogits),
  "bceWithLogits 1.0": to(1, F.binaryCrossEntropyWithLogits),
  "bceWithLogits posWeight": (x) => to(0.25, F.binaryCrossEntropyWithLogits, { posWeight: tensor([3]) })(x),
  huberLoss: to(0.5, F.huberLoss),
  "huberLoss 2": to(0.5, F.huberLoss, { delta: 2 }),
  klDiv: (x) => F.klDiv(x, full(x.shape, 0.25), none),
  "klDiv log": (x) => F.klDiv(x, full(x.shape, -1), { ...none, logTarget: true }),
  l1Loss: to(0.5, F.l1Loss),
  mseLoss: to(0.5, F.mseLoss),
  smoothL1Loss: to(0.5, F.smoothL1Loss),
  "smoothL1Loss 2": to(0.5, F.smoothL1Loss, { beta: 2 }),
  gaussianNllLoss: (x) => F.gaussianNllLoss(x, full(x.shape, 0.5), full(x.shape, 2), none),
  "hingeEmbeddingLoss 1": to(1, F.hingeEmbeddingLoss),
  "hingeEmbeddingLoss -1": to(-1, F.hingeEmbeddingLoss),
  marginRankingLoss: (x) => F.marginRankingLoss(x, full(x.shape, 0.5), onesLike(x), { ...none, margin: 0.25 }),
  poissonNllLoss: to(2, F.poissonNllLoss, { full: true }),
  "poissonNllLoss rate": to(2, F.poissonNllLoss, { logInput: false }),
  "softMarginLoss 1": to(1, F.softMarginLoss),
  "softMarginLoss -1": to(-1, F.softMarginLoss),
};

/** Functions of single elements from 0 to 1. */
export const unit: Readonly<Record<string, OfTensor>> = {
  "binaryCrossEntropy 0.0": to(0, F.binaryCrossEntropy),
  "binaryCrossEntropy 0.25": to(0.25, F.binaryCrossEntropy),
  "binaryCrossEntropy 1.0": to(1, F.binaryCrossEntropy),
};

/** Functions of rows [N, 3]. */
export const rows: Readonly<Record<string, OfTensor>> = {
  softmax: (x) => x.softmax(1),
  softmin: (x) => F.softmin(x, 1),
  logSoftmax: (x) => x.logSoftmax(1),
  logsumexp: (x) => x.logsumexp(1),
  "crossEntropy 0": rowLoss(0),
  "crossEntropy 1": rowLoss(1),
  "crossEntropy ignored": rowLoss(-100),
  "crossEntropy weight": (x) => rowLoss(0, { weight: tensor([2, 1, 0.5]) })(x),
  "crossEntropy smooth": rowLoss(0, { labelSmoothing: 0.25 }),
  "crossEntropy probabilities": (x) => F.crossEntropy(x, tensor([0.5, 0.25, 0.25]).expand(x.shape), none),
  "nllLoss 0": (x) => F.nllLoss(x, labels(x, 0), none),
  cosineEmbeddingLoss: (x) => F.cosineEmbeddingLoss(x, onesLike(x), labels(x, 1), none),
  multiMarginLoss: (x) => F.multiMarginLoss(x, labels(x, 1), none),
  "multiMarginLoss 2": (x) => F.multiMarginLoss(x, labels(x, 1), { ...none, p: 2 }),
  multilabelMarginLoss: (x) => {
    return F.multilabelMarginLoss(x, tensor([2, 0, -1], { dtype: "int32" }).expand(x.shape), none);
  },
  multilabelSoftMarginLoss: (x) => F.multilabelSoftMarginLoss(x, tensor([1, 0, 1]).expand(x.shape), none),
  tripletMarginLoss: (x) => F.tripletMarginLoss(zerosLike(x), x, onesLike(x), none),
};
