// The transformer's encoder. PyTorch's own results are in the conformance samples.

import { beforeAll, expect, test } from "vitest";
import { nn, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

beforeAll(openDevice);

const small = { dimFeedforward: 12, dropout: 0, batchFirst: true } as const;

test("state dicts have PyTorch's names and order", () => {
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2, small), 2, {
    norm: new nn.LayerNorm(8),
  });
  const layer = [
    ...["self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias"],
    ...["linear1", "linear2", "norm1", "norm2"].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
  ];
  const all = [0, 1].flatMap((i) => layer.map((name) => `layers.${i}.${name}`));
  expect(Object.keys(encoder.stateDict())).toEqual([...all, "norm.weight", "norm.bias"]);
});

test("an encoder is copies of its layer, one after another, and the normalization", async () => {
  const layer = new nn.TransformerEncoderLayer(8, 2, { ...small, activation: "gelu", normFirst: true });
  layer.linear1.weight.requiresGrad_(false);
  const norm = new nn.LayerNorm(8);
  const encoder = new nn.TransformerEncoder(layer, 2, { norm });
  const x = numbers([2, 3, 8], 1);
  const mask = numbers([3, 3], 2);
  const srcKeyPaddingMask = numbers([2, 3], 3).gt(0.5);
  const once = (y: Tensor): Tensor => layer.forward(y, { srcMask: mask, srcKeyPaddingMask });
  const y = encoder.forward(x, { mask, srcKeyPaddingMask });
  expectClose(await y.data(), await norm.forward(once(once(x))).data(), 1e-5);
  expect(encoder.layers.map((own) => own.linear1.weight.requiresGrad)).toEqual([false, false]);
  expect(encoder.layers[0]!.linear2.weight).not.toBe(layer.linear2.weight);
});

test("isCausal: later positions change nothing", async () => {
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2, small), 2);
  const x = numbers([1, 4, 8], 1);
  const short = await encoder.forward(x.narrow(1, 0, 3), { isCausal: true }).data();
  expectClose(await encoder.forward(x, { isCausal: true }).narrow(1, 0, 3).data(), short, 1e-5);
});

test("an activation may be a function or a layer; other names are refused", async () => {
  const layers = ["relu", (x: Tensor) => x.relu(), new nn.ReLU()].map((activation) => {
    return new nn.TransformerEncoderLayer(8, 2, { ...small, activation: activation as "relu" });
  });
  for (const layer of layers) layer.loadStateDict(layers[0]!.stateDict());
  const x = numbers([1, 3, 8], 1);
  const ys = await Promise.all(layers.map((layer) => layer.forward(x).data()));
  expect(ys[1]).toEqual(ys[0]);
  expect(ys[2]).toEqual(ys[0]);
  expect(() => new nn.TransformerEncoderLayer(8, 2, { activation: "swish" as "relu" })).toThrow('got "swish"');
});
