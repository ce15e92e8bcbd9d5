// The autoencoders, each in a small form: the loss falls, and the pictures are what they should be.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecodedPng, decode } from "fast-png";
import { autograd, data, nn, randn, zeros } from "tapegrad";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as contractive from "../../examples/autoencoders/contractive.js";
import * as convolutional from "../../examples/autoencoders/convolutional.js";
import * as denoising from "../../examples/autoencoders/denoising.js";
import * as multilayer from "../../examples/autoencoders/multilayer.js";
import * as sparse from "../../examples/autoencoders/sparse.js";
import * as vanilla from "../../examples/autoencoders/vanilla.js";
import * as variational from "../../examples/autoencoders/variational.js";
import { someOfEach } from "../../examples/shared/digits.js";
import { RunLog } from "../../examples/shared/run-log.js";
import { openDevice } from "../device.js";

const out = mkdtempSync(join(tmpdir(), "tapegrad-autoencoders-"));
const digits = new data.SyntheticDigits({ length: 64, seed: 1 });
const small = {
  train: new data.SyntheticDigits({ length: 64, seed: 0 }),
  test: digits,
  log: await RunLog.open(out),
  epochs: 8,
  batchSize: 32,
  lr: 0.01,
};

beforeAll(async () => {
  await openDevice();
  vi.spyOn(console, "log").mockImplementation(() => {}); // the examples' lines
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

function expectFall(losses: readonly number[], factor: number): void {
  expect(losses.at(-1)).toBeLessThan(losses[0]! * factor);
}

function picture(name: string): DecodedPng {
  return decode(readFileSync(join(out, name)));
}

/** Asserts that a sheet shows one of each digit in its first row, and in the others images that differ from them. */
async function expectReconstructions(rows: number): Promise<void> {
  const { width, height, data: pixels } = picture("reconstructions.png");
  expect([width, height]).toEqual([10 * 60 + 4, rows * 60 + 4]); // 28 pixels, twice as large, and gaps of 4
  const inkAt = (row: number, column: number): number[] => {
    return Array.from({ length: 28 * 28 }, (_, i) => {
      const [y, x] = [4 + row * 60 + 2 * Math.floor(i / 28), 4 + column * 60 + 2 * (i % 28)];
      return 1 - pixels[y * width + x]! / 255;
    });
  };
  const ink = await someOfEach(digits).data();
  for (let column = 0; column < 10; column++) {
    const input = inkAt(0, column);
    const error = input.map((value, i) => Math.abs(value - ink[column * 28 * 28 + i]!));
    expect(Math.max(...error)).toBeLessThan(0.005); // one grey of 256
    for (let row = 1; row < rows; row++) {
      const drawn = inkAt(row, column);
      expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(0.1);
      expect(drawn).not.toEqual(input);
    }
  }
}

test("vanilla", async () => {
  expectFall(await vanilla.train({ ...small, hidden: 16 }), 0.6);
  await expectReconstructions(2);
});

test("multilayer", async () => {
  expectFall(await multilayer.train({ ...small, sizes: [28 * 28, 32, 16] }), 0.6);
  await expectReconstructions(2);
});

test("convolutional", async () => {
  expectFall(await convolutional.train({ ...small, epochs: 6, channels: 4 }), 0.85);
  await expectReconstructions(2);
});

test("sparse: L1 and KL", async () => {
  const [l1, kl] = await sparse.train({ ...small, hidden: 32, penalties: ["L1", "KL"] });
  expectFall(l1!, 0.8);
  expectFall(kl!, 0.8);
  await expectReconstructions(3);
  expect(picture("strokes.png")).toMatchObject({ width: 604, height: 4 * 60 + 4 });
});

test("denoising", async () => {
  expectFall(await denoising.train({ ...small, hidden: 16 }), 0.7);
  await expectReconstructions(3);
});

test("contractive", async () => {
  const [losses] = await contractive.train({ ...small, hidden: 8, weights: [0.002] });
  expectFall(losses!, 0.8);
  await expectReconstructions(2);
});

test("the contraction by double backward is the closed form's, and so is its derivative", async () => {
  const encoder = new nn.Linear(12, 5);
  const x = randn([4, 12], { requiresGrad: true });
  const h = encoder.forward(x).sigmoid();
  const [general, closed] = [contractive.contraction(x, h), contractive.sigmoidContraction(h, encoder.weight)];
  expect(await general.item()).toBeCloseTo(await closed.item(), 5);
  const [dGeneral] = autograd.grad(general, [encoder.weight], { retainGraph: true });
  const [dClosed] = autograd.grad(closed, [encoder.weight]);
  expect(await dGeneral!.sub(dClosed!).abs().max().item()).toBeLessThan(1e-6); // of about 0.03; float32
});

test("variational", async () => {
  expectFall(await variational.train({ ...small, hidden: 16 }), 0.8);
  await expectReconstructions(2);
  expect(picture("samples.png")).toMatchObject({ width: 16 * 28, height: 16 * 28 });
  const plane = readFileSync(join(out, "plane.svg"), "utf8");
  expect(plane).toMatch(/^<svg .*<\/svg>$/s);
  expect(plane.match(/<path [^>]*fill-opacity/g)!.length).toBeGreaterThanOrEqual(digits.length); // a dot each
});

test("the divergence is 0 for the standard normal distribution and grows with distance", async () => {
  const zero = zeros([3, 2]);
  expect(await variational.divergence(zero, zero).item()).toBeCloseTo(0, 6);
  expect(await variational.divergence(zero.add(2), zero).item()).toBeCloseTo(4, 5); // mean^2 / 2 in two dimensions
});
