// npm run bench:training: what training steps cost beside time. Growth with the batch, peak memory beside that of tfjs,
// and the host's time for a small MLP beside that of jax-js, whose whole step is in jit.

import { compile, init, manualSeed, type Tensor, tidy } from "tapegrad";
import { finish } from "./frameworks/finish.js";
import { type HostTimes, hostTimes, SIZES } from "./host.js";
import { median } from "./median.js";
import { preparePeers } from "./peers/bundle.js";
import { openTfjs } from "./peers/open.js";
import type { Tfjs } from "./peers/tfjs-types.js";
import { writeReport } from "./report-file.js";
import type { TrainingReport } from "./report-types.js";
import { cnn } from "./workloads/cnn.js";
import { mlp } from "./workloads/mlp.js";
import { transformer } from "./workloads/transformer.js";
import { vae } from "./workloads/vae.js";
import type { TfWork, Workload } from "./workloads/workload.js";

const ROUNDS = 9;
const STEPS_FOR_PEAK = 60; // enough for garbage to be collected several times

type Step = () => Tensor[];
type Form = keyof Omit<TrainingReport["peaks"][string], "tfjs">;

function ourStep(workload: Workload, form: Form): Step {
  manualSeed(0);
  const { inputs, run } = workload.tapegrad();
  if (form === "tidy") return () => tidy(() => run(...inputs));
  const step = form === "replay" ? compile(run) : run;
  return () => step(...inputs);
}

/** How many times as long a step takes on twice the batch: both batches in turn, after a warm-up. */
async function growth(usual: Workload, doubled: Workload): Promise<number> {
  const steps = [ourStep(usual, "replay"), ourStep(doubled, "replay")];
  const times: number[][] = [[], []];
  for (let round = -4; round < ROUNDS; round++) {
    for (const [i, step] of steps.entries()) {
      const start = performance.now();
      await finish(step());
      if (round >= 0) times[i]!.push(performance.now() - start);
    }
  }
  return median(times[1]!) / median(times[0]!);
}

/** Bytes that live at most during steps, garbage that is not collected yet included, on a device of their own. */
async function ourPeak(workload: Workload, form: Form): Promise<number> {
  const device = await init();
  const step = ourStep(workload, form);
  for (let i = 0; i < STEPS_FOR_PEAK; i++) await finish(step());
  const { bytesPeak } = device.stats();
  device.destroy();
  return bytesPeak;
}

/** The same of tfjs under tidy: what its profile calls peakBytes, all tensors that live, less what lived before. */
async function tfjsPeak(tf: Tfjs, workload: Workload): Promise<number> {
  const before = tf.memory().numBytes;
  const { run } = workload.tfjs(tf) as TfWork;
  let peak = 0;
  for (let i = 0; i < STEPS_FOR_PEAK; i++) {
    const { peakBytes } = await tf.profile(() => {
      for (const output of tf.tidy(run)) output.dispose();
    });
    peak = Math.max(peak, peakBytes - before);
  }
  return peak;
}

process.env["TAPEGRAD_ADAPTER"] ??= "swiftshader";
const adapter = process.env["TAPEGRAD_ADAPTER"];
await preparePeers();
const tf = await openTfjs();
const peaks: Record<string, TrainingReport["peaks"][string]> = {};
for (const workload of [cnn("CNN", 32), transformer("transformer", 8)]) {
  const peak = {
    loop: await ourPeak(workload, "loop"),
    tidy: await ourPeak(workload, "tidy"),
    replay: await ourPeak(workload, "replay"),
    tfjs: await tfjsPeak(tf, workload),
  };
  peaks[workload.name] = peak;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  const each = Object.entries(peak).map(([form, bytes]) => `${form} ${megabytes(bytes)}`);
  console.log(`peak memory of ${STEPS_FOR_PEAK} ${workload.name} steps: ${each.join(", ")}`);
}
const host = await hostTimes();
for (const [what, stage] of [
  ["call", "call"],
  ["call and submission", "submitted"],
  ["call and request of the loss", "read"],
] as const) {
  const both = ({ usual, quietest }: HostTimes): string => {
    return `${usual[stage].toFixed(3)} ms (quietest turn ${quietest[stage].toFixed(3)})`;
  };
  console.log(
    `host per step of an MLP ${SIZES.join("-")}, ${what}: ` +
      `tapegrad ${both(host.tapegrad)}, jax-js in jit ${both(host.jax)}`,
  );
}
const sizes = [784, 256, 128, 10] as const;
const growths: Record<string, number> = {};
for (const [usual, doubled] of [
  [mlp("MLP", sizes, 64), mlp("MLP", sizes, 128)],
  [cnn("CNN", 32), cnn("CNN", 64)],
  [transformer("transformer", 8), transformer("transformer", 16)],
  [vae("VAE", 64), vae("VAE", 128)],
] as const) {
  growths[usual.name] = await growth(usual, doubled);
  console.log(`${usual.name} step on twice the batch: ${growths[usual.name]!.toFixed(2)} times the time`);
}
writeReport("training", adapter, { peaks, host, growths });
process.exit(0); // Dawn keeps the process alive
