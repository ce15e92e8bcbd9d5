// Vector-Jacobian products, compared with PyTorch's.

import { autograd, Tensor } from "tapegrad";
import type { Encoded } from "./cases.js";
import { compare, type Difference, type Results, type Tolerance } from "./compare.js";
import { decodeTensor, encodeTensor, isTensor } from "./decode.js";

/** The gradient that a tensor must receive; null where no path leads to it. */
export interface WantedGradient {
  /** The tensor's name or number, for messages. */
  readonly of: string;
  readonly tensor: Tensor;
  readonly gradient: Encoded;
  readonly tolerance: Tolerance;
}

/**
 * @param cotangents - one for each output tensor, null where there is none
 * @param options.isUpToSymmetry - whether only G + G^T is determined
 */
export async function compareGradients(
  results: Results,
  cotangents: readonly Encoded[],
  wanted: readonly WantedGradient[],
  { isUpToSymmetry = false }: { readonly isUpToSymmetry?: boolean } = {},
): Promise<Difference> {
  const gradients = gradientsOf(
    results,
    cotangents,
    wanted.map(({ tensor }) => tensor),
  );
  for (const [i, one] of wanted.entries()) {
    const difference = await compareGradient(gradients[i] ?? null, one, isUpToSymmetry);
    if (difference !== undefined) return `gradient ${one.of} ${difference}`;
  }
  return undefined;
}

function gradientsOf(
  results: Results,
  cotangents: readonly Encoded[],
  inputs: readonly Tensor[],
): readonly (Tensor | null)[] {
  const tensors = results.map(([got]) => got).filter((got): got is Tensor => got instanceof Tensor);
  const pairs = tensors.flatMap((output, i) => {
    const cotangent = cotangents[i] ?? null;
    return isTensor(cotangent) && output.requiresGrad ? [[output, decodeTensor(cotangent.t)] as const] : [];
  });
  if (pairs.length === 0 || inputs.length === 0) return inputs.map(() => null);
  return autograd.grad(
    pairs.map(([output]) => output),
    inputs,
    { gradOutputs: pairs.map(([, cotangent]) => cotangent), allowUnused: true },
  );
}

async function compareGradient(
  got: Tensor | null,
  { gradient: wanted, tolerance }: WantedGradient,
  isUpToSymmetry: boolean,
): Promise<Difference> {
  if (!isTensor(wanted)) return got !== null && (await got.ne(0).any().item()) ? "is not zero" : undefined;
  if (got === null) return "is missing";
  if (!isUpToSymmetry || got.ndim < 2) return compare(got, wanted, "value", tolerance);
  const symmetric = (x: Tensor): Tensor => x.add(x.transpose(-1, -2));
  const sum = await encodeTensor(symmetric(decodeTensor(wanted.t)));
  return compare(symmetric(got), sum, "value", { ...tolerance, atol: 2 * tolerance.atol }); // of two elements
}
