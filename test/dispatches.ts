// What work costs in dispatches.

import { currentDevice } from "../src/index.js";

/** Dispatches of some work, and of nothing that was asked for before. */
export async function dispatchesOf(work: () => unknown): Promise<number> {
  const device = currentDevice();
  await device.synchronize();
  const before = device.stats().dispatches;
  await work();
  await device.synchronize();
  return device.stats().dispatches - before;
}
