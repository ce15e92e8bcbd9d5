// What a run came to.

/** A line of the table. Errors are fractions of what is allowed: a run is right while they are at most 1. */
export interface Row {
  readonly run: string;
  readonly steps: number;
  /** Undefined where there is no such thing to compare. */
  readonly loss: number | undefined;
  readonly weights: number | undefined;
  /** What is wrong, in a few words. */
  readonly failures: readonly string[];
}

/** The largest distance of two lists of numbers, as a fraction of what is allowed; infinite where one is not a number. */
export function excess(got: ArrayLike<number>, wanted: ArrayLike<number>, allowed: (wanted: number) => number): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const distance = Math.abs(got[i]! - wanted[i]!) / allowed(wanted[i]!);
    worst = Math.max(worst, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
  }
  return worst;
}

/** The rows as a table. */
export function tableOf(rows: readonly Row[]): string {
  const shown = (error: number | undefined): string => (error === undefined ? "-" : error.toFixed(3));
  const cells = rows.map(({ run, steps, loss, weights, failures }) => {
    return [run, String(steps), shown(loss), shown(weights), failures.length === 0 ? "pass" : "FAIL"];
  });
  const all = [["run", "steps", "loss error / allowed", "weight error / allowed", "verdict"], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 0 || i === 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
