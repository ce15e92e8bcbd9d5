// A Chromium with WebGPU on SwiftShader: CHROMIUM_PATH, the system's, or the one packed in @sparticuz/chromium.

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { parseTar } from "nanotar";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "../../src/runtime/platform/vulkan-driver.js";

const FLAGS = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader", // also where there is a GPU
  "--no-proxy-server",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", // whatever it wants from the network, it cannot have it
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-pings",
];

interface Installation {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts Chromium without a sandbox, which does not work as root or in most containers: it gets pages of ours only. */
export async function launchChromium(): Promise<Browser> {
  const { executable, environment } = findChromium() ?? unpackChromium();
  // Node's Dawn may have left its own driver here; the browser brings one.
  const { VK_DRIVER_FILES: _, ...inherited } = process.env;
  return chromium.launch({
    executablePath: executable,
    args: FLAGS,
    chromiumSandbox: false,
    env: { ...inherited, ...environment },
    timeout: 60_000, // ms
  });
}

function findChromium(): Installation | undefined {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen) return { executable: chosen, environment: {} };
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin"];
  const executable = folders.map((folder) => join(folder, "chromium")).find(isExecutable);
  return executable === undefined ? undefined : { executable, environment: {} };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Unpacks @sparticuz/chromium, once per version: a headless Chromium for Linux on x64, with SwiftShader, which must lie
 * beside it, and the fonts and libraries that a bare system lacks.
 */
function unpackChromium(): Installation {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("no Chromium on the PATH; CHROMIUM_PATH names one");
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const packageFolder = entry.slice(0, entry.lastIndexOf("build"));
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const target = join(cacheFolder(packageFolder), `tapegrad-chromium-${version}`);
  const installation = {
    executable: join(target, "chromium"),
    environment: { LD_LIBRARY_PATH: join(target, "lib"), FONTCONFIG_PATH: target },
  };
  if (existsSync(installation.executable)) return installation;

  const unpacked = (archive: string): Buffer => brotliDecompressSync(readFileSync(join(packageFolder, "bin", archive)));
  const staging = mkdtempSync(`${target}-`);
  for (const archive of ["swiftshader.tar.br", "al2023.tar.br", "fonts.tar.br"]) {
    for (const { name, data } of parseTar(unpacked(archive))) {
      if (data === undefined || name.endsWith("/")) continue;
      mkdirSync(dirname(join(staging, name)), { recursive: true });
      writeFileSync(join(staging, name), data);
    }
  }
  writeFileSync(join(staging, "chromium"), unpacked("chromium.br"), { mode: 0o755 });
  try {
    renameSync(staging, target); // atomic: two processes may unpack at once, and one of them wins
  } catch (error) {
    rmSync(staging, { recursive: true });
    if (!existsSync(installation.executable)) throw error;
  }
  return installation;
}
