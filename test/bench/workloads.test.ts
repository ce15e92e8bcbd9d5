// The benchmark: nothing that should be measured is missing, ours runs, and a wrong result does not pass for a fast one.

import { beforeAll, expect, test } from "vitest";
import { assertAgreement } from "../../bench/compare.js";
import { formsOf, measureOurs } from "../../bench/measure.js";
import { workloads } from "../../bench/workloads/index.js";
import { type Device, init } from "../../src/index.js";

/** A part of the name of each workload that must be there. */
const WANTED = [
  ...["matmul 256", "matmul 512", "matmul 1024", "matmul 255", "matmul 257", "matmul 64x784x256"],
  ...["matmul 16x[128x64x128]", "NT", "TN"],
  ...["conv2d N16 C32 28x28 K64 3x3 pad 1", "with both gradients", "depthwise", "1x1"],
  ...["softmax [512,1024]", "softmax [64,50257]", "layerNorm [512,512]", "layerNorm [512,512] with backward"],
  ...["last axis of [2048,1024]", "axis 0 of [2048,1024]", "everything of [2048,1024]", "sum of 4M elements"],
  ...["ten pointwise operations on 1M", "attention B4 H4 T256 D64 causal", "causal, with backward"],
  ...["embedding backward", "MLP 784-256-128-10", "MNIST CNN", "transformer", "VAE 784-256-(2x16)-256-784"],
  ...["ResNet-18 on [4,3,64,64]", "200 chained adds on [32,32]", "[32,32], forward and backward"],
  "Adam over 50 tensors of 10k",
];

let device: Device;

beforeAll(async () => {
  device = await init();
});

test("every workload is there, under a name of its own", () => {
  const names = workloads.map(({ name }) => name);
  expect(WANTED.filter((part) => !names.some((name) => name.includes(part)))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test.each(["matmul 255", "layerNorm [512,512] with backward", "MLP 784-256-128-10"])("ours runs: %s", async (part) => {
  const workload = workloads.find(({ name }) => name.includes(part))!;
  for (const form of formsOf(workload)) {
    const measured = await measureOurs(workload, form, device, async (_, run) => {
      const start = performance.now();
      await run();
      return [performance.now() - start];
    });
    expect(measured.medianMs).toBeGreaterThan(0);
    expect(measured.counts.submits).toBeGreaterThanOrEqual(1);
    expect(measured.counts.shaderModulesCreated).toBe(0); // once warm
  }
});

test("a wrong, missing or NaN result is an error that names the workload", () => {
  const agree = (...outputs: Float32Array[]) =>
    assertAgreement("matmul 3", { by: "tapegrad", outputs: [Float32Array.of(1, -4)] }, { by: "tfjs", outputs }, 1e-3);
  expect(() => agree(Float32Array.of(1.003, -4))).not.toThrow(); // 0.003 of 4 is less than 1e-3
  expect(() => agree(Float32Array.of(1.005, -4))).toThrow(/matmul 3.*tapegrad.*tfjs/);
  expect(() => agree(Float32Array.of(1, Number.NaN))).toThrow("matmul 3");
  expect(() => agree(Float32Array.of(1))).toThrow("matmul 3");
  expect(() => agree()).toThrow("matmul 3");
});
