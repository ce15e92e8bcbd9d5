// Self-tests of kernels that have no second way: reductions, scatters and float16. A driver that computes these wrong is
// reported, and float16 that does not work is refused like float16 that is not there.

import { setFloat16Support } from "../../core/check.js";
import type { Device } from "../../runtime/device.js";
import { NDArray } from "../array.js";
import { functions } from "../pointwise/common.js";
import { reduce } from "../reduce.js";
import { scatterReduce } from "../scatter.js";
import { knowledgeOf } from "./choice.js";
import { remember } from "./memory.js";

interface Basic {
  readonly name: "reductions" | "scatters" | "float16";
  readonly run: (device: Device) => NDArray;
  readonly expected: readonly number[];
}

const COUNT = 1000;

const BASICS: readonly Basic[] = [
  {
    name: "reductions",
    run: (device) => reduce("sum", ascending(device), [0, 1], { shape: [] }),
    expected: [(COUNT * (COUNT - 1)) / 2], // 499500: exact in float32
  },
  {
    name: "scatters",
    run: (device) => {
      const index = Int32Array.from({ length: COUNT }, (_, i) => i % 4);
      const places = NDArray.fromHost(index, "int32", [COUNT], device);
      return scatterReduce("sum", ascending(device).reshape([COUNT]), places, 4, { op: "self-test", dim: 0 });
    },
    expected: [0, 1, 2, 3].map((i) => 4 * ((250 * 249) / 2) + 250 * i),
  },
  {
    name: "float16",
    run: (device) => {
      const x = NDArray.fromHost(Float32Array.of(1, 0.5, -3, 1024), "float16", [4], device);
      return NDArray.pointwise(functions.add, "float16", [4], [x, x]);
    },
    expected: [2, 1, -6, 2048],
  },
];

/** Runs those tests once per adapter, driver and version. */
export async function testBasics(device: Device): Promise<void> {
  const { passed } = knowledgeOf(device);
  const adapter = device.adapter.description;
  let isNew = false;
  for (const { name, run, expected } of BASICS) {
    if (name === "float16" && !device.gpu.features.has("shader-f16")) continue;
    let isRight = passed.get(`basics/${name}`);
    if (isRight === undefined) {
      isRight = await isCorrect(device, run, expected);
      passed.set(`basics/${name}`, isRight);
      isNew = true;
    }
    if (isRight) continue;
    if (name === "float16") setFloat16Support(`${adapter}; its driver computes float16 wrong`);
    else console.warn(`tapegrad: the driver of ${adapter} computes ${name} wrong; update it before you trust results`);
  }
  if (isNew) await remember(device);
}

async function isCorrect(
  device: Device,
  run: (device: Device) => NDArray,
  expected: readonly number[],
): Promise<boolean> {
  try {
    const result = run(device);
    result.realize();
    const got = await device.read(result.block, result.startByte, expected.length, result.dtype);
    result.release();
    return expected.every((value, i) => got[i] === value);
  } catch (error) {
    if (device.isLost) throw error;
    return false; // a kernel that does not compile here
  }
}

/** 0, 1, 2, ... as a matrix. */
function ascending(device: Device): NDArray {
  const data = Float32Array.from({ length: COUNT }, (_, i) => i);
  return NDArray.fromHost(data, "float32", [8, COUNT / 8], device);
}
