// A device with its kernels ready: what `init()` and `tune()` are to users.

import type { InitOptions } from "../runtime/acquire.js";
import { currentDevice, init as open } from "../runtime/current.js";
import type { Device } from "../runtime/device.js";
import { prepareVariants } from "./variants/self-test.js";
import { type TuneOptions, type TuneResult, tuneVariants } from "./variants/tune.js";

/**
 * Finds an adapter and opens a device on it, which becomes the one new tensors live on. Called again, also at the same
 * time, it returns the same device while that is alive, and opens a new one after it was lost or destroyed.
 *
 * @throws DeviceError when there is no adapter (the message says how to get one), or when a device is open on another
 *   adapter than the one asked for
 */
export async function init(options: InitOptions = {}): Promise<Device> {
  const device = await open(options);
  await prepareVariants(device);
  return device;
}

/**
 * Measures, on this adapter, the ways in which kernels can be computed, and uses the fastest for each class of shapes from
 * now on, also in later runs: the choice is kept in the user's cache folder (TAPEGRAD_CACHE names another) or the
 * browser's storage, for this adapter, its driver and this version. Results change in their last bits at most.
 *
 * Takes seconds to a minute. Adapters that tapegrad knows do not need it.
 */
export async function tune(options: TuneOptions = {}): Promise<TuneResult[]> {
  return tuneVariants(currentDevice(), options);
}
