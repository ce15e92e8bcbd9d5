// Layers without parameters, and losses, against numbers computed by hand.

import { beforeAll, expect, test } from "vitest";
import { nn, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

test("MSELoss reduces the squared distances 1, 0, 4 and 9", async () => {
  const [x, target] = [tensor([1, 2, 3, 4]), tensor([2, 2, 5, 1])];
  expect(await new nn.MSELoss().forward(x, target).item()).toBe(3.5); // 14 / 4
  expect(await new nn.MSELoss({ reduction: "sum" }).forward(x, target).item()).toBe(14);
  expect(await new nn.MSELoss({ reduction: "none" }).forward(x, target).toArray()).toEqual([1, 0, 4, 9]);
});

test("AvgPool2d takes the mean of each window", async () => {
  const x = tensor([
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
  ]); // [1, 2, 4]
  expect(await new nn.AvgPool2d(2).forward(x).toArray()).toEqual([[[3.5, 5.5]]]); // 14 / 4 and 22 / 4
  expect(await new nn.AvgPool2d([2, 3], { stride: 1 }).forward(x).toArray()).toEqual([[[4, 5]]]); // 24 / 6 and 30 / 6
  expect(await new nn.AvgPool2d(2, { padding: 1, countIncludePad: false }).forward(x).toArray()).toEqual([
    [
      [1, 2.5, 4],
      [5, 6.5, 8],
    ], // windows of one or two elements; the zeros around them do not count
  ]);
  expect(`${new nn.AvgPool2d([2, 3])}`).toBe("AvgPool2d(kernelSize=[2, 3])");
});

test("Sigmoid is 1 / (1 + exp(-x))", async () => {
  const y = await new nn.Sigmoid().forward(tensor([0, Math.log(3), -Math.log(3)])).data();
  expectClose(y, [1 / 2, 3 / 4, 1 / 4], 1e-6); // 1 / (1 + 1), 1 / (1 + 1/3), 1 / (1 + 3)
});

test("Tanh is (exp(2x) - 1) / (exp(2x) + 1)", async () => {
  const y = await new nn.Tanh().forward(tensor([0, Math.log(2), -Math.log(3)])).data();
  expectClose(y, [0, 3 / 5, -4 / 5], 1e-6); // (4 - 1) / (4 + 1), (1/9 - 1) / (1/9 + 1)
});
