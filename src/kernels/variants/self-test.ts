// Self-tests. Some drivers compute wrong with subgroups, workgroup memory or float16, so a variant that relies on these
// is used only once it has computed its family's checks right on this adapter. `init()` waits for that, because a variant
// that became available later would change the last bits of results from one run to the next. It takes a few kernels'
// compilation, once per adapter, driver and version (memory.ts), and nothing on adapters that are proven (adapters.ts).

import type { Device } from "../../runtime/device.js";
import { isProven } from "./adapters.js";
import { forgetChoices, imposing, knowledgeOf } from "./choice.js";
import { recall, remember } from "./memory.js";
import { allFamilies, type Check, canRun, type Family, isAtRisk, type Variant } from "./variant.js";

const prepared = new WeakMap<Device, Promise<void>>();

/** Recalls what is known about this adapter and tests what is not. */
export function prepareVariants(device: Device): Promise<void> {
  let preparation = prepared.get(device);
  if (preparation === undefined) {
    preparation = recall(device).then(() => (isProven(device.adapter) ? undefined : testUnknown(device)));
    prepared.set(device, preparation);
  }
  return preparation;
}

async function testUnknown(device: Device): Promise<void> {
  let isNew = false;
  for (const family of allFamilies()) {
    for (const variant of family.variants) {
      if (!canRun(variant, device) || !isAtRisk(variant)) continue;
      if (knowledgeOf(device).passed.has(`${family.name}/${variant.name}`)) continue;
      await testVariant(device, family, variant);
      isNew = true;
    }
  }
  if (isNew) await remember(device);
}

/** Runs a family's checks with one variant, notes whether all results are right, and says so. */
export async function testVariant(
  device: Device,
  family: Family<unknown>,
  variant: Variant<unknown>,
): Promise<boolean> {
  let isRight = true;
  try {
    for (const check of family.checks(device)) {
      if (variant.serves?.(check.shapeClass) === false) continue;
      isRight &&= await isCorrect(device, family, variant, check);
    }
  } catch {
    if (device.isLost) return false;
    isRight = false; // a kernel that does not compile here
  }
  knowledgeOf(device).passed.set(`${family.name}/${variant.name}`, isRight);
  forgetChoices(device);
  return isRight;
}

async function isCorrect(
  device: Device,
  { name }: Family<unknown>,
  variant: Variant<unknown>,
  { run, expected }: Check,
): Promise<boolean> {
  const result = imposing(device, name, variant, () => {
    const array = run();
    array.realize();
    return array;
  });
  const got = await device.read(result.block, result.startByte, expected.length, result.dtype);
  result.release();
  return got.every((value, i) => value === expected[i]);
}
