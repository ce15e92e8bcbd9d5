// One operator case: run forward and backward, compared with PyTorch.

import type { Tensor } from "tapegrad";
import { argumentNamed, callOf } from "./call.js";
import type { Case } from "./cases.js";
import { compare, compareOutputs, type Difference, parts } from "./compare.js";
import type { Leaves } from "./decode.js";
import { compareDifferences } from "./differences.js";
import { compareGradients } from "./gradients.js";
import { type Verdict, verdictOn } from "./verdict.js";

export function judge(test: Case): Promise<Verdict> {
  return verdictOn(
    () => callOf(test),
    async ({ run, leaves }) => {
      const { cotangents, grads, gatol = {}, grtol = 0, flags = [] } = test;
      const results = parts(await run(), test.out); // sizes that only the GPU knows come as promises
      const difference =
        (await compareOutputs(results, test, (indices) => valuesAt(test, leaves, indices))) ??
        (await compareMutated(test, leaves));
      if (difference !== undefined || cotangents === undefined || grads === undefined) return difference;
      const wanted = Object.entries(grads).map(([id, gradient]) => ({
        of: id,
        tensor: leaves.get(Number(id))!,
        gradient,
        tolerance: { atol: gatol[id] ?? 0, rtol: grtol },
      }));
      return compareGradients(results, cotangents, wanted, { isUpToSymmetry: flags.includes("gradUpToSymmetry") });
    },
  );
}

/** The case's derivatives, held against central differences. */
export function judgeDifferences(test: Case): Promise<Verdict> {
  return verdictOn(
    () => callOf(test),
    () => compareDifferences(test),
  );
}

/** The elements of the input that indices along its dimension `dim` name; that dimension may have been reduced away. */
function valuesAt(test: Case, leaves: Leaves, indices: Tensor): Tensor {
  const input = leaves.get(0)!;
  const dim = (argumentNamed(test, "dim") as number | undefined) ?? -1;
  return input.gather(dim, indices.ndim < input.ndim ? indices.unsqueeze(dim) : indices);
}

async function compareMutated({ mutated = {}, atol, rtol }: Case, leaves: Leaves): Promise<Difference> {
  for (const [id, wanted] of Object.entries(mutated)) {
    const difference = await compare(leaves.get(Number(id)), wanted, "value", { atol, rtol });
    if (difference !== undefined) return `argument ${id} afterwards ${difference}`;
  }
  return undefined;
}
