// A launch of more workgroups than fit into one dimension (65,535 by default) is spread over two, some of them past the
// end. Here a dimension holds 15, so that small problems are spread like large ones.

import { afterEach, beforeAll, expect, test } from "vitest";
import { arange, type Device, F, manualSeed, rand, searchsorted, type Tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

const FEW = 15;
let device: Device;
let most: number | undefined; // undefined: what the adapter allows
beforeAll(async () => {
  device = await openDevice();
  const { limits } = device.gpu;
  const limited = new Proxy(limits, {
    get: (target, name) =>
      most !== undefined && name === "maxComputeWorkgroupsPerDimension" ? most : Reflect.get(target, name, target),
  });
  Object.defineProperty(device.gpu, "limits", { value: limited });
});
afterEach(() => {
  most = undefined;
});

type Inputs = { readonly x: Tensor; readonly index: Tensor };

/** 41 workgroups or more each: 41 are spread over 14 x 3, and the 42nd has nothing to do. */
const launches: Record<string, (inputs: Inputs) => Tensor> = {
  pointwise: ({ x }) => x.expand([4, 41, 256]).mul(2).add(1),
  "pointwise, of a transpose": ({ x }) => x.T.add(1).contiguous(),
  random: () => rand([164, 256]),
  "sum of rows": ({ x }) => x.sum(1),
  "sum of columns": ({ x }) => x.sum(0),
  "amax of rows": ({ x }) => x.amax(1),
  "argmax of rows": ({ x }) => x.argmax(1),
  "softmax of long rows": ({ x }) => x.softmax(1),
  "softmax of short rows": ({ x }) => x.reshape([-1, 4]).softmax(1),
  "log-softmax of columns": ({ x }) => x.reshape([41, 128, 2]).logSoftmax(1),
  "cross-entropy": ({ x }) =>
    F.crossEntropy(x.expand([4, 41, 256]).reshape([164, 256]).narrow(0, 0, 55), arange(55), { reduction: "none" }),
  "matmul, batched": ({ x }) => x.reshape([41, 16, 16]).matmul(x.reshape([41, 16, 16])),
  "matmul, large": ({ x }) => x.T.matmul(x).narrow(0, 0, 250),
  conv2d: ({ x }) => F.conv2d(x.reshape([41, 1, 16, 16]), numbers([2, 1, 3, 3], 3), null, { padding: 1 }),
  maxPool2d: ({ x }) => F.maxPool2d(x.reshape([41, 16, 16]), 2),
  "maxPool2d, overlapping": ({ x }) => F.maxPool2d(x.reshape([41, 16, 16]), 3, { stride: 2, padding: 1 }),
  avgPool2d: ({ x }) => F.avgPool2d(x.reshape([41, 16, 16]), 2),
  indexSelect: ({ x, index }) => x.indexSelect(0, index),
  gather: ({ x, index }) => x.gather(0, index.unsqueeze(1).expand([41, 256])),
  indexAdd: ({ x, index }) => zeros([50, 256]).indexAdd(0, index, x),
  "sort of short rows": ({ x }) =>
    x
      .reshape([-1])
      .narrow(0, 0, 81 * 129)
      .reshape([81, 129])
      .sort(1).values,
  "sort of long rows": ({ x }) => x.reshape([8, 1312]).sort(1).values,
  scatter: ({ x, index }) => zeros([50, 256]).scatter(0, index.unsqueeze(1).expand([41, 256]), x),
  "scatterAdd, each element by itself": ({ x }) => zeros([50, 256]).scatterAdd(0, x.mul(20).to("int32").abs(), x),
  searchsorted: ({ x }) => searchsorted(x.reshape([-1]).narrow(0, 0, 100).sort().values, x).to("float32"),
  scatterAdd: ({ x, index }) => zeros([50, 256]).scatterAdd(0, index.unsqueeze(1).expand([41, 256]), x),
};

/** The result, and the gradient of x where there is one. */
async function run(launch: (inputs: Inputs) => Tensor, limit: number | undefined): Promise<ArrayLike<number>[]> {
  most = limit;
  manualSeed(0);
  const x = numbers([41, 256], 1).clone().detach().requiresGrad_();
  const y = launch({ x, index: arange(41).mul(7).remainder(41).contiguous() });
  const read: ArrayLike<number>[] = [await y.data()];
  if (y.requiresGrad) {
    y.backward(numbers(y.shape, 2));
    read.push(await x.grad!.data());
  }
  return read;
}

test.each(Object.entries(launches))("%s is the same either way", async (_, launch) => {
  const [whole, spread] = [await run(launch, undefined), await run(launch, FEW)];
  expect(spread.length).toBe(whole.length);
  spread.forEach((values, i) => expectClose(values, whole[i]!, 0));
});

test("what does not fit into two dimensions either is refused by name", () => {
  most = FEW;
  const x = numbers([226 * 16, 32], 1); // software adapters take 16 rows per workgroup
  expect(() => x.mul(2).array.realize()).not.toThrow(); // 113 workgroups, of vectors of four
  expect(() => x.softmax(1).array.realize()).toThrow("softmax: needs 226 workgroups; this adapter allows 15 x 15");
});
