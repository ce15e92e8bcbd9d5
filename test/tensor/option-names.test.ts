// An option that is not known is refused: with a typing error, or a name of PyTorch's, it would change nothing.

import { beforeAll, expect, test } from "vitest";
import {
  arange,
  eye,
  F,
  linspace,
  ones,
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
  ["conv2d", () => F.conv2d(x, x, wrong({ pading: 1 })), "use padding"],
  ["convTranspose2d", () => F.convTranspose2d(x, x, wrong({ output_padding: 0 })), "use outputPadding"],
  ["maxPool2d", () => F.maxPool2d(x, 2, wrong({ ceil_mode: true })), "use ceilMode"],
  ["avgPool2d", () => F.avgPool2d(x, 2, wrong({ count_include_pad: true })), "use countIncludePad"],
])("%s", (name, make, message) => {
  expect(make).toThrow(`${name}: there is no option`);
  expect(make).toThrow(message);
});
