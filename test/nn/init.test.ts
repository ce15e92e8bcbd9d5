// First values: those of layers and of nn.init, against the bounds and moments of PyTorch's draws
// (scripts/golden_initialisation.py, PyTorch 1.13).

import { beforeAll, describe, expect, test } from "vitest";
import { DTypeError, manualSeed, nn, ones, ShapeError, TapegradError, type Tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import golden from "../goldens/initialisation.json" with { type: "json" };

beforeAll(openDevice);

interface Moments {
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly kurtosis: number;
}

/** Enough numbers for moments: their errors below are five standard deviations or more. */
const MANY = 2000;

async function expectMoments(tensor: Tensor, wanted: Moments): Promise<void> {
  expect(tensor.shape).toEqual(wanted.shape);
  const values = [...(await tensor.data())];
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const central = (power: number): number => values.reduce((sum, x) => sum + (x - mean) ** power, 0) / values.length;
  const std = Math.sqrt(central(2));
  if (wanted.kurtosis < 2.5) {
    // Bounded: PyTorch's own extremes are within a thousandth of the bound where there are many numbers.
    const room = 0.002 * (wanted.max - wanted.min);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(wanted.min - room);
    expect(Math.max(...values)).toBeLessThanOrEqual(wanted.max + room);
  }
  if (wanted.std === 0) expect([mean, std]).toEqual([wanted.mean, 0]);
  if (values.length < MANY || wanted.std === 0) return;
  expect(Math.abs(mean - wanted.mean)).toBeLessThan(0.1 * wanted.std);
  expect(Math.abs(std / wanted.std - 1)).toBeLessThan(0.05);
  expect(Math.abs(central(4) / std ** 4 / wanted.kurtosis - 1)).toBeLessThan(0.15);
}

describe("a layer's first values are distributed as PyTorch's", () => {
  test.each(golden.layers)("$name", async ({ name, args, options, state }) => {
    manualSeed(1);
    const camel = Object.entries(options).map(([key, value]) => [key === "head_bias" ? "headBias" : key, value]);
    const Layer = (nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>)[name]!;
    const own = new Layer(...args, Object.fromEntries(camel)).stateDict();
    expect(Object.keys(own)).toEqual(Object.keys(state));
    for (const [key, moments] of Object.entries(state)) await expectMoments(own[key]!, moments as Moments);
  });
});

/** nn.init's functions by PyTorch's arguments. */
const functions: Readonly<Record<string, (tensor: Tensor, ...args: never[]) => Tensor>> = {
  uniform_: nn.init.uniform_,
  normal_: nn.init.normal_,
  trunc_normal_: nn.init.truncNormal_,
  xavier_uniform_: nn.init.xavierUniform_,
  xavier_normal_: nn.init.xavierNormal_,
  kaiming_uniform_: (tensor: Tensor, ...args: never[]) => nn.init.kaimingUniform_(tensor, kaiming(args)),
  kaiming_normal_: (tensor: Tensor, ...args: never[]) => nn.init.kaimingNormal_(tensor, kaiming(args)),
  sparse_: nn.init.sparse_,
  orthogonal_: nn.init.orthogonal_,
  dirac_: nn.init.dirac_,
  eye_: nn.init.eye_,
};
const kaiming = ([a, mode, nonlinearity]: never[]): nn.init.KaimingOptions => ({ a, mode, nonlinearity });

describe("nn.init", () => {
  test.each(golden.functions)("$name $shape $args", async ({ name, shape, args, values, ...moments }) => {
    manualSeed(2);
    const tensor = new nn.Parameter(ones(shape));
    expect(functions[name]!(tensor, ...(args as never[]))).toBe(tensor);
    expect([tensor.requiresGrad, tensor.isLeaf]).toEqual([true, true]);
    if (values === undefined) await expectMoments(tensor, { shape, ...moments } as unknown as Moments);
    else expect([...(await tensor.data())]).toEqual(values);
  });

  test("orthogonal_ makes the shorter side's vectors orthogonal and of length gain", async () => {
    manualSeed(3);
    const wide = nn.init.orthogonal_(zeros([4, 3, 2]), { gain: 2 }).reshape([4, 6]);
    expectClose(
      await wide.matmul(wide.T).data(),
      await nn.init
        .eye_(zeros([4, 4]))
        .mul(4)
        .data(),
      1e-5,
    );
    const high = nn.init.orthogonal_(zeros([5, 2]));
    expectClose(await high.T.matmul(high).data(), [1, 0, 0, 1], 1e-5);
  });

  test("sparse_ puts the same number of zeros into each column", async () => {
    const zerosOf = nn.init
      .sparse_(zeros([7, 5]), 0.5)
      .eq(0)
      .sum(0);
    expect(await zerosOf.toArray()).toEqual([4, 4, 4, 4, 4]); // ceil(7 / 2)
  });

  test("constants, and gains", async () => {
    expect(await nn.init.constant_(zeros([2]), 0.3).toArray()).toEqual([Math.fround(0.3), Math.fround(0.3)]);
    expect(await nn.init.zeros_(nn.init.ones_(zeros([1]))).item()).toBe(0);
    const gains = (["linear", "sigmoid", "tanh", "relu", "selu"] as const).map((name) => nn.init.calculateGain(name));
    expect(gains).toEqual([1, 1, 5 / 3, Math.SQRT2, 0.75]);
    expect(nn.init.calculateGain("leaky_relu", 1)).toBe(1);
    expect(nn.init.calculateGain("leaky_relu")).toBeCloseTo(Math.sqrt(2 / 1.0001), 12);
  });

  test("says what it cannot fill", () => {
    expect(() => nn.init.xavierUniform_(zeros([3]))).toThrow("fans need at least two dimensions");
    expect(() => nn.init.eye_(zeros([3]))).toThrow(ShapeError);
    expect(() => nn.init.normal_(zeros([3], { dtype: "int32" }))).toThrow(DTypeError);
    expect(() => nn.init.calculateGain("gelu" as "relu")).toThrow(TapegradError);
    expect(() => nn.init.kaimingNormal_(zeros([2, 2]), { mode: "fanIn" as "fan_in" })).toThrow('mode "fanIn"');
  });
});
