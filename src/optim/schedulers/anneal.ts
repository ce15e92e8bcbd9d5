// Between two values, and the momentum of a group.

import type { ScheduledGroup } from "./scheduler.js";

/** Along a cosine or a straight line. */
export type Anneal = "cos" | "linear";

/** From `start` to `end`, `share` of the way. */
export function anneal(strategy: Anneal, start: number, end: number, share: number): number {
  if (strategy === "linear") return (end - start) * share + start;
  return end + ((start - end) / 2) * (Math.cos(Math.PI * share) + 1);
}

/** A group's momentum: the first of its betas, if it has betas. */
export function momentumOf({ momentum, betas }: ScheduledGroup): number | undefined {
  return betas?.[0] ?? momentum;
}

/** Sets a group's momentum, or the first of its betas. */
export function setMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}
