// Products on matrix units. Dawn's null backend takes their kernels, and computes nothing: so they compile in every form,
// and an adapter that offers such units and computes wrong never gets them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { create, globals } from "webgpu";
import { platform } from "#platform";
import type { Device } from "../../src/index.js";
import { NDArray } from "../../src/kernels/array.js";
import type { Constants } from "../../src/kernels/matmul/variants.js";
import { matmul } from "../../src/kernels/matmul.js";
import { chooseVariant, forgetChoices, imposing, knowledgeOf } from "../../src/kernels/variants/choice.js";
import { allFamilies, canRun, type Family, type Variant } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";

const family = allFamilies().find(({ name }) => name === "matmul") as Family<Constants>;
const ofMatrices = family.variants.filter(({ needs }) => needs.subgroupMatrix !== undefined);
const cache = mkdtempSync(join(tmpdir(), "tapegrad-variants-"));
let device: Device;

/** A device that calls itself NVIDIA's, with the matrix units of all variants, and returns what its memory holds. */
beforeAll(async () => {
  process.env["TAPEGRAD_CACHE"] = cache;
  Object.assign(globalThis, globals);
  const gpu = create(["enable-dawn-features=allow_unsafe_apis", "backend=null"]);
  const adapter = (await gpu.requestAdapter())!;
  const subgroupMatrixConfigs = ofMatrices.map(({ needs: { subgroupMatrix } }) => {
    const { component, result, ...sizes } = subgroupMatrix!;
    return { componentType: component, resultComponentType: result, ...sizes };
  });
  const names = { vendor: "nvidia", architecture: "", device: "", description: "" };
  const info = { ...names, subgroupMinSize: 32, subgroupMaxSize: 32, subgroupMatrixConfigs };
  const requestDevice = adapter.requestDevice.bind(adapter);
  const { limits, features } = adapter;
  const found = { gpu, adapter: { info, limits, features, requestDevice } as unknown as GPUAdapter, name: "null" };
  const [find, warn] = [vi.spyOn(platform, "findAdapter"), vi.spyOn(console, "warn")];
  find.mockResolvedValue(found);
  warn.mockImplementation(() => undefined); // it computes reductions wrong, too
  device = await openDevice();
  find.mockRestore();
  warn.mockRestore();
});
afterAll(() => {
  device.destroy();
  rmSync(cache, { recursive: true });
});

const chosen = (shapeClass: string): string => chooseVariant(device, family, shapeClass).name;

test("they are tried on adapters that have what they multiply, chosen only if right, and add up in float32", () => {
  const { passed } = knowledgeOf(device);
  const largest = ofMatrices.map(({ name }) => name).filter((name) => name.endsWith("64 x 64"));
  for (const name of largest) expect(passed.get(`matmul/${name}`), name).toBe(false);
  expect([chosen("large"), chosen("large, float16")]).toEqual(["registers", "registers"]);
  for (const name of largest) passed.set(`matmul/${name}`, true);
  forgetChoices(device);
  expect(chosen("large")).toMatch("matrices of f32");
  expect(chosen("large, float16")).toMatch("matrices of f16, 16 x 16 x 16, 64 x 64");
  expect(chosen("small, float16")).toBe("registers");
  expect(ofMatrices.map(({ needs }) => needs.subgroupMatrix!.result)).toEqual(ofMatrices.map(() => "f32"));

  const without = { gpu: device.gpu, limits: device.limits, adapter: { ...device.adapter, subgroupMatrices: [] } };
  for (const variant of ofMatrices) {
    expect([canRun(variant, device), canRun(variant, without as unknown as Device)]).toEqual([true, false]);
  }
});

test.each(ofMatrices.map((variant) => [variant.name, variant] as const))(
  "%s compiles in all layouts",
  async (_, variant) => {
    const dtype = variant.needs.subgroupMatrix!.component === "f16" ? "float16" : "float32";
    const matrix = (rows: number, columns: number, isTurned: boolean): NDArray => {
      const shape = isTurned ? [columns, rows] : [rows, columns];
      const array = NDArray.fromHost(new Float32Array(rows * columns), dtype, shape, device);
      return isTurned ? array.view((layout) => ({ ...layout, shape: [rows, columns], strides: [1, rows] })) : array;
    };
    for (const size of [36, 37]) {
      for (const [a, b] of [0, 1, 2, 3].map(
        (i) => [matrix(size, size, i > 1), matrix(size, size, i % 2 === 1)] as const,
      )) {
        imposing(device, "matmul", variant as Variant<unknown>, () => matmul(a, b).realize());
      }
    }
    await expect(device.breathe()).resolves.toBeUndefined(); // it waits for the compiler, which names what does not compile
  },
);
