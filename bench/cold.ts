// npm run bench:cold [-- part of a name ...]: from the start of a process to the first loss, with every cache cold.
// Tapegrad runs from dist/ (npm run build); all workloads are bundled once, so that nobody waits for a compiler.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { assertAgreement } from "./compare.js";
import { type FrameworkName, frameworks } from "./frameworks/framework.js";
import { preparePeers } from "./peers/bundle.js";
import { peersFolder } from "./peers/open.js";
import { median, writeReport } from "./report-file.js";
import { workloads } from "./workloads/index.js";

const ROUNDS = 3;
const root = fileURLToPath(new URL("..", import.meta.url));
const parts = process.argv.slice(2);
const chosen = workloads.filter(
  ({ name, isStep }) =>
    isStep && /MLP 784|CNN|transformer/.test(name) && (parts.length === 0 || parts.some((part) => name.includes(part))),
);
process.env["TAPEGRAD_ADAPTER"] ??= "swiftshader";
const adapter = process.env["TAPEGRAD_ADAPTER"];

/** Bundled below the project's folder, where Node resolves "tapegrad" to dist/. */
async function bundle(framework: FrameworkName): Promise<string> {
  const outfile = join(root, "runs", "bench", `cold-${framework}.mjs`);
  const stand = { tapegrad: join(root, "bench/frameworks/without-tapegrad.ts") };
  await build({
    entryPoints: [join(root, "bench/cold-child.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["webgpu", "esbuild", ...(framework === "tapegrad" ? ["tapegrad"] : [])],
    tsconfigRaw: "{}", // the project's own leads "tapegrad" to the source
    alias: framework === "tapegrad" ? {} : stand,
    logLevel: "error",
  });
  return outfile;
}

/** Milliseconds from the start of a process to its loss. */
function firstLoss(script: string, framework: FrameworkName, workload: string): Promise<{ ms: number; loss: number }> {
  const cache = mkdtempSync(join(tmpdir(), "tapegrad-cold-"));
  const cold = { MESA_SHADER_CACHE_DISABLE: "true", TAPEGRAD_CACHE: cache, XDG_CACHE_HOME: cache };
  const start = performance.now();
  const child = spawn(process.execPath, [script, framework, workload], {
    env: { ...process.env, ...cold, BENCH_PEERS: peersFolder },
  });
  let [output, errors] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  return new Promise<{ ms: number; loss: number }>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const loss = /^loss (.*)$/m.exec(output)?.[1];
      if (loss !== undefined) resolve({ ms: performance.now() - start, loss: Number(loss) });
    });
    child.on("close", (code) => reject(new Error(`${workload}, ${framework}: ended with ${code}: ${errors}`)));
  }).finally(() => rmSync(cache, { recursive: true }));
}

if (!existsSync(join(root, "dist/tapegrad.js"))) throw new Error("dist/ is missing: npm run build");
await preparePeers();
mkdirSync(join(root, "runs", "bench"), { recursive: true });
const scripts = new Map<FrameworkName, string>();
for (const framework of frameworks) scripts.set(framework, await bundle(framework));

console.log(`${adapter}: seconds from the start of a process to the first loss, every cache cold, median of ${ROUNDS}`);
const results: { name: string; seconds: Record<string, number>; errors: Record<string, string>; ratio: number }[] = [];
for (const { name, tolerance } of chosen) {
  const samples = new Map(frameworks.map((framework) => [framework, [] as number[]]));
  const errors: Record<string, string> = {};
  for (let round = 0; round < ROUNDS; round++) {
    let expected: { by: string; outputs: Float32Array[] } | undefined;
    for (const framework of frameworks) {
      if (errors[framework] !== undefined) continue;
      try {
        const { ms, loss } = await firstLoss(scripts.get(framework)!, framework, name);
        const actual = { by: framework, outputs: [Float32Array.of(loss)] };
        expected ??= actual;
        assertAgreement(name, expected, actual, tolerance);
        samples.get(framework)!.push(ms / 1000);
      } catch (error) {
        errors[framework] = String(error);
        process.exitCode = 1;
      }
    }
  }
  const sound = [...samples].filter(([framework]) => errors[framework] === undefined);
  const seconds: Record<string, number> = Object.fromEntries(sound.map(([name, all]) => [name, median(all)]));
  const ratio = Math.min(seconds["tfjs"] ?? Infinity, seconds["jax-js"] ?? Infinity) / seconds["tapegrad"]!;
  results.push({ name, seconds, errors, ratio });
  const cells = Object.entries(seconds).map(([framework, value]) => `${framework} ${value.toFixed(2)}`);
  console.log(`${name.padEnd(84)} R = ${ratio.toFixed(2)}  ${cells.join("  ")}`);
  for (const [framework, error] of Object.entries(errors)) console.log(`  ${framework} ERROR: ${error}`);
}
if (parts.length === 0) writeReport("cold", adapter, { workloads: results });
