// Gradients that add up: a batch in parts is the batch, in less memory.

import { expect, test } from "vitest";
import { F, nn, optim, type Tensor, tidy } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

/** Weights after some steps with each batch in `parts`, and the most memory that was in use. */
async function train(parts: number): Promise<{ weights: number[]; peak: number }> {
  const device = await openDevice(); // the peak is a device's
  const [x, y] = [numbers([256, 16], 1), numbers([256, 3], 2)];
  const net = new nn.Sequential(new nn.Linear(16, 128), new nn.Tanh(), new nn.Linear(128, 3));
  for (const [i, param] of net.parameters().entries()) param.detach().copy_(numbers(param.shape, i).mul(0.3));
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
  const size = 256 / parts;
  for (let step = 0; step < 3; step++) {
    optimizer.zeroGrad();
    for (let part = 0; part < parts; part++) {
      tidy(() => {
        const rows = (all: Tensor): Tensor => all.narrow(0, part * size, size);
        F.mseLoss(net.forward(rows(x)), rows(y))
          .div(parts)
          .backward();
      });
    }
    optimizer.step();
  }
  const weights = (await Promise.all(net.parameters().map(async (param) => [...(await param.data())]))).flat();
  const { bytesPeak: peak } = device.stats();
  device.destroy();
  return { weights, peak };
}

test("two half batches equal one batch, in less memory", async () => {
  const [whole, halves] = [await train(1), await train(2)];
  expectClose(halves.weights, whole.weights, 2e-6);
  expect(halves.peak).toBeLessThan(0.8 * whole.peak);
});
