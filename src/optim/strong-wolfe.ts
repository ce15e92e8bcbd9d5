// A line search: how far to go along a direction.

import type { Tensor } from "../tensor/tensor.js";

/** A place on the line. */
export interface Point {
  /** How far from the start. */
  readonly t: number;
  readonly loss: number;
  /** Derivative of the loss along the line. */
  readonly slope: number;
  readonly gradient: Tensor;
  /** The gradient's largest element. */
  readonly largest: number;
}

const SUFFICIENT = 1e-4; // share of the decrease that the first slope promises; PyTorch's c1
const CURVATURE = 0.9; // share of the first slope that may be left; PyTorch's c2
const MAX_TRIALS = 25;

/**
 * Looks for a point where the loss has decreased enough, loss(t) <= loss(0) + c1 t slope(0), and the slope is flat enough,
 * |slope(t)| <= c2 |slope(0)| (Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6, with cubic
 * interpolation).
 *
 * @param at - evaluates the loss at a distance
 * @param first - the distance to try first
 * @param length - the largest element of the direction
 * @returns the point, and how often the loss was evaluated
 */
export async function strongWolfe(
  at: (t: number) => Promise<Point>,
  start: Point,
  first: number,
  { length, tolerance }: { readonly length: number; readonly tolerance: number },
): Promise<{ point: Point; evaluations: number }> {
  const isTooHigh = ({ t, loss }: Point): boolean => loss > start.loss + SUFFICIENT * t * start.slope;
  const isFlat = ({ slope }: Point): boolean => Math.abs(slope) <= -CURVATURE * start.slope;
  let [previous, current, trials] = [start, await at(first), 0];
  const done = (point: Point): { point: Point; evaluations: number } => ({ point, evaluations: trials + 1 });

  // Farther and farther, until a good point is passed.
  let bracket: [Point, Point] | undefined;
  while (bracket === undefined && trials < MAX_TRIALS) {
    if (isTooHigh(current) || (trials > 1 && current.loss >= previous.loss)) bracket = [previous, current];
    else if (isFlat(current)) return done(current);
    else if (current.slope >= 0) bracket = [previous, current];
    else {
      const bounds = [current.t + 0.01 * (current.t - previous.t), current.t * 10] as const;
      const t = lowest(previous, current, bounds);
      trials++;
      [previous, current] = [current, await at(t)];
    }
  }
  bracket ??= [start, current];

  // Between the ends, of which `low` is the lower one.
  let [low, high] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
  let isSlow = false;
  while (trials < MAX_TRIALS && Math.abs(high.t - low.t) * length >= tolerance) {
    const [left, right] = low.t < high.t ? [low.t, high.t] : [high.t, low.t];
    let t = lowest(low, high, [left, right]);
    const margin = 0.1 * (right - left);
    const isNearEnd = Math.min(right - t, t - left) < margin;
    const isStuck: boolean = isNearEnd && (isSlow || t >= right || t <= left);
    if (isStuck) t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
    isSlow = isNearEnd && !isStuck;
    trials++;
    current = await at(t);
    if (isTooHigh(current) || current.loss >= low.loss) {
      [low, high] = current.loss < low.loss ? [current, low] : [low, current];
    } else {
      if (isFlat(current)) return done(current);
      if (current.slope * (high.t - low.t) >= 0) high = low;
      low = current;
    }
  }
  return done(low);
}

/** Where the cubic through two points with their slopes is lowest, within bounds; their middle if it is nowhere. */
function lowest(one: Point, other: Point, [least, most]: readonly [number, number]): number {
  const [a, b] = one.t <= other.t ? [one, other] : [other, one];
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const t = b.t - ((b.t - a.t) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  return Math.min(Math.max(t, least), most);
}
