// The device of a test file: SwiftShader unless TAPEGRAD_ADAPTER says otherwise, poisoned if TAPEGRAD_POISON is set.

import { type Device, init, manualSeed } from "../src/index.js";

export async function openDevice(): Promise<Device> {
  const device = await init({
    poison: process.env["TAPEGRAD_POISON"] === "1",
    immediates: process.env["TAPEGRAD_IMMEDIATES"] !== "0",
  });
  manualSeed(0);
  return device;
}
