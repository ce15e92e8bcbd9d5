// Opens the peers in Node on Dawn. They look for WebGPU where browsers have it.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { create, globals } from "webgpu";
import { findDriver, useDriver } from "../../src/runtime/platform/vulkan-driver.js";
import type { Jax } from "./jax-types.js";
import type { Tfjs } from "./tfjs-types.js";

/** Where the peers are installed; a bundle of this file lies elsewhere and is told. */
export const peersFolder = process.env["BENCH_PEERS"] ?? fileURLToPath(new URL("node_modules/", import.meta.url));
export const tfjsBundle = `${peersFolder}.cache/tfjs.cjs`;

export async function openTfjs(): Promise<Tfjs> {
  await provideWebGpu();
  const tf = (await importPeer(tfjsBundle)) as Tfjs;
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  await tf.setBackend("webgpu");
  await tf.ready();
  return tf;
}

export async function openJaxJs(): Promise<{ jax: Jax; version: string }> {
  await provideWebGpu();
  provideIteratorMethods();
  const jax = (await importPeer(`${peersFolder}@jax-js/jax/dist/index.js`)) as Jax;
  await jax.init("webgpu");
  jax.defaultDevice("webgpu");
  return { jax, version: versionOf("@jax-js/jax") };
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(`${peersFolder}${name}/package.json`, "utf8")) as { version: string }).version;
}

/** The peers' types are declared here, so the project checks without them: the one place where they are believed. */
async function importPeer(path: string): Promise<unknown> {
  const module = (await import(path)) as { default?: unknown };
  return path.endsWith(".cjs") ? (module.default ?? module) : module;
}

/** On the adapter that TAPEGRAD_ADAPTER names, as tapegrad does. */
async function provideWebGpu(): Promise<void> {
  Object.assign(globalThis, globals);
  const name = process.env["TAPEGRAD_ADAPTER"] || undefined;
  const driver = name === undefined ? undefined : await findDriver(name);
  if (driver !== undefined) useDriver(driver);
  const gpu = create(name === undefined || driver !== undefined ? [] : [`adapter=${name}`]);
  // jax-js reads the user agent. Newer Nodes have a navigator of their own.
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "Node" }, configurable: true });
}

/** The methods of iterators that jax-js uses and Node has from version 22 on. */
function provideIteratorMethods(): void {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;
  const methods = {
    *map(this: Iterable<unknown>, change: (value: unknown, index: number) => unknown) {
      let index = 0;
      for (const value of this) yield change(value, index++);
    },
    *filter(this: Iterable<unknown>, accepts: (value: unknown, index: number) => boolean) {
      let index = 0;
      for (const value of this) if (accepts(value, index++)) yield value;
    },
  };
  for (const [name, value] of Object.entries(methods))
    if (!(name in prototype)) Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}
