// Models as tables.

import { beforeAll, expect, test } from "vitest";
import { nn, ones, summary, type Tensor } from "../../src/index.js";
import { GPT } from "../../src/models/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

class Net extends nn.Module {
  layers = [new nn.Conv2d(3, 8, 3, { padding: 1 }), new nn.BatchNorm2d(8)];
  head = new nn.Sequential(new nn.Flatten(), new nn.Linear(8 * 4 * 4, 10));
  act = new nn.ReLU();
  unused = new nn.Linear(2, 2);

  forward(x: Tensor): Tensor {
    const [conv, norm] = this.layers as [nn.Conv2d, nn.BatchNorm2d];
    return this.act.forward(this.head.forward(this.act.forward(norm.forward(conv.forward(x)))));
  }
}

test("a summary has a line for each layer, with its output shape, own parameters and multiply-accumulates", () => {
  const net = new Net();
  const found = summary(net, [2, 3, 4, 4]);
  // conv: 8 x 27 + 8 parameters, 2 x 8 x 4 x 4 results of 27 products; head: 128 x 10 + 10, 2 x 10 results of 128
  expect(`${found}`.split("\n").map((line) => line.trimStart().split(/ {2,}/))).toEqual([
    ["Layer", "Output shape", "Parameters", "MACs"],
    ["Net", "[2, 10]", "-", "-"],
    ["layers.0: Conv2d", "[2, 8, 4, 4]", "224", "6,912"],
    ["layers.1: BatchNorm2d", "[2, 8, 4, 4]", "16", "-"],
    ["head: Sequential", "[2, 10]", "-", "-"],
    ["0: Flatten", "[2, 128]", "-", "-"],
    ["1: Linear", "[2, 10]", "1,290", "2,560"],
    ["act: ReLU", "[2, 10] (2 times)", "-", "-"],
    ["unused: Linear", "-", "6", "-"],
    ["Total: 1,536 parameters (1,536 trainable), 9,472 MACs"],
  ]);
  expect(found.parameters).toBe(net.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0));
});

test("a summary leaves the model as it was", async () => {
  const net = new Net();
  net.act.eval();
  net.unused.requiresGrad_(false);
  expect(summary(net, [1, 3, 4, 4]).trainableParameters).toBe(1530);
  expect([net.training, net.act.training, net.head.training]).toEqual([true, false, true]);
  expect(await (net.layers[1] as nn.BatchNorm2d).numBatchesTracked!.item()).toBe(0);
  expect(Object.hasOwn(net, "forward")).toBe(false); // no hook is left
});

test("models of several inputs, and of indices", () => {
  const bilinear = summary(new nn.Bilinear(2, 3, 4), [[5, 2], [5, 3]]); // biome-ignore format: one list
  expect(bilinear.layers[0]!.outputShapes).toEqual([[5, 4]]);
  const words = summary(new nn.Embedding(7, 3), [2, 6], { dtype: "int32" });
  expect(words.layers[0]).toMatchObject({ outputShapes: [[2, 6, 3]], parameters: 21, macs: 0 });
  const transposed = summary(new nn.ConvTranspose2d(4, 6, 3, { groups: 2, stride: 2 }), [1, 4, 5, 5]);
  expect(transposed.macs).toBe(100 * 3 * 9); // each of 100 elements goes to 3 channels of its group, 9 places each
  expect(() => summary(new nn.Linear(2, 2), 2 as unknown as number[])).toThrow("takes the shape of an input, got 2");
});

test("weights that two layers share count once", () => {
  const [a, b] = [new nn.Linear(3, 3), new nn.Linear(3, 3)];
  b.weight = a.weight;
  expect(summary(new nn.Sequential(a, b), [1, 3]).layers.map(({ parameters }) => parameters)).toEqual([0, 12, 3]);
});

test("attention counts its projections and its products of queries with keys and of weights with values", () => {
  const macs = (options: nn.MultiheadAttentionOptions, ...shapes: number[][]): number =>
    summary(new nn.MultiheadAttention(8, 2, options), [], { inputs: shapes.map((shape) => ones(shape)) }).macs;
  const all = (shape: number[]): number[][] => [shape, shape, shape];
  const expected = 4 * 2 * 5 * 8 * 8 + 2 * 2 * 5 * 5 * 8; // 4 projections of 10 positions, 2 products of 5 x 5 in 2 sequences
  expect(macs({ batchFirst: true }, ...all([2, 5, 8]))).toBe(expected);
  expect(macs({}, ...all([5, 2, 8]))).toBe(expected);
  expect(macs({}, ...all([5, 8]))).toBe(expected / 2);
  const others = { kdim: 3, vdim: 4, addBiasKv: true, addZeroAttn: true }; // 3 queries, 6 keys and 2 more
  expect(macs(others, [3, 2, 8], [6, 2, 3], [6, 2, 4])).toBe(2 * (2 * 3 * 8 * 8 + 6 * (3 + 4) * 8 + 2 * 3 * 8 * 8));
  const gpt = summary(new GPT(10, 7, { nLayer: 2, nHead: 2, nEmbd: 8 }), [3, 7], { dtype: "int32" });
  expect(gpt.layers.find(({ name }) => name.endsWith("h.1.attn"))!.macs).toBe(2 * 3 * 7 * 7 * 8);
});
