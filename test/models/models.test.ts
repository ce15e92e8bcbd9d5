// torchvision's models: the same names and numbers of parameters, and with the same weights the same outputs.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { arange, cat, load, type nn, noGrad, type Tensor } from "../../src/index.js";
import * as models from "../../src/models/index.js";
import { openDevice } from "../device.js";
import { fill, hashedTensor } from "./hashed.js";

// Drawing initial weights takes software a while, up to a minute for VGG, and they are replaced at once.
vi.mock("../../src/tensor/random.js", async (original) => {
  const { zeros } = await import("../../src/tensor/create.js");
  const undrawn = (shape: number[]): Tensor => zeros(shape);
  return { ...(await original<object>()), rand: undrawn, randn: undrawn };
});

interface Golden {
  /** Names and shapes. */
  readonly state: readonly string[];
  readonly parameters: number;
  readonly shape: number[];
  readonly outputs: number[][];
  /** Outputs of VGG's convolutions. */
  readonly features: number[][];
  /** Of ResNet-18 in training: norm, and 16 elements evenly spread. */
  readonly gradients: Readonly<Record<string, { readonly norm: number; readonly samples: number[] }>>;
}

/** Made by scripts/golden_models.py with torchvision 0.14 and PyTorch 1.13. */
const goldens = JSON.parse(readFileSync("test/goldens/models.json", "utf8")) as Record<string, Golden>;

beforeAll(openDevice);

type Model = nn.Module & { forward(x: Tensor): Tensor };

const stateOf = (model: nn.Module): string[] =>
  Object.entries(model.stateDict()).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
const count = (model: nn.Module): number => model.parameters().reduce((n, parameter) => n + parameter.numel(), 0);

/** The largest difference of the first outputs, relative to the largest of them. */
async function distance(y: Tensor, wanted: readonly number[][]): Promise<number> {
  const found = ((await y.flatten(1).toArray()) as number[][]).flatMap((row) => row.slice(0, wanted[0]!.length));
  const expected = wanted.flat();
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / Math.max(...expected.map(Math.abs));
}

const TOLERANCE = 1e-4; // float32 in another order, through up to 50 layers; measured: 5e-7 to 4e-6
const numClasses = 10;
const small = { numClasses };

/** TAPEGRAD_MODELS=all includes what takes long and differs from the rest in numbers alone, and PyTorch itself. */
const all = process.env["TAPEGRAD_MODELS"] === "all";

describe("names, parameters and outputs", () => {
  const MODELS: Readonly<Record<string, () => Model>> = {
    lenet: () => models.lenet(),
    alexnet: () => models.alexnet(small),
    resnet50: () => models.resnet50(small),
    mobilenet_v2: () => models.mobilenetV2(small),
    ...(all && {
      vgg11: () => models.vgg11(small),
      vgg11_bn: () => models.vgg11Bn(small),
      vgg16: () => models.vgg16(small),
      vgg16_bn: () => models.vgg16Bn(small),
      resnet18: () => models.resnet18(small),
      resnet34: () => models.resnet34(small),
    }),
  };
  test.each(Object.keys(MODELS))("%s", async (name) => {
    const golden = goldens[name]!;
    const model = fill(MODELS[name]!()).eval();
    expect(stateOf(model)).toEqual(golden.state);
    expect(count(model)).toBe(golden.parameters);
    const y = noGrad(() => model.forward(hashedTensor("input", golden.shape ?? [2, 1, 32, 32])));
    expect(await distance(y, golden.outputs)).toBeLessThan(TOLERANCE);
  });
});

test("names and parameters of vgg11_bn, whose 129 million weights are too many to try", () => {
  const model = models.vgg11Bn(small);
  expect(stateOf(model)).toEqual(goldens["vgg11_bn"]!.state);
  expect(count(model)).toBe(goldens["vgg11_bn"]!.parameters);
});

