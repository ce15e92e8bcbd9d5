// Results are compared before they are timed: a fast wrong answer is worthless.

export class Disagreement extends Error {
  override readonly name = "Disagreement";
}

/**
 * @param tolerance - the largest difference, relative to the largest number of the expected output
 * @throws Disagreement that names the workload, the output and the two numbers
 */
export function assertAgreement(
  workload: string,
  expected: { readonly by: string; readonly outputs: readonly Float32Array[] },
  actual: { readonly by: string; readonly outputs: readonly Float32Array[] },
  tolerance: number,
): void {
  const says = (text: string) => new Disagreement(`${workload}: ${text}`);
  if (expected.outputs.length !== actual.outputs.length)
    throw says(`${expected.by} has ${expected.outputs.length} results, ${actual.by} has ${actual.outputs.length}`);
  expected.outputs.forEach((wanted, k) => {
    const got = actual.outputs[k]!;
    if (wanted.length !== got.length)
      throw says(`result ${k} has ${wanted.length} elements in ${expected.by}, ${got.length} in ${actual.by}`);
    const scale = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    wanted.forEach((value, i) => {
      const difference = Math.abs(value - got[i]!);
      if (difference <= tolerance * scale) return; // false for NaN
      throw says(
        `result ${k}[${i}] is ${value} in ${expected.by} and ${got[i]} in ${actual.by}, ` +
          `${(difference / scale).toExponential(1)} of the largest (allowed: ${tolerance})`,
      );
    });
  });
}
