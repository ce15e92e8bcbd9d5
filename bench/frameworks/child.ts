// One framework and one workload in a process of their own, driven by messages: one question, one answer.

import { workloads } from "../workloads/index.js";
import type { Framework, FrameworkName, Session } from "./framework.js";
import { openFramework } from "./open.js";

export type Question =
  | { readonly kind: "forms" }
  /** The first run with its time, and the results to compare. */
  | { readonly kind: "first"; readonly form: string }
  /** One more run: its time. */
  | { readonly kind: "run"; readonly form: string };

export type Answer =
  | { readonly kind: "forms"; readonly version: string; readonly forms: string[]; readonly notAvailable?: string }
  | { readonly kind: "first"; readonly ms: number; readonly outputs: Float32Array[] }
  | { readonly kind: "run"; readonly ms: number }
  | { readonly kind: "error"; readonly message: string };

const STEPS_COMPARED = 3;

const [, , name, workloadName] = process.argv as [string, string, FrameworkName, string];
const workload = workloads.find((candidate) => candidate.name === workloadName)!;
const sessions = new Map<string, Session>();
let framework: Framework | undefined;
let makers: Record<string, () => Session> = {};

async function timed<T>(work: () => Promise<T>): Promise<[ms: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

async function answer(question: Question): Promise<Answer> {
  if (question.kind === "forms") {
    framework ??= await openFramework(name);
    const { version } = framework;
    const prepared = framework.prepare(workload);
    if (typeof prepared["notAvailable"] === "string")
      return { kind: "forms", version, forms: [], notAvailable: prepared["notAvailable"] };
    makers = prepared as Record<string, () => Session>;
    return { kind: "forms", version, forms: Object.keys(makers) };
  }
  if (question.kind === "first") {
    const session = makers[question.form]!();
    sessions.set(question.form, session);
    if (!workload.isStep) {
      const [ms] = await timed(() => session.run());
      return { kind: "first", ms, outputs: await session.outputs() };
    }
    const [ms, losses] = await timed(() => session.outputs());
    for (let step = 1; step < STEPS_COMPARED; step++) losses.push(...(await session.outputs()));
    return { kind: "first", ms, outputs: losses };
  }
  const session = sessions.get(question.form)!;
  const [ms] = await timed(() => session.run());
  return { kind: "run", ms };
}

process.on("message", (question: Question) => {
  answer(question)
    .catch((error: unknown): Answer => ({ kind: "error", message: String(error).slice(0, 500) }))
    .then((reply) => process.send!(reply));
});
