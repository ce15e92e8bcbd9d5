// One workload in all frameworks: results compared, then times taken in turn, round by round.

import { assertAgreement } from "./compare.js";
import { type FrameworkName, frameworks } from "./frameworks/framework.js";
import { FrameworkProcess } from "./frameworks/process.js";
import type { Workload } from "./workloads/workload.js";

export interface Budget {
  /** Milliseconds that the rounds of one workload may take, once there were enough of them. */
  readonly rounds: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  /** Milliseconds that one answer may take. */
  readonly patience: number;
}

export interface Timing {
  readonly framework: FrameworkName;
  readonly form: string;
  /** Milliseconds of the first run, with compilation. */
  firstMs?: number;
  medianMs?: number;
  quartilesMs?: [number, number];
  runs?: number;
  /** What went wrong, where something did. */
  error?: string;
  notAvailable?: string;
}

export interface Measured {
  readonly name: string;
  readonly flops?: number;
  readonly bytes?: number;
  readonly timings: Timing[];
  readonly versions: Partial<Record<FrameworkName, string>>;
  /** Milliseconds of the fastest form of the peers over those of ours. */
  readonly ratio?: number;
}

/** Runs after the first, whose times are thrown away: pools fill, caches are made. */
const WARM_UP = 2;
/** The same for small work, whose time is that of JavaScript, until the engine has compiled all of it. */
const SMALL_WARM_UP = 60;
const SMALL_ROUNDS = 4; // times as many
/** A turn of one framework ends after either: a framework that takes long must not leave the others few runs. */
const TURN = { runs: 8, ms: 60 };

export async function measure(workload: Workload, budget: Budget, say: (text: string) => void): Promise<Measured> {
  const processes = new Map(
    frameworks.map((name) => [name, new FrameworkProcess(name, workload.name, process.env)] as const),
  );
  try {
    return await measureIn(processes, workload, budget, say);
  } finally {
    for (const each of processes.values()) each.end();
  }
}

async function measureIn(
  processes: ReadonlyMap<FrameworkName, FrameworkProcess>,
  workload: Workload,
  budget: Budget,
  say: (text: string) => void,
): Promise<Measured> {
  const versions: Partial<Record<FrameworkName, string>> = {};
  const timings: Timing[] = [];
  say("starts");
  const opened = [...processes].map(async ([framework, process]): Promise<Timing[]> => {
    const { version, forms, notAvailable } = await process.ask({ kind: "forms" }, budget.patience);
    versions[framework] = version;
    return notAvailable === undefined
      ? forms.map((form) => ({ framework, form }))
      : [{ framework, form: "", notAvailable }];
  });
  for (const [i, result] of (await Promise.allSettled(opened)).entries()) {
    if (result.status === "fulfilled") timings.push(...result.value);
    else timings.push({ framework: frameworks[i]!, form: "", error: messageOf(result.reason) });
  }

  const runnable = (): Timing[] => timings.filter((timing) => !timing.error && timing.notAvailable === undefined);
  const attempt = async (timing: Timing, work: (process: FrameworkProcess) => Promise<void>): Promise<void> => {
    try {
      await work(processes.get(timing.framework)!);
    } catch (error) {
      timing.error = messageOf(error);
    }
  };

  let expected: { by: string; outputs: Float32Array[] } | undefined;
  for (const timing of runnable())
    await attempt(timing, async (process) => {
      const { framework, form } = timing;
      say(`${framework} ${form}: first run`);
      const { ms, outputs } = await process.ask({ kind: "first", form }, budget.patience);
      timing.firstMs = ms;
      expected ??= { by: `${framework} ${form}`, outputs };
      assertAgreement(workload.name, expected, { by: `${framework} ${form}`, outputs }, workload.tolerance);
    });

  const samples = new Map(timings.map((timing) => [timing, [] as number[]]));
  const [warmUp, maxRounds] = workload.isSmall
    ? [SMALL_WARM_UP, SMALL_ROUNDS * budget.maxRounds]
    : [WARM_UP, budget.maxRounds];
  let start = performance.now();
  for (let round = -warmUp; round < maxRounds; round++) {
    if (round === 0) start = performance.now();
    if (round >= budget.minRounds && performance.now() - start > budget.rounds) break;
    say(`round ${round + 1}`);
    for (const timing of runnable())
      await attempt(timing, async (process) => {
        const turn = performance.now();
        for (let i = 0; i < TURN.runs && performance.now() - turn < TURN.ms; i++) {
          const { ms } = await process.ask({ kind: "run", form: timing.form }, budget.patience);
          if (round >= 0) samples.get(timing)!.push(ms);
        }
      });
  }
  for (const timing of runnable()) summarize(timing, samples.get(timing)!);
  const { name, flops, bytes } = workload;
  return { name, flops, bytes, timings, versions, ratio: ratioOf(timings) };
}

function summarize(timing: Timing, samples: readonly number[]): void {
  const sorted = [...samples].sort((a, b) => a - b);
  timing.medianMs = sorted[sorted.length >> 1]!;
  timing.quartilesMs = [sorted[sorted.length >> 2]!, sorted[(sorted.length * 3) >> 2]!];
  timing.runs = sorted.length;
}

/** The fastest of ours is what its documentation recommends for the case, as the fastest of theirs is. */
function ratioOf(timings: readonly Timing[]): number | undefined {
  const fastest = (ours: boolean): number =>
    Math.min(...timings.filter((t) => (t.framework === "tapegrad") === ours).map((t) => t.medianMs ?? Infinity));
  const ratio = fastest(false) / fastest(true);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
