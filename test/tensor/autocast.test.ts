// Mixed precision: which operations compute in which dtype, and what the adapter must have.

import { beforeAll, describe, expect, test } from "vitest";
import { setFloat16Support } from "../../src/core/check.js";
import {
  autocast,
  compile,
  type Device,
  einsum,
  F,
  isAutocastEnabled,
  nn,
  optim,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { numbers } from "../numbers.js";
import { onFloat16 } from "../on-float16.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

test("a region that is switched off computes as it is written, on every adapter", () => {
  const x = numbers([2, 4], 1);
  expect(autocast(() => x.matmul(x.T).dtype, { enabled: false })).toBe("float32");
});

onFloat16("a region within one may be switched off, and one that is left is over", async () => {
  const x = numbers([2, 4], 1);
  {
    using _ = autocast();
    expect(isAutocastEnabled()).toBe(true);
    expect(autocast(() => x.matmul(x.T).dtype, { enabled: false })).toBe("float32");
  }
  expect(isAutocastEnabled()).toBe(false);
  expect(await autocast(async () => x.matmul(x.T).dtype)).toBe("float16");
  expect(isAutocastEnabled()).toBe(false);
});

test("an adapter without float16 is named, and nothing is switched on", () => {
  const supported = device.gpu.features.has("shader-f16");
  setFloat16Support("such an adapter");
  try {
    expect(() => autocast()).toThrow(
      /autocast: float16 needs WebGPU's feature "shader-f16", which this adapter .*such an adapter.* lacks/,
    );
    expect(isAutocastEnabled()).toBe(false);
  } finally {
    setFloat16Support(supported ? undefined : device.adapter.description);
  }
});

describe("on adapters with float16", () => {
  onFloat16("products are float16, what would lose digits is float32, what is between stays as it is", async () => {
    const [a, b] = [numbers([4, 8], 1), numbers([8, 8], 2)];
    const image = numbers([1, 2, 6, 6], 3);
    const labels = tensor([0, 1, 2, 3], { dtype: "int32" });
    const conv = new nn.Conv2d(2, 4, 3);
    using _ = autocast();
    const product = a.matmul(b);
    const dtypes = (results: Record<string, Tensor>): Record<string, string> =>
      Object.fromEntries(Object.entries(results).map(([name, { dtype }]) => [name, dtype]));
    const halves = dtypes({
      product,
      linear: new nn.Linear(8, 3).forward(a),
      conv2d: conv.forward(image),
      conv1d: new nn.Conv1d(2, 3, 3).forward(numbers([1, 2, 5], 1)),
      transposed: new nn.ConvTranspose2d(2, 3, 2).forward(image),
      attention: F.scaledDotProductAttention(a, a, a)[0],
      einsum: einsum("ij,jk->ik", a, b),
      relu: product.relu(),
      pooled: F.maxPool2d(conv.forward(image), 2),
    });
    expect(new Set(Object.values(halves)), JSON.stringify(halves)).toEqual(new Set(["float16"]));
    const wholes = dtypes({
      added: product.add(a),
      exp: product.exp(),
      sum: product.sum(),
      softmax: product.softmax(-1),
      layerNorm: new nn.LayerNorm(8).forward(product),
      crossEntropy: F.crossEntropy(product, labels),
      mse: F.mseLoss(product, a.to("float16")),
      lstm: new nn.LSTM(8, 3).forward(a)[0],
    });
    expect(new Set(Object.values(wholes)), JSON.stringify(wholes)).toEqual(new Set(["float32"]));
    expect(a.to("int32").matmul(b.to("int32")).dtype).toBe("int32");
  });

  onFloat16("gradients of parameters are float32 and near those without it", async () => {
    const net = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.Flatten());
    net.append(new nn.Linear(64, 3));
    const [x, y] = [numbers([4, 1, 6, 6], 1), tensor([0, 1, 2, 0], { dtype: "int32" })];
    const gradients = async (enabled: boolean): Promise<Float32Array[]> => {
      net.zeroGrad();
      autocast(() => F.crossEntropy(net.forward(x), y), { enabled }).backward();
      expect(net.parameters().map(({ grad }) => grad!.dtype)).toEqual(net.parameters().map(() => "float32"));
      return Promise.all(net.parameters().map(async ({ grad }) => Float32Array.from(await grad!.data())));
    };
    const [mixed, whole] = [await gradients(true), await gradients(false)];
    mixed.flat().forEach((values, i) => values.forEach((value, j) => expect(value).toBeCloseTo(whole[i]![j]!, 2)));
    expect(mixed[0]).not.toEqual(whole[0]);
  });

  onFloat16("a compiled step is captured for each mode", async () => {
    const weight = numbers([4, 4], 1).requiresGrad_();
    const optimizer = new optim.SGD([weight], { lr: 0.1 });
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad();
      x.matmul(weight).sum().backward();
      return x.matmul(weight.detach()).to("float32");
    });
    const x = numbers([2, 4], 2).mul(1.0009765).detach();
    for (let i = 0; i < 3; i++) {
      const whole = await step(x).data();
      const mixed = await autocast(() => step(x)).data();
      expect(mixed).not.toEqual(whole);
      expect(await step(x).data()).toEqual(whole);
    }
  });
});
