// Verdicts, counted by operator and by group of operators.

import type { Verdict } from "./verdict.js";

export interface Score {
  /** PyTorch's name, with the variant in braces. */
  readonly op: string;
  /** "1", "2", "3" or "modules" */
  readonly tier: string;
  /** tapegrad's names. */
  readonly names: string[];
  passed: number;
  failed: number;
  missing: number;
  /** Why cases did not pass. */
  readonly reasons: string[];
}

export function newScore(op: string, tier: string): Score {
  return { op, tier, names: [], passed: 0, failed: 0, missing: 0, reasons: [] };
}

export function count(score: Score, id: number, verdict: Verdict): void {
  score[verdict.kind]++;
  if (verdict.kind !== "passed") score.reasons.push(`#${id}: ${verdict.why}`);
  if (verdict.kind === "missing" || verdict.name === undefined || score.names.includes(verdict.name)) return;
  score.names.push(verdict.name);
}

/** The operators of a tier, or the modules. */
export interface Group {
  readonly title: string;
  readonly kind: "operators" | "modules";
  readonly scores: readonly Score[];
  /** How many passed every case. */
  readonly whole: number;
  /** How many tapegrad has nothing for. */
  readonly absent: number;
  readonly passed: number;
  readonly failed: number;
  readonly missing: number;
}

export function groupsOf(scores: readonly Score[]): Group[] {
  return [...new Set(scores.map(({ tier }) => tier))].sort().map((tier) => {
    const own = scores.filter((score) => score.tier === tier);
    const sum = (kind: "passed" | "failed" | "missing"): number => own.reduce((total, score) => total + score[kind], 0);
    return {
      title: tier === "modules" ? tier : `tier ${tier}`,
      kind: tier === "modules" ? "modules" : "operators",
      scores: own,
      whole: own.filter(({ failed, missing }) => failed + missing === 0).length,
      absent: own.filter(({ names }) => names.length === 0).length,
      passed: sum("passed"),
      failed: sum("failed"),
      missing: sum("missing"),
    };
  });
}

/** The names that passed every case, sorted. */
export function wholeOf(scores: readonly Score[]): string[] {
  return scores.flatMap(({ op, failed, missing }) => (failed + missing === 0 ? [op] : [])).sort();
}
