// Browsers: WebGPU is built in; the garbage collector can only be provoked.

import { DeviceError } from "../../core/errors.js";
import type { Platform } from "./platform.js";

export const platform: Platform = {
  async findAdapter(name) {
    const gpu = navigator.gpu as GPU | undefined;
    if (gpu === undefined) {
      throw new DeviceError("init", "this browser has no WebGPU here (it needs a secure context: https or localhost)");
    }
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) {
      throw new DeviceError(
        "init",
        "the browser found no WebGPU adapter; a page that lost too many devices must reload",
      );
    }
    if (name !== undefined && !describe(adapter).includes(name.toLowerCase())) {
      throw new DeviceError("init", `the browser offers the adapter "${describe(adapter)}", not "${name}"`);
    }
    return { gpu, adapter };
  },

  collectGarbage() {
    // Engines count array buffers as external memory, and collect when it grows by tens of megabytes.
    for (let i = 0; i < 4; i++) new ArrayBuffer(32 << 20);
  },

  nextTask: () => new Promise((resolve) => setTimeout(resolve)),
};

function describe({ info }: GPUAdapter): string {
  return [info.vendor, info.architecture, info.device, info.description].join(" ").toLowerCase();
}
