// The derivatives of an operator against central differences, first and second order, on one of PyTorch's samples.

import { autograd, Tensor } from "tapegrad";
import { callOf } from "./call.js";
import { type Case, type Encoded, type EncodedTensor, nameOf } from "./cases.js";
import type { Difference } from "./compare.js";
import { decode, isTensor, type Leaves } from "./decode.js";

/** Elements that want a gradient in a case that is worth checking: every one costs dozens of evaluations. */
const MOST_ELEMENTS = 24;
/** So many show a wrong derivative as well as twice as many. */
const ENOUGH_ELEMENTS = 12;

/** The one of an operator's cases whose derivative is checked, if any can be: the one with elements enough, and few. */
export function checkableCase(cases: readonly Case[]): Case | undefined {
  const sized = cases.flatMap((test) => {
    if (test.grads === undefined || test.flags?.some((flag) => UNCHECKABLE.has(flag))) return [];
    if (CONVENTIONAL.has(nameOf(test))) return [];
    const elements = encodedTensors([test.input ?? null, test.args, test.kwargs])
      .filter(({ requiresGrad }) => requiresGrad)
      .reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
    return elements > 1 && elements <= MOST_ELEMENTS ? [{ test, elements }] : [];
  });
  const distance = ({ elements }: { readonly elements: number }): number => Math.abs(elements - ENOUGH_ELEMENTS);
  return sized.sort((a, b) => distance(a) - distance(b))[0]?.test;
}

const UNCHECKABLE: ReadonlySet<string> = new Set(["special", "empty", "nonfiniteOut", "nonfiniteGrad", "ties"]);

/**
 * What has no derivative where it is sampled, so that the tape's is a convention. Unpooling passes a gradient to every copy of
 * an element; these samples have copies, their variants "grad" have none. Norms have a corner at 0.
 */
const CONVENTIONAL: ReadonlySet<string> = new Set([
  ...[1, 2, 3].map((d) => `nn.functional.max_unpool${d}d`),
  "linalg.norm {subgradients_at_zero}",
]);

/** What the tape and central differences disagree on. */
export async function compareDifferences(test: Case, options: autograd.GradcheckOptions = {}): Promise<Difference> {
  const leaves = leavesOf(test);
  const wanting = [...leaves].filter(([, leaf]) => leaf.requiresGrad);
  const run: autograd.Checked = async (...inputs) => {
    const call = callOf(test, new Map([...leaves, ...wanting.map(([id], i) => [id, inputs[i]!] as const)]));
    if ("missing" in call) throw new Error(`${call.missing} is missing`);
    return tensorsIn(await call.run());
  };
  const inputs = wanting.map(([, leaf]) => leaf);
  try {
    await autograd.gradcheck(run, inputs, options);
    await autograd.gradgradcheck(run, inputs, options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

function encodedTensors(value: Encoded): EncodedTensor[] {
  if (value === null || typeof value !== "object") return [];
  if (isTensor(value)) return [value.t];
  return Object.values(value as Readonly<Record<string, Encoded>>).flatMap(encodedTensors);
}

function leavesOf({ input = null, args, kwargs }: Case): Leaves {
  const leaves: Leaves = new Map();
  decode([input, ...args, { dict: kwargs }], leaves);
  return leaves;
}

/** The results that depend on the inputs smoothly: floats that carry a gradient. */
function tensorsIn(results: unknown): Tensor[] {
  const list = results instanceof Tensor ? [results] : Object.values(results as object);
  return list.filter((y): y is Tensor => y instanceof Tensor && y.requiresGrad);
}
