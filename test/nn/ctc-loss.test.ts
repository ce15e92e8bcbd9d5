// ctcLoss beyond PyTorch's samples: targets in one row, empty ones, ones that do not fit. Numbers are PyTorch 1.13's.

import { beforeAll, expect, test } from "vitest";
import { autograd, F, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const [T, N, C] = [6, 4, 4];
const ints = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
const logits = (): Tensor =>
  tensor(Float32Array.from({ length: T * N * C }, (_, i) => Math.sin(i * 1.7) * 2)).reshape([T, N, C]);

const inOneRow = (): Tensor => ints([1, 1, 2, 3, 2, 1, 1, 2]);
const padded = (): Tensor =>
  ints([
    [1, 1, 0],
    [2, 3, 2],
    [0, 0, 0],
    [1, 1, 2],
  ]);
const inputLengths = [6, 5, 4, 3];
const targetLengths = [2, 3, 0, 3]; // the last one needs four steps, for the blank between 1 and 1
const losses = [7.51604, 6.351291, 6.965224];

test("targets may stand in one row, be empty, or be too long", async () => {
  const x = logits().logSoftmax(2);
  const loss = F.ctcLoss(x, inOneRow(), ints(inputLengths), ints(targetLengths), { reduction: "none" });
  expectClose(await loss.data(), [...losses, Infinity], 1e-5);
  const finite = F.ctcLoss(x, padded(), inputLengths, targetLengths, { reduction: "none", zeroInfinity: true });
  expectClose(await finite.data(), [...losses, 0], 1e-5);
});

test("a single sample needs no dimension of samples", async () => {
  const x = logits().select(1, 1).logSoftmax(1);
  const loss = F.ctcLoss(x, ints([2, 3, 2]), 5, 3);
  expect(loss.shape).toEqual([]);
  expectClose([await loss.item()], [2.117097], 1e-5);
});

test("steps past an input's end, and losses that zeroInfinity drops, have no gradient", async () => {
  const x = logits().requiresGrad_();
  F.ctcLoss(x.logSoftmax(2), inOneRow(), inputLengths, targetLengths, { zeroInfinity: true }).backward();
  const first = [-0.0068085, -0.0036754, 0.0083093, 0.0021746, 0.0207888, 0.0504194, -0.074174, 0.0029657];
  const more = [-0.0893276, 0.0637217, 0.0042133, 0.0213926, 0, 0, 0, 0];
  expectClose(await x.grad!.select(0, 0).reshape([-1]).data(), [...first, ...more], 1e-5);
  const last = [-0.0832985, -0.0334088, 0.091806, 0.0249012, ...new Array(12).fill(0)];
  expectClose(await x.grad!.select(0, 5).reshape([-1]).data(), last, 1e-5);
});

test("a label that is no class is an error", async () => {
  const run = async (): Promise<unknown> => {
    return F.ctcLoss(logits().logSoftmax(2), padded().mul(2), inputLengths, targetLengths).data();
  };
  await expect(run()).rejects.toThrow(/ctcLoss.*(4|6) is out of range/);
});

test("a second derivative is refused", () => {
  const x = logits().requiresGrad_();
  const loss = F.ctcLoss(x.logSoftmax(2), padded(), inputLengths, targetLengths, { zeroInfinity: true });
  const [g] = autograd.grad(loss, [x], { createGraph: true }) as [Tensor];
  expect(() => g.sum().backward()).toThrow("ctcLoss: has no second derivative");
});
