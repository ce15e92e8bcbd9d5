// One case: run forward and backward, compared with PyTorch.

import { autograd, Tensor } from "tapegrad";
import { callOf } from "./call.js";
import type { Case, Encoded } from "./cases.js";
import { compare, type Difference, parts } from "./compare.js";
import { decodeTensor, isTensor } from "./decode.js";

export type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "missing"; readonly why: string };

export async function judge(test: Case): Promise<Verdict> {
  try {
    const call = callOf(test);
    if ("missing" in call) return { kind: "missing", why: call.missing };
    const results = parts(call.run(), test.out);
    const why =
      (await compareOutputs(test, results)) ??
      (await compareMutated(test, call.leaves)) ??
      (await compareGrads(test, results, call.leaves));
    return why === undefined ? { kind: "passed" } : { kind: "failed", why };
  } catch (error) {
    return { kind: "failed", why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

type Results = readonly [got: unknown, wanted: Encoded][];

async function compareOutputs({ cmp, atol, rtol }: Case, results: Results): Promise<Difference> {
  for (const [i, [got, wanted]] of results.entries()) {
    const how = cmp?.[i] ?? "value";
    const difference = await compare(got, wanted, how === "indices" ? "shape" : how, { atol, rtol });
    if (difference !== undefined) return `output ${i} ${difference}`;
  }
  return undefined;
}

async function compareMutated(
  { mutated = {}, atol, rtol }: Case,
  leaves: ReadonlyMap<number, Tensor>,
): Promise<Difference> {
  for (const [id, wanted] of Object.entries(mutated)) {
    const difference = await compare(leaves.get(Number(id)), wanted, "value", { atol, rtol });
    if (difference !== undefined) return `argument ${id} afterwards ${difference}`;
  }
  return undefined;
}

async function compareGrads(test: Case, results: Results, leaves: ReadonlyMap<number, Tensor>): Promise<Difference> {
  const { cotangents, grads, gatol = {}, grtol = 0, flags = [] } = test;
  if (cotangents === undefined || grads === undefined) return undefined;
  const tensors = results.map(([got]) => got).filter((got): got is Tensor => got instanceof Tensor);
  const pairs = tensors.flatMap((output, i) => {
    const cotangent = cotangents[i] ?? null;
    return isTensor(cotangent) && output.requiresGrad ? [[output, decodeTensor(cotangent.t)] as const] : [];
  });
  const ids = Object.keys(grads);
  const inputs = ids.map((id) => leaves.get(Number(id))!);
  const found: (Tensor | null)[] =
    pairs.length === 0
      ? inputs.map(() => null)
      : autograd.grad(
          pairs.map(([output]) => output),
          inputs,
          { gradOutputs: pairs.map(([, cotangent]) => cotangent), allowUnused: true },
        );
  for (const [i, id] of ids.entries()) {
    const wanted = grads[id]!;
    const got = found[i] ?? null;
    const tolerance = { atol: gatol[id] ?? 0, rtol: grtol };
    if (!isTensor(wanted)) {
      if (got !== null && (await got.ne(0).any().item())) return `gradient ${id} is not zero`;
      continue;
    }
    if (got === null) return `gradient ${id} is missing`;
    const isUpToSymmetry = flags.includes("gradUpToSymmetry") && got.ndim >= 2;
    const symmetric = (x: Tensor): Tensor => x.add(x.transpose(-1, -2));
    const difference = isUpToSymmetry
      ? await compare(
          symmetric(got).sub(symmetric(decodeTensor(wanted.t))),
          { t: { ...wanted.t, data: zerosLike(wanted.t.data) } },
          "value",
          { atol: 2 * tolerance.atol + 1e-3, rtol: 0 },
        )
      : await compare(got, wanted, "value", tolerance);
    if (difference !== undefined) return `gradient ${id} ${difference}`;
  }
  return undefined;
}

function zerosLike(data: string): string {
  return Buffer.alloc(Buffer.from(data, "base64").length).toString("base64");
}
