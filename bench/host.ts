// The host's time for a training step of a small MLP: ours replayed by compile() beside that of jax-js, whose whole step is
// in jit. The GPU is idle when a step begins: on software adapters its threads would take the host's cores. The speed of
// shared machines changes twofold between turns, so the quietest turn of each framework is told beside the usual one.

import { compile, init, manualSeed } from "tapegrad";
import { median } from "./median.js";
import type { JaxArray } from "./peers/jax-types.js";
import { openJaxJs } from "./peers/open.js";
import { mlp } from "./workloads/mlp.js";
import type { JaxWork } from "./workloads/workload.js";

export const SIZES = [16, 16, 16, 10] as const;
const BATCH = 16;
/** Steps of one framework before the other's turn: a training loop finds its own code in the processor's caches. */
const BLOCK = 50;
const UNTIMED = 10; // of a block
const WARM_UP = 4; // blocks, until JavaScript's compiler has come to an end
const BLOCKS = 20;

/** Of the blocks' medians, each stage by itself: the median and the least. */
export interface HostTimes {
  readonly usual: HostTime;
  readonly quietest: HostTime;
}

/** Milliseconds of the host. */
export interface HostTime {
  /** The call of the step alone. jax-js notes in it what it will launch; ours is recorded for the GPU by then. */
  readonly call: number;
  /** The call, and what hands all of its work to the queue. */
  readonly submitted: number;
  /** The call, and the request of the loss, in place of that: what runs before the event loop gets its turn. */
  readonly read: number;
}

/** One step of a framework. */
interface Stepper {
  /** Makes the step's work known; gives the loss. */
  call(): void;
  /** Submits the step that was called last. */
  submit(): void;
  /** Asks for the loss of the step that was called last. */
  read(): Promise<unknown>;
  /** Waits for the GPU. */
  finish(): Promise<unknown>;
}

export async function hostTimes(): Promise<{ tapegrad: HostTimes; jax: HostTimes }> {
  const steppers = { tapegrad: await openOurs(), jax: await openJax() };
  const blocks: Record<keyof typeof steppers, HostTime[]> = { tapegrad: [], jax: [] };
  for (let i = -WARM_UP; i < BLOCKS; i++) {
    for (const name of ["tapegrad", "jax"] as const) {
      const times: HostTime[] = [];
      for (let step = 0; step < BLOCK; step++) times.push(await timed(steppers[name]));
      if (i >= 0) blocks[name].push(each(times.slice(UNTIMED), median));
    }
  }
  const both = (times: HostTime[]): HostTimes => {
    return { usual: each(times, median), quietest: each(times, (values) => Math.min(...values)) };
  };
  return { tapegrad: both(blocks.tapegrad), jax: both(blocks.jax) };
}

/** Two steps: one that is submitted, and one whose loss is asked for. */
async function timed(stepper: Stepper): Promise<HostTime> {
  let start = performance.now();
  stepper.call();
  const call = performance.now() - start;
  stepper.submit();
  const submitted = performance.now() - start;
  await stepper.finish();

  start = performance.now();
  stepper.call();
  const loss = stepper.read();
  for (let i = 0; i < 20; i++) await undefined; // jax-js submits in promises
  const read = performance.now() - start;
  await loss;
  await stepper.finish();
  return { call, submitted, read };
}

async function openOurs(): Promise<Stepper> {
  const device = await init();
  manualSeed(0);
  const { inputs, run } = mlp("small", SIZES, BATCH).tapegrad();
  const step = compile(run);
  let [loss] = step(...inputs);
  return {
    call: () => void ([loss] = step(...inputs)),
    submit: () => device.flush(),
    read: () => loss!.item(),
    finish: () => device.synchronize(),
  };
}

async function openJax(): Promise<Stepper> {
  const { jax } = await openJaxJs();
  const { inputs, run, state = 0 } = mlp("small", SIZES, BATCH).jax(jax) as JaxWork;
  const step = jax.jit(run);
  const values = [...inputs];
  let loss: JaxArray | undefined;
  return {
    call() {
      const [value, ...next] = step(...values.slice(0, state), ...values.slice(state).map(({ ref }) => ref));
      values.splice(0, state, ...next);
      loss = value;
    },
    submit: () => void loss!.gpuBufferSync(), // what is asked for submits, and all of a step with it
    read: () => loss!.data(),
    finish: () => values[0]!.blockUntilReady(),
  };
}

function each(times: readonly HostTime[], of: (values: number[]) => number): HostTime {
  const stage = (name: keyof HostTime): number => of(times.map((time) => time[name]));
  return { call: stage("call"), submitted: stage("submitted"), read: stage("read") };
}
