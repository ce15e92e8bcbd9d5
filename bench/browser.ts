// npm run bench:browser [-- part of a name]: the workloads in Chromium. A whole run is written to bench/results/.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchChromium } from "../test/browser/chromium.js";
import type { PageBenchmark } from "./browser-page.js";
import { line } from "./line.js";
import type { Measurement } from "./measure.js";
import { writeReport } from "./report-file.js";

declare const benchmark: PageBenchmark; // in the page

const part = process.argv[2] ?? "";
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("browser-page.ts", import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
  platform: "browser",
  target: "es2022",
  keepNames: true,
  logLevel: "error",
});
const page = '<!doctype html><title>bench</title><script type="module" src="page.js"></script>';
const server = createServer((request, response) => {
  const script = request.url === "/page.js";
  response.writeHead(200, { "content-type": `text/${script ? "javascript" : "html"}; charset=utf-8` });
  response.end(script ? outputFiles[0]!.text : page);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await launchChromium();
try {
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => console.error(error.stack ?? error.message));
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { description, adapter, names } = await tab.evaluate(() => benchmark.open());
  console.log(`Chromium ${browser.version()}, adapter: ${description}; the columns are those of npm run bench`);
  const workloads: Measurement[] = [];
  for (const [index, name] of names.entries()) {
    if (!name.includes(part)) continue;
    const measured = await tab.evaluate((i) => benchmark.measure(i), index);
    for (const each of measured) console.log(line(each));
    workloads.push(...measured);
  }
  const rates = await tab.evaluate(() => benchmark.rates());
  console.log(`multiply-adds ${rates.gflops.toFixed(1)} GFLOP/s, copy ${rates.gigabytesPerSecond.toFixed(1)} GB/s`);
  if (part === "") {
    const browserName = `Chromium ${browser.version()}`;
    writeReport("browser", `chromium-${adapter}`, { browser: browserName, description, rates, workloads });
  }
} finally {
  await browser.close();
  server.close();
}