test("the convolutions of vgg16_bn", async () => {
  const { state, features, shape } = goldens["vgg16_bn"]!;
  const model = fill(models.vggFeatures(models.vggPlans.D, { batchNorm: true })).eval();
  expect(stateOf(model).map((line) => `features.${line}`)).toEqual(state.filter((line) => line.startsWith("features")));
  expect(
    await distance(
      noGrad(() => model.forward(hashedTensor("input", shape))),
      features,
    ),
  ).toBeLessThan(TOLERANCE);
});

describe("ResNet-18 in training: each parameter's gradient is torchvision's", () => {
  const TOLERANCE = 1e-3;
  let model: models.ResNet;

  beforeAll(() => {
    model = fill(models.resnet18());
    const y = model.forward(hashedTensor("input", [2, 3, 64, 64]));
    y.mul(hashedTensor("dy", [2, 1000]))
      .sum()
      .backward();
  });

  const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

  test("in norm, and in 16 elements", async () => {
    const wanted = goldens["resnet18"]!.gradients;
    const parameters = Array.from(model.namedParameters());
    expect(parameters.map(([name]) => name)).toEqual(Object.keys(wanted));
    const distances = parameters.map(async ([name, parameter]) => {
      const dw = Array.from(await parameter.grad!.data());
      const { norm: length, samples } = wanted[name]!;
      const found = samples.map((_, i) => dw[Math.floor((i * dw.length) / samples.length)]!);
      const typical = length / Math.sqrt(dw.length); // of an element: some of the samples are almost 0
      const furthest = Math.max(...samples.map((sample, i) => Math.abs(sample - found[i]!)));
      return [name, Math.max(furthest / typical, Math.abs(norm(dw) - length) / length)] as const;
    });
    expect((await Promise.all(distances)).filter(([, distance]) => !(distance < TOLERANCE))).toEqual([]);
  });

  const inFull = async (): Promise<void> => {
    const path = join(mkdtempSync(join(tmpdir(), "tapegrad-")), "gradients.safetensors");
    execFileSync("/usr/bin/python3", ["-B", "scripts/golden_models.py", "--gradients", path]);
    const wanted = await load<Record<string, Tensor>>(path);
    rmSync(dirname(path), { recursive: true });
    const distances: [string, number][] = [];
    for (const [name, parameter] of model.namedParameters()) {
      const difference = parameter.grad!.sub(wanted[name]!).norm().div(wanted[name]!.norm());
      distances.push([name, await difference.item()]);
    }
    const [furthest] = distances.sort(([, a], [, b]) => b - a);
    console.log(`furthest: ${furthest}`);
    expect(distances.filter(([, distance]) => !(distance < TOLERANCE))).toEqual([]);
  };
  if (all) test("in full, against PyTorch on this machine", inFull);
});

test("GPT gives what PyTorch's encoder layers give with a causal mask and the same weights", async () => {
  const [vocabulary, length] = [19, 16];
  const golden = goldens["gpt"]!;
  const model = fill(models.gpt(vocabulary, length, { nLayer: 2, nHead: 2, nEmbd: 32 })).eval();
  const state = stateOf(model);
  expect(state.pop()).toBe("lm_head.weight [19, 32]"); // the embedding's, which is listed once
  expect(state.sort()).toEqual([...golden.state].sort());
  expect(count(model)).toBe(golden.parameters);
  const tokens = arange(2 * length, { dtype: "int32" })
    .mul(7)
    .remainder(vocabulary)
    .reshape([2, length]);
  const logits = noGrad(() => model.forward(tokens));
  expect(await distance(logits.select(1, -1), golden.outputs)).toBeLessThan(TOLERANCE);

  const likeliest = await model.generate(tokens, 2, { topK: 1, temperature: 0.5 }); // beyond the block's length
  expect(likeliest.shape).toEqual([2, 18]);
  expect(await likeliest.narrow(1, 0, 17).toArray()).toEqual(
    await cat([tokens, logits.select(1, -1).argmax(1, { keepdim: true })], 1).toArray(),
  );
  expect(() => model.forward(likeliest)).toThrow("GPT: takes tokens [B, T], T up to 16, got [2, 18]");
});
