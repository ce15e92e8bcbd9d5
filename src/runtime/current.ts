// The current device, where new tensors live. There is one at a time.

import { platform } from "#platform";
import { setFloat16Support } from "../core/check.js";
import { DeviceError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { acquireDevice, type InitOptions, isCalled } from "./acquire.js";
import { Device } from "./device.js";

let current: Device | undefined;
/** The call that is opening a device just now. */
let opening: Promise<Device> | undefined;

/**
 * Finds an adapter and opens a device on it, which becomes the one new tensors live on. Called again, also at the same
 * time, it returns the same device while that is alive, and opens a new one after it was lost or destroyed.
 *
 * @throws DeviceError when there is no adapter (the message says how to get one), or when a device is open on another
 *   adapter than the one asked for
 */
export async function init(given?: InitOptions): Promise<Device> {
  const options = checkOptions("init", given, ["adapter", "poison", "immediates"]);
  while (opening !== undefined) await opening.catch(() => undefined); // its caller is told; this one may fare better
  if (current === undefined || current.isLost) {
    opening = open(options).finally(() => {
      opening = undefined;
    });
    return opening;
  }
  const { adapter } = current;
  if (options.adapter === undefined || isCalled(adapter, options.adapter)) return current;
  throw new DeviceError(
    "init",
    `the adapter "${options.adapter}" was asked for, and a device is open on ${adapter.description}; ` +
      "currentDevice().destroy() makes room, and ends the tensors that live there",
  );
}

async function open(options: InitOptions): Promise<Device> {
  const { entry, gpu, adapter } = await acquireDevice(platform, options);
  setFloat16Support(gpu.features.has("shader-f16") ? undefined : adapter.description);
  current = new Device(entry, gpu, adapter, options);
  return current;
}

/** The device new tensors live on. */
export function currentDevice(): Device {
  if (current === undefined) throw new DeviceError("init", "no device is open yet; call `await init()` first");
  return current;
}
