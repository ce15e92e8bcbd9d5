// Browsers: WebGPU is built in; the garbage collector can only be provoked.

import { DeviceError, FileFormatError, TapegradError } from "../../core/errors.js";
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
    return { gpu, adapter, name };
  },

  collectGarbage() {
    // Engines count array buffers as external memory, and collect when it grows by tens of megabytes.
    for (let i = 0; i < 4; i++) new ArrayBuffer(32 << 20);
  },

  nextTask: () => new Promise((resolve) => setTimeout(resolve)),

  rest: () => false, // the browser's own process waits for the GPU

  async restUntil(isDone) {
    await isDone;
  },

  async readFile(path) {
    const response = await fetch(path);
    // Development servers answer a URL they do not know with the application's page.
    const isPage = response.ok && response.headers.get("content-type")?.startsWith("text/html");
    if (response.status === 404 || isPage) return undefined;
    if (!response.ok) throw new FileFormatError(path, `HTTP ${response.status} ${response.statusText}`.trim());
    return new Uint8Array(await response.arrayBuffer());
  },

  async openFile(path) {
    const bytes = (await platform.readFile(path)) as Uint8Array<ArrayBuffer> | undefined;
    if (bytes === undefined) return undefined;
    const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
    return { size: bytes.length, read, close: async () => {} };
  },

  readFileNow: (path) => {
    throw new TapegradError("readFile", `a browser cannot read ${path} at once: use await data.MNIST.load(...)`);
  },

  writeFileAtomic: async (path) => {
    throw new TapegradError(
      "writeFile",
      `a browser cannot write ${path}: serve the files, and pass their folder's URL`,
    );
  },

  openPart: async (path) => {
    throw new TapegradError("download", `a browser cannot write ${path}: serve the files, and pass their folder's URL`);
  },

  listFiles: async (folder) => {
    throw new TapegradError("listFiles", `a browser cannot list the files of ${folder}`);
  },

  decodePicture: async (path) => {
    throw new TapegradError("decodePicture", `pictures are decoded in Node only, got ${path}`);
  },

  // Workers and pages without an origin have no local storage; the promise is then rejected.
  remember: async (name, text) => localStorage.setItem(name, text),

  recall: async (name) => localStorage.getItem(name) ?? undefined,

  gunzipNow: () => {
    throw new TapegradError("gunzip", "a browser cannot decompress at once: use await data.MNIST.load(...)");
  },
};

function describe({ info }: GPUAdapter): string {
  return [info.vendor, info.architecture, info.device, info.description].join(" ").toLowerCase();
}
