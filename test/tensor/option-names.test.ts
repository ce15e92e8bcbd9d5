// An option that is not known is refused: with a typing error, or a name of PyTorch's, it would change nothing.

import { beforeAll, expect, test } from "vitest";
import {
  arange,
  autograd,
  eye,
  F,
  init,
  linspace,
  median,
  ones,
  quantile,
  rand,
  randint,
  randnLike,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";

let x: Tensor;
beforeAll(async () => {
  await openDevice();
  x = ones([1, 1, 4, 4]);
});

// biome-ignore lint/suspicious/noExplicitAny: names that TypeScript refuses, as JavaScript would write them
const wrong = (options: object): any => options;

const leaf = (): Tensor => tensor(1, { requiresGrad: true });

test.each<[name: string, make: () => unknown, message: string]>([
  ["tensor", () => tensor([1], wrong({ requires_grad: true })), "use requiresGrad; there are dtype, requiresGrad"],
  ["tensor", () => tensor([1], wrong({ shape: [1] })), 'there is no option "shape": there are dtype'],
  ["zeros", () => zeros([2], wrong({ dtyp: "int32" })), "use dtype"],
  ["rand", () => rand([2], wrong({ generater: null })), "use generator"],
  ["randnLike", () => randnLike(x, wrong({ type: "float16" })), "use dtype"],
  ["randint", () => randint(2, [2], wrong({ seed: 1 })), "there are dtype, requiresGrad, generator"],
  ["arange", () => arange(3, wrong({ steps: 2 })), "use step"],
  ["linspace", () => linspace(0, 1, 3, wrong({ step: 2 })), "there are dtype, requiresGrad"],
  ["eye", () => eye(3, wrong({ columns: 2 })), "there are dtype, requiresGrad"],
  ["sum", () => x.sum(wrong({ axis: 0 })), 'there is no option "axis": there are dim, keepdim'],
  ["mean", () => x.mean(0, wrong({ keepDim: true })), "use keepdim"],
  ["max", () => x.max(0, wrong({ keepDim: true })), "use keepdim; there are dim, keepdim"],
  ["norm", () => x.norm(1, wrong({ dims: 0 })), "use dim; there are dim, keepdim, dtype"],
  ["sort", () => x.sort(wrong({ largest: true })), "there are dim, descending, stable"],
  ["topk", () => x.topk(1, wrong({ smallest: true })), "there are dim, largest, sorted"],
  ["median", () => median(x, 0, wrong({ keepDim: true })), "use keepdim"],
  ["quantile", () => quantile(x, 0.5, wrong({ axis: 0 })), "there are dim, keepdim, interpolation"],
  ["softmax", () => F.softmax(x, 1, wrong({ type: "float16" })), "use dtype; there are dim, dtype"],
  ["gelu", () => F.gelu(x, wrong({ approx: "tanh" })), "there are approximate"],
  ["softplus", () => F.softplus(x, wrong({ betta: 2 })), "use beta; there are beta, threshold"],
  ["backward", () => leaf().backward(wrong({ retain_graph: true })), "use retainGraph; there are retainGraph"],
  [
    "grad",
    () => autograd.grad(leaf(), leaf(), wrong({ create_graph: true })),
    "use createGraph; there are gradOutputs",
  ],
  [
    "scaledDotProductAttention",
    () => F.scaledDotProductAttention(x, x, x, wrong({ is_causal: true })),
    "use isCausal; there are attnMask, dropoutP, needAttnWeights, isCausal",
  ],
  ["conv2d", () => F.conv2d(x, x, wrong({ pading: 1 })), "use padding"],
  ["convTranspose2d", () => F.convTranspose2d(x, x, wrong({ output_padding: 0 })), "use outputPadding"],
  ["maxPool2d", () => F.maxPool2d(x, 2, wrong({ ceil_mode: true })), "use ceilMode"],
  ["avgPool2d", () => F.avgPool2d(x, 2, wrong({ count_include_pad: true })), "use countIncludePad"],
])("%s", (name, make, message) => {
  expect(make).toThrow(`${name}: there is no option`);
  expect(make).toThrow(message);
});

test("init", async () => {
  await expect(init(wrong({ adaptor: "x" }))).rejects.toThrow('init: there is no option "adaptor": use adapter');
});

test("a name that there is is understood wherever it may stand", async () => {
  expect(await F.softmax(ones([1, 2]), { dim: 1 }).toArray()).toEqual([[0.5, 0.5]]);
  expect(ones([2]).softmax({ dim: 0, dtype: "float32" }).dtype).toBe("float32");
});
