// Recurrent layers: against loops over their cells, and what they cost. PyTorch's own results are in the conformance samples.

import { beforeAll, describe, expect, test } from "vitest";
import { type Device, nn, noGrad, stack, type Tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

test("state dicts have PyTorch's names, shapes and order", () => {
  const lstm = new nn.LSTM(3, 4, { numLayers: 2, bidirectional: true, projSize: 2 });
  const shapes = Object.entries(lstm.stateDict()).map(([name, { shape }]) => `${name} ${shape.join("x")}`);
  const layer = (l: number, size: number): string[] =>
    ["", "_reverse"].flatMap((end) =>
      ["weight_ih_l0 16xI", "weight_hh_l0 16x2", "bias_ih_l0 16", "bias_hh_l0 16", "weight_hr_l0 2x4"].map((name) =>
        name.replace("l0", `l${l}${end}`).replace("I", String(size)),
      ),
    );
  expect(shapes).toEqual([...layer(0, 3), ...layer(1, 4)]);
  expect(Object.keys(new nn.GRUCell(3, 4, { bias: false }).stateDict())).toEqual(["weight_ih", "weight_hh"]);
  expect(String(lstm)).toBe("LSTM(3, 4, numLayers=2, bidirectional=true, projSize=2)");
});

test("weights start uniform in +-1 / sqrt(hiddenSize)", async () => {
  const rnn = new nn.RNN(3, 25, { numLayers: 2 });
  for (const [name, parameter] of rnn.namedParameters()) {
    const values = [...(await parameter.data())].map(Math.abs);
    expect(Math.max(...values), name).toBeLessThanOrEqual(0.2);
    expect(Math.max(...values), name).toBeGreaterThan(0.12);
  }
});

describe("a layer is a loop over its cell", () => {
  const [T, B, I, H] = [5, 3, 2, 4];

  async function expectSame(layer: nn.RNN | nn.GRU | nn.LSTM, cell: nn.RNNCell | nn.GRUCell | nn.LSTMCell) {
    const [own, others] = [layer.stateDict(), cell.stateDict()];
    const copied = Object.fromEntries(Object.keys(others).map((name) => [name, own[`${name}_l0`]!]));
    cell.loadStateDict(copied);
    const h0 = numbers([B, H], 3);
    const isLong = cell instanceof nn.LSTMCell;
    const run = async (forward: (x: Tensor) => Tensor): Promise<ArrayLike<number>[]> => {
      const x = numbers([T, B, I], 1).requiresGrad_();
      forward(x)
        .mul(numbers([T, B, H], 2))
        .sum()
        .backward();
      return [await x.grad!.data()];
    };
    const whole = await run((x) => {
      return layer instanceof nn.LSTM
        ? layer.forward(x, [h0.unsqueeze(0), h0.unsqueeze(0)])[0]
        : layer.forward(x, h0.unsqueeze(0))[0];
    });
    const looped = await run((x) => {
      let [h, c] = [h0, h0];
      const ys = x.unbind(0).map((xt) => {
        if (isLong) [h, c] = cell.forward(xt, [h, c]);
        else h = (cell as nn.GRUCell).forward(xt, h);
        return h;
      });
      return stack(ys, 0);
    });
    expectClose(whole[0]!, looped[0]!, 1e-5, "dx");
    const gradients = new Map(cell.namedParameters());
    for (const [name, { grad }] of layer.namedParameters()) {
      expectClose(await grad!.data(), await gradients.get(name.replace("_l0", ""))!.grad!.data(), 1e-5, name);
    }
  }

  test("RNN", () =>
    expectSame(new nn.RNN(I, H, { nonlinearity: "relu" }), new nn.RNNCell(I, H, { nonlinearity: "relu" })));
  test("GRU", () => expectSame(new nn.GRU(I, H), new nn.GRUCell(I, H)));
  test("LSTM", () => expectSame(new nn.LSTM(I, H), new nn.LSTMCell(I, H)));
});

test("the second direction is the layer on the reversed sequence, and batchFirst another order of the same numbers", async () => {
  const both = new nn.LSTM(2, 3, { bidirectional: true, batchFirst: true, projSize: 2 });
  const one = new nn.LSTM(2, 3, { projSize: 2 });
  const state = both.stateDict();
  const names = Object.keys(one.stateDict());
  one.loadStateDict(Object.fromEntries(names.map((name) => [name, state[`${name}_reverse`]!])));
  const x = numbers([4, 3, 2], 1); // [B, T, I]
  const [y, [hn, cn]] = both.forward(x);
  const [reversed, [h, c]] = one.forward(x.transpose(0, 1).flip([0]));
  expect([y.shape, hn.shape, cn.shape]).toEqual([
    [4, 3, 4],
    [2, 4, 2],
    [2, 4, 3],
  ]);
  expectClose(await y.narrow(2, 2, 2).data(), await reversed.flip([0]).transpose(0, 1).data(), 1e-6);
  expectClose(await hn.select(0, 1).data(), await h.select(0, 0).data(), 1e-6);
  expectClose(await cn.select(0, 1).data(), await c.select(0, 0).data(), 1e-6);
});

test("dropout between layers: in training, and not after the last", async () => {
  const rnn = new nn.RNN(2, 3, { numLayers: 2, dropout: 1 });
  const x = numbers([4, 2], 1);
  const [y] = rnn.forward(x);
  const [blank] = new nn.RNN(2, 3, { numLayers: 2 }).forward(x); // has other weights
  expect(y.shape).toEqual(blank.shape);
  const last = new nn.RNN(3, 3);
  const state = rnn.stateDict();
  const names = Object.keys(last.stateDict());
  last.loadStateDict(Object.fromEntries(names.map((name) => [name, state[name.replace("l0", "l1")]!])));
  expectClose(await y.data(), await last.forward(zeros([4, 3]))[0].data(), 1e-6);
  rnn.eval();
  expect(await rnn.forward(x)[0].data()).not.toEqual(await y.data());
});

test("a step in time is two kernels forward and two back, also in both directions at once; its length compiles nothing", async () => {
  for (const layer of [
    new nn.RNN(8, 8),
    new nn.GRU(8, 8),
    new nn.LSTM(8, 8),
    new nn.LSTM(8, 8, { bidirectional: true }),
  ]) {
    const cost = async (T: number): Promise<{ forward: number; total: number; shaders: number }> => {
      const x = numbers([T, 2, 8], 1);
      const before = device.stats();
      noGrad(() => layer.forward(x)[0].array.realize());
      const after = device.stats();
      layer.forward(x)[0].sum().backward();
      await layer.weightHhL0!.grad!.data();
      const end = device.stats();
      return {
        forward: after.dispatches - before.dispatches,
        total: end.dispatches - after.dispatches,
        shaders: end.shaderModulesCreated - before.shaderModulesCreated,
      };
    };
    for (let i = 0; i < 2; i++) await cost(3); // the second time gradients are added
    const [short, long] = [await cost(4), await cost(14)];
    expect(long.forward - short.forward).toBe(10 * 2);
    expect(long.total - short.total).toBe(10 * 4);
    expect([short.shaders, long.shaders]).toEqual([0, 0]);
  }
});

test("errors say what does not fit", () => {
  expect(() => new nn.LSTM(3, 4).forward(zeros([5, 2, 2]))).toThrow("x must be [T, B, 3] or [T, 3]");
  expect(() => new nn.LSTM(3, 4).forward(zeros([5, 2, 3]), [zeros([1, 3, 4]), zeros([1, 2, 4])])).toThrow(
    "h0 must be [1, 2, 4]",
  );
  expect(() => new nn.GRUCell(3, 4).forward(zeros([2, 3]), zeros([3, 4]))).toThrow("h must be [2, 4]");
  expect(() => new nn.LSTM(3, 4, { projSize: 4 })).toThrow("projSize must be smaller than hiddenSize");
  expect(() => new nn.GRU(3, 0)).toThrow("hiddenSize must be a whole number from 1 on");
});
