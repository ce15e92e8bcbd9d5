// MultiheadAttention. PyTorch's own results are in the conformance samples; here: what is equal, and what it costs.

import { beforeAll, expect, test } from "vitest";
import { type Device, nn, noGrad, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

const first = ([y]: [Tensor, Tensor | null]): Tensor => y;

/** Which pairs [l, s] attention is ruled out for: s after l. */
function later(L: number): Tensor {
  return tensor(Float32Array.from({ length: L * L }, (_, i) => Number(i % L > Math.floor(i / L))))
    .reshape([L, L])
    .gt(0);
}

test("state dicts have PyTorch's names and order", () => {
  const names = (module: nn.Module): string[] => Object.keys(module.stateDict());
  expect(names(new nn.MultiheadAttention(8, 2, { addBiasKv: true }))).toEqual([
    "in_proj_weight",
    "in_proj_bias",
    "bias_k",
    "bias_v",
    "out_proj.weight",
    "out_proj.bias",
  ]);
  expect(names(new nn.MultiheadAttention(8, 2, { kdim: 4, bias: false }))).toEqual([
    "q_proj_weight",
    "k_proj_weight",
    "v_proj_weight",
    "out_proj.weight",
  ]);
});

test("weights start as PyTorch's do", async () => {
  const attention = new nn.MultiheadAttention(16, 2);
  const largest = Math.max(...(await attention.inProjWeight!.abs().data()));
  expect(largest).toBeLessThanOrEqual(Math.sqrt(6 / 64));
  expect(largest).toBeGreaterThan(0.8 * Math.sqrt(6 / 64));
  expect(
    [...(await attention.inProjBias!.data()), ...(await attention.outProj.bias!.data())].every((x) => x === 0),
  ).toBe(true);
});

test("a causal mask is the option isCausal, also beside padding, a learned key and a key of zeros", async () => {
  for (const options of [{}, { addBiasKv: true, addZeroAttn: true }]) {
    const attention = new nn.MultiheadAttention(12, 2, { batchFirst: true, ...options }); // heads of 6
    const x = numbers([2, 5, 12], 1);
    const keyPaddingMask = tensor([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]).reshape([2, 5]).gt(0);
    for (const padding of [{}, { keyPaddingMask }]) {
      const [y, weights] = attention.forward(x, x, x, { isCausal: true, ...padding });
      const [masked, others] = attention.forward(x, x, x, { attnMask: later(5), ...padding });
      expectClose(await y.data(), await masked.data(), 1e-5);
      expectClose(await weights!.data(), await others!.data(), 1e-5);
    }
  }
});

test("one product for query, key and value, or two or three, give the same; so does a mask for each head", async () => {
  const attention = new nn.MultiheadAttention(8, 2);
  const x = numbers([4, 3, 8], 1);
  const y = await first(attention.forward(x, x, x)).data();
  expectClose(await first(attention.forward(x.clone(), x, x)).data(), y, 1e-6);
  expectClose(await first(attention.forward(x, x.clone(), x)).data(), y, 1e-6);
  const masked = await first(attention.forward(x, x, x, { attnMask: later(4).expand([6, 4, 4]) })).data();
  expectClose(masked, await first(attention.forward(x, x, x, { isCausal: true })).data(), 1e-6);
});

test("no matrix of weights in memory until they are looked at, whatever the masks", () => {
  const [B, T, E] = [1, 256, 8];
  const attention = new nn.MultiheadAttention(E, 2, { batchFirst: true });
  const x = numbers([B, T, E], 1);
  const attnMask = later(T);
  const keyPaddingMask = numbers([B, T], 2).gt(0.9);
  for (const tensor of [x, attnMask, keyPaddingMask]) tensor.array.realize();
  for (const options of [{ isCausal: true }, { attnMask }, { keyPaddingMask }]) {
    const before = device.stats().bytesLive;
    const pair = noGrad(() => attention.forward(x, x, x, options));
    pair[0].array.realize();
    expect(device.stats().bytesLive - before).toBeLessThan(T * T);
    expect(pair[1]!.shape).toEqual([B, T, T]);
  }
});

test("dropout is active in training alone", async () => {
  const attention = new nn.MultiheadAttention(8, 2, { dropout: 0.5 });
  const x = numbers([6, 2, 8], 1);
  const run = async (): Promise<number[]> => [...(await first(attention.forward(x, x, x)).data())];
  expect(await run()).not.toEqual(await run());
  attention.eval();
  expect(await run()).toEqual(await run());
});

test("errors say what does not fit", () => {
  const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  const x = numbers([2, 3, 8], 1);
  expect(() => new nn.MultiheadAttention(8, 3)).toThrow("embedDim 8 does not divide into 3 heads");
  expect(() => attention.forward(x, numbers([1, 3, 8], 1), x)).toThrow("must be [B, L, 8], [B, S, 8] and [B, S, 8]");
  expect(() => attention.forward(x, x, x, { attnMask: later(4) })).toThrow("attnMask must be [3, 3] or [4, 3, 3]");
  expect(() => attention.forward(x, x, x, { keyPaddingMask: later(3) })).toThrow("keyPaddingMask must be [2, 3]");
  expect(() => attention.forward(x, x, x, { attnMask: later(3).to("int32") })).toThrow("bool or floating point");
});
