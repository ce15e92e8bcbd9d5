// What fused operations and whole training steps cost in dispatches: forward, and backward with all gradients.

import { expect, test } from "vitest";
import { transformer } from "../../bench/workloads/transformer.js";
import { vae } from "../../bench/workloads/vae.js";
import { cat, F, nn, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { dispatchesOf } from "../dispatches.js";

await openDevice();

const values = (...shape: number[]): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(Float32Array.from({ length: count }, (_, i) => Math.sin(i)))
    .reshape(shape)
    .requiresGrad_();
};
const labels = (): Tensor => tensor(Int32Array.from({ length: 64 }, (_, i) => i % 10));
const [x, w, b] = [() => values(64, 12), () => values(12), () => values(12)];
const image = (): Tensor => values(4, 8, 6, 6);
const [norm, another] = [new nn.BatchNorm2d(8), new nn.BatchNorm2d(8)];

test.each<[name: string, expected: [forward: number, backward: number], run: () => Tensor]>([
  ["softmax", [1, 1], () => x().softmax(-1)],
  ["layerNorm", [1, 3], () => F.layerNorm(x(), [12], w(), b())],
  ["batchNorm of the batch, which moves running statistics and counts", [2, 2], () => norm.forward(image())],
  ["batchNorm and relu", [2, 2], () => another.forward(image()).relu()],
  ["instanceNorm", [1, 1], () => F.instanceNorm(image())],
  ["crossEntropy", [1, 1], () => F.crossEntropy(x(), labels())],
  ["crossEntropy that ignores", [1, 1], () => F.crossEntropy(x(), labels(), { ignoreIndex: 3 })],
  ["product of two leaves", [1, 1], () => x().mul(x())],
  [
    "sums of pieces",
    [3, 1],
    () =>
      x()
        .split([2, 4, 6], 1)
        .reduce((sum, piece) => sum.add(piece.sum()), tensor(0)),
  ],
  ["gradient of one piece", [0, 1], () => x().narrow(1, 2, 4)],
  ["joining", [1, 1], () => cat([x(), x(), x()], 1)],
])("%s", async (_, expected, run) => {
  let y = run(); // uploads and fills what it starts from
  y.array.realize();
  const forward = await dispatchesOf(() => (y = run()).array.realize());
  const backward = await dispatchesOf(() => y.backward(y.detach()));
  expect([forward, backward]).toEqual(expected);
});

test.each([
  ["transformer", transformer("transformer", 1), 80],
  ["VAE", vae("VAE", 8), 18],
] as const)("a warm step of the %s", async (_, workload, most) => {
  const { inputs, run } = workload.tapegrad();
  const step = (): Promise<unknown> => Promise.all(run(...inputs).map((output) => output.item()));
  for (let i = 0; i < 2; i++) await step();
  expect(await dispatchesOf(step)).toBeLessThanOrEqual(most);
});
