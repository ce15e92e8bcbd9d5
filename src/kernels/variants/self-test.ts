// Self-tests. Some drivers compute wrong with subgroups, workgroup memory or float16, so a variant that relies on these
// is used only once it has computed its family's checks right on this adapter. `init()` tests the variants that the device
// would use, and waits for that, because a variant
// that became available later would change the last bits of results from one run to the next. It takes a few kernels'
// compilation, once per adapter, driver and version (memory.ts), and nothing on adapters that are proven (adapters.ts).

import type { Device } from "../../runtime/device.js";
import { isProven } from "./adapters.js";
import { testBasics } from "./basics.js";
import { forgetChoices, imposing, knowledgeOf, ranked } from "./choice.js";
import { recall, remember } from "./memory.js";
import { allFamilies, type Check, canRun, type Family, isAtRisk, type Variant } from "./variant.js";

const prepared = new WeakMap<Device, Promise<void>>();

/** Recalls what is known about this adapter and tests what is not. */
export function prepareVariants(device: Device): Promise<void> {
  let preparation = prepared.get(device);
  if (preparation === undefined) prepared.set(device, (preparation = prepare(device)));
  return preparation;
}

async function prepare(device: Device): Promise<void> {
  await recall(device);
  if (isProven(device.adapter)) return;
  await testUnknown(device);
  await testBasics(device);
}

/** Tests the variants that would be used, and where one fails, the next in the ranking. */
async function testUnknown(device: Device): Promise<void> {
  const { passed } = knowledgeOf(device);
  const known = passed.size;
  for (const family of allFamilies()) {
    const classes = family.shapeClasses?.(device) ?? family.typical(device).map(({ shapeClass }) => shapeClass);
    for (const shapeClass of classes) {
      for (const variant of ranked(device, family, shapeClass)) {
        if (!canRun(variant, device)) continue;
        if (!isAtRisk(variant)) break;
        if (passed.get(`${family.name}/${variant.name}`) ?? (await testVariant(device, family, variant))) break;
      }
    }
  }
  if (passed.size > known) await remember(device);
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
