// Workers in Chromium: a dataset's module that Vite bundles, one that the worker imports by its URL, and one that dies.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildPage } from "../../scripts/bundle.mjs";
import { launchChromium } from "./chromium.js";
import { serve } from "./serve.js";
import type { Findings } from "./workers/page.js";

const PLAIN = `export default class {
  constructor(length) { this.length = length; }
  getItem(index) {
    if (index === 3) close();
    return [Float32Array.of(index), index];
  }
}`;

test("give the batches of the main thread; one that ends is an error", async () => {
  const files: Record<string, string> = { "/plain.js": PLAIN };
  for (const part of await buildPage(fileURLToPath(new URL("workers/index.html", import.meta.url)))) {
    files[`/${part.fileName}`] = String(part.type === "chunk" ? part.code : part.source);
  }
  const server = await serve(files);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
    await page.goto(`${server.origin}/test/browser/workers/index.html`);
    const { here, bundled, byUrl, death } = await page.evaluate<Findings>("globalThis.findings");
    expect(problems).toEqual([]);
    expect((here as unknown[]).length).toBe(3);
    expect(bundled).toEqual(here);
    expect((byUrl as unknown[]).flat(2)).toHaveLength(4);
    expect(death).toMatch(
      /^DataLoader: worker 0 of 1 died before it delivered batch \d \(indices \d, \d\): it ended by itself$/,
    );
  } finally {
    await browser.close();
    server.close();
  }
});
