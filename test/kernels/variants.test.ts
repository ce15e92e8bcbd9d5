// The choice between variants: what may be chosen, what is measured and remembered, and that wrong ones are never used.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { platform } from "#platform";
import packageJson from "../../package.json";
import { VERSION } from "../../src/core/version.js";
import { currentDevice, type Device, tune } from "../../src/index.js";
import { NDArray } from "../../src/kernels/array.js";
import { storing } from "../../src/kernels/pointwise/launch.js";
import { chooseVariant, knowledgeOf } from "../../src/kernels/variants/choice.js";
import { recall } from "../../src/kernels/variants/memory.js";
import { defineFamily, type Variant } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";

/** A family that doubles numbers, with variants that must not be used, preferred above all others. */
interface Doubling {
  readonly wgsl: string;
  /** Times that it computes the result. */
  readonly repeats: number;
}
const variants: Variant<Doubling>[] = [
  { name: "broken", needs: { workgroupBytes: 16 }, constants: { wgsl: "acc + 2.5", repeats: 1 } },
  { name: "not WGSL", needs: { workgroupBytes: 16 }, constants: { wgsl: "acc +", repeats: 1 } },
  { name: "too large", needs: { workgroupBytes: 2 ** 30 }, constants: { wgsl: "2 * acc", repeats: 1 } },
  { name: "of subgroups of 3", needs: { subgroupSize: 3 }, constants: { wgsl: "2 * acc", repeats: 1 } },
  { name: "for others", needs: {}, constants: { wgsl: "2 * acc", repeats: 1 }, serves: (name) => name === "another" },
  { name: "slow", needs: { workgroupBytes: 16 }, constants: { wgsl: "acc + acc", repeats: 40 } },
  { name: "fallback", needs: {}, constants: { wgsl: "2 * acc", repeats: 1 } },
];
const family = defineFamily<Doubling>({
  name: "doubling",
  shapeClasses: () => ["any"],
  variants,
  preferred: () => variants.map(({ name }) => name),
  typical: (device) => [{ shapeClass: "any", run: doubled(device) }],
  checks: (device) => [{ shapeClass: "any", run: doubled(device), expected: [2, 4, 6] }],
});

function doubled(device: Device): () => NDArray {
  const x = NDArray.fromHost(new Float32Array([1, 2, 3]), "float32", [3], device);
  return () => {
    const y = NDArray.empty("float32", [3], device);
    const { wgsl, repeats } = chooseVariant(device, family, "any").constants;
    const store = storing(y);
    const kernel = device.kernel(`doubling ${wgsl}`, () => ({
      name: "doubling",
      variant: wgsl,
      buffers: [{ name: "x", access: "read", type: "array<f32>" }, ...store.buffers],
      params: store.params,
      code: `${store.epilogue("f32")}
        @compute @workgroup_size(1) fn main(@builtin(workgroup_id) at: vec3u) {
          let acc = x[at.x];
          epilogue(at.x, ${wgsl});
        }`,
    }));
    for (let i = 0; i < repeats; i++) device.launch(kernel, store.values, [x.block, ...store.blocks], 3);
    return y;
  };
}

const cache = mkdtempSync(join(tmpdir(), "tapegrad-variants-"));
const remembered = (): string => join(cache, readdirSync(cache)[0]!);

/** A new device on an adapter nobody knows. */
async function openUnknown(): Promise<Device> {
  const find = platform.findAdapter.bind(platform);
  const spy = vi.spyOn(platform, "findAdapter").mockImplementation(async (name) => {
    const { adapter, ...found } = await find(name);
    const { limits, features } = adapter;
    const { subgroupMinSize, subgroupMaxSize } = adapter.info;
    const info = { vendor: "nobody", architecture: "", device: "", description: "", subgroupMinSize, subgroupMaxSize };
    const requestDevice = adapter.requestDevice.bind(adapter);
    return { ...found, adapter: { info, limits, features, requestDevice } as unknown as GPUAdapter };
  });
  const device = await openDevice();
  spy.mockRestore();
  return device;
}

beforeAll(() => {
  process.env["TAPEGRAD_CACHE"] = cache;
});
afterEach(() => currentDevice().destroy());
afterAll(() => rmSync(cache, { recursive: true }));

test("variants that fail their self-test when a device is opened are never chosen", async () => {
  const device = await openUnknown();
  expect(chooseVariant(device, family, "any").name).toBe("slow");
  const kept = JSON.parse(readFileSync(remembered(), "utf8"));
  expect(kept).toMatchObject({
    version: VERSION,
    passed: {
      "doubling/broken": false,
      "doubling/not WGSL": false,
      "doubling/slow": true,
      "basics/reductions": true,
      "basics/scatters": true,
    },
  });
});

test("self-tests are not repeated on the same adapter", async () => {
  const text = readFileSync(remembered(), "utf8");
  const kept = JSON.parse(text);
  kept.passed["doubling/slow"] = false;
  writeFileSync(remembered(), JSON.stringify(kept));
  expect(chooseVariant(await openUnknown(), family, "any").name).toBe("fallback");
  writeFileSync(remembered(), text);
});

test("what was remembered is ignored if it is no JSON, no object, or of another version or adapter", async () => {
  const device = await openUnknown();
  const { passed } = knowledgeOf(device);
  const text = readFileSync(remembered(), "utf8");
  const others = ["{", "null", text.replace(`"${VERSION}"`, '"0.0.0"'), text.replace("nobody", "somebody")];
  for (const [other, known] of [...others.map((other) => [other, 0] as const), [text, passed.size] as const]) {
    passed.clear();
    writeFileSync(remembered(), other);
    await recall(device);
    expect(passed.size).toBe(known);
  }
});

test("tune finds the fastest variant, and the next device starts with it", async () => {
  const device = await openUnknown();
  const [result] = await tune({ families: ["doubling"], rounds: 3 });
  expect(Object.keys(result!.times)).toEqual(["slow", "fallback"]);
  expect(result).toMatchObject({ family: "doubling", shapeClass: "any", fastest: "fallback" });
  expect(chooseVariant(device, family, "any").name).toBe("fallback");
  device.destroy();
  expect(chooseVariant(await openUnknown(), family, "any").name).toBe("fallback");
});

test("a measured variant that has failed its self-test since is not chosen", async () => {
  const kept = JSON.parse(readFileSync(remembered(), "utf8"));
  kept.fastest["doubling/any"] = "broken";
  writeFileSync(remembered(), JSON.stringify(kept));
  expect(chooseVariant(await openUnknown(), family, "any").name).toBe("slow");
});

test("a driver that computes what has no second way wrong is reported", async () => {
  const kept = JSON.parse(readFileSync(remembered(), "utf8"));
  kept.passed["basics/reductions"] = false;
  writeFileSync(remembered(), JSON.stringify(kept));
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await openUnknown();
  expect(warn.mock.calls.flat().join()).toMatch(/the driver of .* computes reductions wrong/);
  warn.mockRestore();
});

test("where nothing can be kept, self-tests run at every start", async () => {
  const keep = vi.spyOn(platform, "remember").mockRejectedValue(new Error("read-only"));
  const recall = vi.spyOn(platform, "recall").mockRejectedValue(new Error("no storage"));
  expect(chooseVariant(await openUnknown(), family, "any").name).toBe("slow");
  expect(keep).toHaveBeenCalled();
  keep.mockRestore();
  recall.mockRestore();
});

test("the version is that of the package", async () => {
  await openDevice();
  expect(VERSION).toBe(packageJson.version);
});
