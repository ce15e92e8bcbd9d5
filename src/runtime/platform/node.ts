// Node: WebGPU through Dawn's bindings (the `webgpu` package), with SwiftShader as the adapter of last resort.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import { DeviceError, FileFormatError, TapegradError } from "../../core/errors.js";
import type { Platform } from "./platform.js";
import { nextTask, rest, restUntil } from "./resting.js";
import { findDriver, hasVulkanLoader, installSwiftShader, useDriver } from "./vulkan-driver.js";

export const platform: Platform = {
  async findAdapter(name = process.env["TAPEGRAD_ADAPTER"] || undefined) {
    const driver = name === undefined ? undefined : await findDriver(name);
    if (driver !== undefined) useDriver(driver);
    // Without a Vulkan loader Dawn cannot find anything on Linux, and says so on stderr by itself: do not ask it.
    const hopeless = process.platform === "linux" && driver === undefined && !hasVulkanLoader();
    const found = hopeless ? undefined : await openDawn(driver === undefined ? name : undefined);
    if (found !== undefined) return { ...found, name };
    if (name !== undefined) throw noAdapter(`no adapter called "${name}"`);

    const swiftshader = await installSwiftShader();
    if (swiftshader === undefined) throw noAdapter("no WebGPU adapter on this machine");
    console.warn(
      "tapegrad: no GPU adapter found; using SwiftShader, a software adapter from npm (@sparticuz/chromium)",
    );
    useDriver(swiftshader);
    const software = await openDawn(undefined);
    if (software === undefined) throw noAdapter("no WebGPU adapter on this machine, and SwiftShader does not start");
    return { ...software, name: "swiftshader" };
  },

  collectGarbage() {
    garbageCollector ??= exposeGarbageCollector();
    garbageCollector();
  },

  nextTask,

  rest,

  restUntil,

  async readFile(path) {
    const { readFile } = await import("node:fs/promises");
    return readFile(path).catch(undefinedIfMissing);
  },

  readFileNow(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      return undefinedIfMissing(error);
    }
  },

  async openFile(path) {
    const { open } = await import("node:fs/promises");
    if (await isFolder(path)) throw new FileFormatError(path, "is a folder, not a file");
    const file = await open(path).catch(undefinedIfMissing);
    if (file === undefined) return undefined;
    const { size } = await file.stat();
    const read = async (offset: number, length: number) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(
          bytes,
          filled,
          Math.min(bytes.length - filled, MAX_READ),
          offset + filled,
        );
        if (bytesRead === 0) break; // somebody has truncated it meanwhile
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    };
    return { size, read, close: () => file.close() };
  },

  async writeFileAtomic(path, parts) {
    const { mkdir, open, rename, rm } = await import("node:fs/promises");
    if (await isFolder(path)) throw new TapegradError(path, "is a folder, where no file can be written");
    await mkdir(dirname(path), { recursive: true });
    const staging = `${path}.${process.pid}-${stagings++}.tmp`; // in the same folder: rename is atomic within a disk
    try {
      const file = await open(staging, "w");
      try {
        for await (const part of parts) await file.writeFile(part); // goes on where the last one ended
        await file.sync(); // a rename may reach the disk before what was written
      } finally {
        await file.close();
      }
      await rename(staging, path);
    } catch (error) {
      await rm(staging, { force: true });
      throw error;
    }
    if (process.platform !== "win32") await syncFolder(dirname(path)); // Windows opens no folders
  },

  async openPart(path, goesOn) {
    const { openPart } = await import("./part-file.js");
    return openPart(path, goesOn);
  },

  async listFiles(folder) {
    const { listFiles } = await import("./list-files.js");
    return listFiles(folder);
  },

  async decodePicture(path) {
    const { decodePicture } = await import("./picture.js");
    return decodePicture(path);
  },

  async remember(name, text) {
    await platform.writeFileAtomic(join(personalCache(), name), [new TextEncoder().encode(text)]);
  },

  async recall(name) {
    const bytes = platform.readFileNow(join(personalCache(), name));
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  },

  gunzipNow(bytes, limit) {
    try {
      return gunzipSync(bytes, { maxOutputLength: limit });
    } catch (error) {
      if (codeOf(error) === "ERR_BUFFER_TOO_LARGE") return undefined;
      throw error;
    }
  },
};

const MAX_READ = 2 ** 30; // bytes; one system call takes less than 2^31
let stagings = 0;

async function isFolder(path: string): Promise<boolean> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(path).catch(() => undefined); // whoever opens it says what is wrong
  return found?.isDirectory() ?? false;
}

/** Flushes a folder's list of names to the disk, a rename in it included. */
async function syncFolder(path: string): Promise<void> {
  const { open } = await import("node:fs/promises");
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}

/** tapegrad's folder in the user's cache, as the operating system would have it. */
function personalCache(): string {
  const { TAPEGRAD_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (TAPEGRAD_CACHE) return TAPEGRAD_CACHE;
  const fallback = process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
  return join((process.platform === "win32" ? LOCALAPPDATA : XDG_CACHE_HOME) || fallback, "tapegrad");
}

function undefinedIfMissing(error: unknown): undefined {
  if (!["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

let garbageCollector: (() => void) | undefined;

function exposeGarbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** @param name - part of an adapter's name, as Dawn matches it */
async function openDawn(name: string | undefined): Promise<{ gpu: GPU; adapter: GPUAdapter } | undefined> {
  const { create, globals } = await import("webgpu");
  for (const [key, value] of Object.entries(globals))
    if (!(key in globalThis)) Object.assign(globalThis, { [key]: value });
  try {
    // Dawn counts what is experimental as unsafe, as it would be in a browser: here subgroup matrices. Kernels write to
    // workgroup memory before they read it; zeros in it beforehand are what SwiftShader compiles for up to 0.7 s.
    const flags = ["enable-dawn-features=allow_unsafe_apis,disable_workgroup_init"];
    const gpu = create(name === undefined ? flags : [...flags, `adapter=${name}`]);
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    return adapter === null ? undefined : { gpu, adapter };
  } catch {
    return undefined; // Dawn throws where it knows no adapter of that name
  }
}

function noAdapter(problem: string): DeviceError {
  return new DeviceError(
    "init",
    `${problem}. Install a Vulkan driver, or \`npm install --save-dev @sparticuz/chromium@147.0.0\` for SwiftShader ` +
      'in software; TAPEGRAD_ADAPTER chooses one ("swiftshader", "lavapipe", a name, or the path of a driver\'s .json)',
  );
}
