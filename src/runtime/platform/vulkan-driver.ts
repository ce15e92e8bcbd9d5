// Vulkan drivers by name on Linux, among them SwiftShader from npm, which needs neither root nor a Vulkan loader.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { constants, homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { parseTar } from "nanotar"; // the smallest maintained, typed tar reader; bundled into dist

/** A driver's ICD json, and a Vulkan loader to use when the system has none. */
interface VulkanDriver {
  readonly json: string;
  readonly loader?: string;
}

const DRIVER_FOLDERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

/** The driver for "swiftshader", "lavapipe" or the path of an ICD json; undefined when the name is an adapter's. */
export async function findDriver(name: string): Promise<VulkanDriver | undefined> {
  if (name.endsWith(".json") && existsSync(name)) return { json: resolve(name) };
  if (name === "swiftshader") return installSwiftShader();
  if (name !== "lavapipe") return undefined;
  for (const folder of DRIVER_FOLDERS) {
    if (!existsSync(folder)) continue;
    const file = readdirSync(folder).find((entry) => entry.startsWith("lvp_icd"));
    if (file !== undefined) return { json: join(folder, file), loader: (await installSwiftShader())?.loader };
  }
  return undefined;
}

/** Points Dawn's next Vulkan instance at this driver alone. */
export function useDriver(driver: VulkanDriver): void {
  process.env["VK_DRIVER_FILES"] = driver.json;
  if (driver.loader !== undefined && !hasVulkanLoader()) loadLibrary(driver.loader);
}

/** Whether the dynamic linker finds a Vulkan loader, the library Dawn opens by its bare name. */
export function hasVulkanLoader(): boolean {
  return loadLibrary("libvulkan.so.1");
}

/**
 * Loads a shared library into this process and keeps it. Node opens it as if it were an addon, finds that it is none
 * and throws; with NODELETE the library stays, and a later open by its bare name gets it without LD_LIBRARY_PATH.
 */
function loadLibrary(path: string): boolean {
  const NODELETE = 0x1000; // dlfcn.h
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | NODELETE);
  } catch (error) {
    return error instanceof Error && error.message.includes("did not self-register");
  }
  return true;
}

/**
 * Unpacks SwiftShader from the npm package @sparticuz/chromium, once per version, into the project's own
 * node_modules/.cache (or the user's cache folder). Undefined where the package is not installed.
 */
export async function installSwiftShader(): Promise<VulkanDriver | undefined> {
  const archive = swiftShaderArchive();
  if (archive === undefined) return undefined;
  const target = join(cacheFolder(archive.packageFolder), `tapegrad-swiftshader-${archive.version}`);
  const driver = { json: join(target, "vk_swiftshader_icd.json"), loader: join(target, "libvulkan.so.1") };
  if (existsSync(driver.json)) return driver;

  const staging = mkdtempSync(`${target}-`);
  for (const file of parseTar(brotliDecompressSync(readFileSync(archive.path)))) {
    if (file.data !== undefined && /^(\.\/)?[\w.]+$/.test(file.name))
      writeFileSync(join(staging, file.name), file.data);
  }
  try {
    renameSync(staging, target); // atomic: two processes may unpack at once, and one of them wins
  } catch (error) {
    rmSync(staging, { recursive: true });
    if (!existsSync(driver.json)) throw error;
  }
  return driver;
}

function swiftShaderArchive(): { path: string; packageFolder: string; version: string } | undefined {
  for (const from of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      const entry = createRequire(from).resolve("@sparticuz/chromium");
      const packageFolder = entry.slice(0, entry.lastIndexOf("build"));
      const path = join(packageFolder, "bin", "swiftshader.tar.br");
      const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
      if (existsSync(path)) return { path, packageFolder, version };
    } catch {
      // not installed where this resolves from; try the next place
    }
  }
  return undefined;
}

/** Where to keep what is unpacked from an npm package: node_modules/.cache, or the user's own if that is read-only. */
export function cacheFolder(packageFolder: string): string {
  const nearPackage = join(dirname(dirname(packageFolder)), ".cache"); // .../node_modules/.cache
  try {
    mkdirSync(nearPackage, { recursive: true });
    rmSync(mkdtempSync(join(nearPackage, "probe-")), { recursive: true });
    return nearPackage;
  } catch {
    const personal = join(homedir(), ".cache");
    mkdirSync(personal, { recursive: true });
    return personal;
  }
}
