// The package in a browser: what is in its bundle, and whether it trains there as it does in Node.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { bundleForBrowsers, gzipBytesOfPage, modelsForBrowsers } from "../../scripts/bundle.mjs";
import * as tapegrad from "../../src/index.js";
import { launchChromium } from "./chromium.js";
import { serve } from "./serve.js";
import { type Training, train } from "./train.js";

/**
 * Bytes that a page which trains an MLP may take gzipped, bundled by Vite: the engine, Tensor with its methods (PyTorch's
 * tier-1 operators, which no bundler can leave out), and the layers, optimizers and loaders it uses.
 */
const MOST_BYTES_OF_PAGE = 124_000;
/** Bytes that all of tapegrad may take. */
const MOST_BYTES = 255_000;
/**
 * Relative. The kernels and random numbers are the same and so, today, are the losses, to the last bit; but the browser
 * has a SwiftShader of its own, whose next version may round exp and log elsewhere.
 */
const TOLERANCE = 1e-5;

let bundle: Awaited<ReturnType<typeof bundleForBrowsers>>;

beforeAll(async () => {
  bundle = await bundleForBrowsers();
});

test("nothing from Node reaches the bundle", () => {
  const inputs = Object.keys(bundle.metafile.inputs);
  expect(inputs).toContain("src/runtime/platform/browser.ts");
  const packages = inputs.filter((file) => !file.startsWith("src/"));
  expect(packages).toEqual(["node_modules/fflate/esm/browser.js"]); // for .npz
  expect(inputs.filter((file) => /platform\/(?!browser|platform)/.test(file))).toEqual([]);
  expect(Object.values(bundle.metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]); // not even an external one
  // Workers, and loaders without them, import the modules of users' datasets; an error says how to name one.
  const suspects =
    /\brequire\(|\bimport\((?!\w+(\.href)?\))|\bimport\.meta\b(?!\.url\), \.\.\.args)|["']node:|["']webgpu["']|\bprocess\./g;
  expect(bundle.text.match(suspects)).toBeNull();
});

test("the models are a module of their own, which imports the bundle", async () => {
  const { metafile, gzipBytes } = await modelsForBrowsers();
  expect(Object.keys(metafile.inputs).filter((file) => !file.startsWith("src/models/"))).toEqual([]);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  expect(new Set(imports)).toEqual(new Set(["./tapegrad.browser.js"]));
  expect(gzipBytes).toBeLessThan(5_000);
});

test("a page that trains takes less than 124 KB gzipped, everything less than 255 KB", async () => {
  const page = await gzipBytesOfPage(fileURLToPath(new URL("small-page.ts", import.meta.url)));
  console.log(`gzipped: a page that trains ${page} bytes, everything ${bundle.gzipBytes} bytes`);
  expect(page).toBeLessThan(MOST_BYTES_OF_PAGE);
  expect(bundle.gzipBytes).toBeLessThan(MOST_BYTES);
});

test("an MLP loses in Chromium what it loses in Node", async () => {
  const server = await serve({
    "/": readBeside("page.html"),
    "/train.js": (await transform(readBeside("train.ts"), { loader: "ts" })).code,
    "/dist/tapegrad.browser.js": bundle.text,
  });
  const { origin } = server;
  const { training, problems, requests, version } = await visit(origin).finally(() => server.close());
  expect(problems).toEqual([]);
  expect([...requests].sort()).toEqual([`${origin}/`, `${origin}/dist/tapegrad.browser.js`, `${origin}/train.js`]);

  const { losses: wanted, model } = await train(tapegrad);
  expect(training!.model).toBe(model); // class names outlive minification
  const { losses } = training!;
  expect(wanted.at(-1)).toBeLessThan(wanted[0]! / 4); // so that it is training that is compared
  expect(losses).toHaveLength(wanted.length);
  const differences = wanted.map((loss, step) => Math.abs(losses[step]! - loss) / loss);
  const largest = Math.max(...differences);
  console.log(
    `Chromium ${version}: loss from ${wanted[0]!.toFixed(3)} to ${wanted.at(-1)!.toFixed(3)}, ` +
      `relatively ${largest.toExponential(1)} from Node's at most`,
  );
  expect(largest).toBeLessThan(TOLERANCE);
});

interface Visit {
  /** Undefined where the page could not even begin. */
  readonly training: Training | undefined;
  /** What the page complained about. */
  readonly problems: readonly string[];
  readonly requests: readonly string[];
  readonly version: string;
}

async function visit(url: string): Promise<Visit> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(url);
    const training = await page.evaluate<Training | undefined>("globalThis.training");
    return { training, problems, requests, version: browser.version() };
  } finally {
    await browser.close();
  }
}

function readBeside(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
