// The options of cross-entropy in its own kernels: as many launches as without them, and the losses of the composed form,
// which takes their place where the weights want a gradient.

import { beforeAll, expect, test } from "vitest";
import { autograd, type Device, F, rand, randint, randn, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { onFloat16 } from "../on-float16.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

const OPTIONS = {
  weights: { weighted: true },
  smoothing: { labelSmoothing: 0.1 },
  "weights, smoothing and labels that are ignored": { weighted: true, labelSmoothing: 0.25, ignoreIndex: 2 },
} as const;
const options = Object.entries(OPTIONS);
const shapes = [
  [8, 5],
  [4, 12, 3],
  [40, 1001],
  [130, 512],
] as const; // the last two by rows, the last in vectors

async function expectClose(actual: Tensor, expected: Tensor): Promise<void> {
  const [is, wanted] = (await Promise.all([actual, expected].map((x) => x.flatten().toArray()))) as number[][];
  expect(is!.length).toBe(wanted!.length);
  is!.forEach((value, i) => {
    expect(Math.abs(value - wanted![i]!), `element ${i}`).toBeLessThan(1e-6 + 2e-5 * Math.abs(wanted![i]!));
  });
}

test.each(options.flatMap(([name, option]) => shapes.map((shape) => [name, shape, option] as const)))(
  "%s, logits %j: loss and gradient of the composed form",
  async (_, shape, option) => {
    const { weighted = false, ...rest }: { weighted?: boolean; labelSmoothing?: number; ignoreIndex?: number } = option;
    const [N, C, ...inner] = shape as readonly [number, number, ...number[]];
    const x = randn(shape).mul(3).detach().requiresGrad_();
    const labels = randint(0, C, [N, ...inner]);
    const weight = rand([C]).add(0.5).detach();
    for (const reduction of ["mean", "sum", "none"] as const) {
      const given = { ...rest, reduction };
      const fused = F.crossEntropy(x, labels, { ...given, weight: weighted ? weight : null });
      const ofAll = weighted ? weight.clone() : weight.mul(0).add(1);
      const composed = F.crossEntropy(x, labels, { ...given, weight: ofAll.detach().requiresGrad_() });
      await expectClose(fused, composed);
      const upstream = rand(fused.shape);
      const gradient = (y: Tensor): Tensor => autograd.grad(y, [x], { gradOutputs: [upstream] })[0]!;
      await expectClose(gradient(fused), gradient(composed));
    }
  },
);

test.each(options)("%s: one launch for the loss and one for its gradient", async (_, option) => {
  const { weighted = false, ...rest }: { weighted?: boolean; labelSmoothing?: number; ignoreIndex?: number } = option;
  const x = randn([64, 10], { requiresGrad: true });
  const [labels, weight] = [randint(0, 10, [64]), rand([10])];
  for (const tensor of [x, labels, weight]) tensor.array.realize();
  const before = device.stats().dispatches;
  const loss = F.crossEntropy(x, labels, { ...rest, weight: weighted ? weight : null });
  loss.backward();
  x.grad!.array.realize();
  await loss.item();
  expect(device.stats().dispatches - before).toBe(2);
});

onFloat16("float16 logits and weights: the loss in float32, the gradient in float16", async () => {
  const x = randn([6, 10]).detach();
  const [labels, weight] = [randint(0, 10, [6]), rand([10]).add(0.5).detach()];
  const run = async (dtype: "float16" | "float32"): Promise<[number, Tensor]> => {
    const logits = x.to("float16").to(dtype).requiresGrad_(); // the same numbers
    const loss = F.crossEntropy(logits, labels, { weight: weight.to("float16").to(dtype), labelSmoothing: 0.1 });
    loss.backward();
    expect(logits.grad!.dtype).toBe(dtype);
    return [await loss.item(), logits.grad!.to("float32")];
  };
  const [[loss, gradient], [wanted, wantedGradient]] = [await run("float16"), await run("float32")];
  expect(loss).toBeCloseTo(wanted, 5);
  expect(await gradient.sub(wantedGradient).abs().max().item()).toBeLessThan(1e-4);
});

test("a label outside the classes is an error with weights and smoothing too, by rows and at once", async () => {
  for (const [N, C] of [
    [4, 3],
    [40, 1000],
  ] as const) {
    const labels = randint(0, C, [N]).add(C).clone();
    const loss = F.crossEntropy(randn([N, C]), labels, { weight: rand([C]), labelSmoothing: 0.1 });
    await expect(loss.item()).rejects.toThrow(/crossEntropy of logits/);
  }
});

test.each([[{}], [{ labelSmoothing: 0.1 }]])(
  "of no rows at all: NaN, 0 or nothing, as in PyTorch, %j",
  async (option) => {
    const losses = (["mean", "sum", "none"] as const).map((reduction) => {
      const x = randn([0, 4], { requiresGrad: true });
      const loss = F.crossEntropy(x, randint(0, 4, [0]), { ...option, reduction });
      if (reduction !== "none") loss.backward();
      return [loss, x.grad?.shape] as const;
    });
    expect(await Promise.all(losses.map(([loss]) => loss.toArray()))).toEqual([Number.NaN, 0, []]);
    expect(losses.map(([, shape]) => shape)).toEqual([[0, 4], [0, 4], undefined]);
  },
);

test("weights that fit no class are an error that says what they must be", () => {
  const loss = (): Tensor => F.crossEntropy(randn([4, 3]), randint(0, 3, [4]), { weight: rand([4]) });
  expect(loss).toThrow(/crossEntropy.*\[4, 3\].*\[4\].*the weight must be \[3\]/);
});
