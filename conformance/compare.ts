// Comparing what tapegrad computed with what PyTorch did.

import { Tensor } from "tapegrad";
import type { Case, Encoded, EncodedTensor } from "./cases.js";
import { decodeFloat, decodeTensor, elements, encodeTensor, isList, isTensor } from "./decode.js";

export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/** What differs, in one line; undefined if nothing does. */
export type Difference = string | undefined;

/** What was computed beside what PyTorch has, for each output. */
export type Results = readonly (readonly [got: unknown, wanted: Encoded])[];

/** The parts of a result, in PyTorch's order: a named tuple is an object here. */
export function parts(got: unknown, wanted: Encoded): Results {
  const list = isList(wanted)
    ? wanted
    : typeof wanted === "object" && wanted !== null && "tuple" in wanted
      ? (wanted["tuple"] as Encoded[])
      : undefined;
  if (list === undefined) return [[got, wanted]];
  const values =
    Array.isArray(got) || got instanceof Tensor || typeof got !== "object" || got === null ? got : Object.values(got);
  if (!Array.isArray(values)) return [[got, wanted]];
  if (values.length !== list.length) return [[values.length, list.length]];
  return values.flatMap((value, i) => parts(value, list[i]!));
}

/**
 * @param expected.cmp - how each output is compared; see Case
 * @param valuesAt - the values an output of indices points at, for cmp "indices"
 */
export async function compareOutputs(
  results: Results,
  { cmp, atol, rtol }: Tolerance & Pick<Case, "cmp">,
  valuesAt?: (indices: Tensor) => Tensor,
): Promise<Difference> {
  for (const [i, [got, wanted]] of results.entries()) {
    const how = cmp?.[i] ?? "value";
    const difference =
      how === "indices"
        ? await compareIndices(got, wanted, valuesAt!)
        : await compare(got, wanted, how, { atol, rtol });
    if (difference !== undefined) return `output ${i} ${difference}`;
  }
  return undefined;
}

/** Where values are equal, any of their indices will do. */
async function compareIndices(
  got: unknown,
  wanted: Encoded,
  valuesAt: (indices: Tensor) => Tensor,
): Promise<Difference> {
  const exactly: Tolerance = { atol: 0, rtol: 0 };
  const difference = await compare(got, wanted, "shape", exactly);
  if (difference !== undefined || !(got instanceof Tensor) || !isTensor(wanted)) return difference;
  const values = await encodeTensor(valuesAt(decodeTensor(wanted.t)));
  const elsewhere = await compare(valuesAt(got), values, "value", exactly);
  return elsewhere && `points at a value that ${elsewhere}`;
}

export async function compare(got: unknown, wanted: Encoded, how: string, tolerance: Tolerance): Promise<Difference> {
  if (how === "skip") return undefined;
  if (isTensor(wanted)) {
    if (!(got instanceof Tensor)) return `is ${describe(got)}, wanted a tensor`;
    return compareTensors(got, wanted.t, how, tolerance);
  }
  const number =
    typeof wanted === "object" && wanted !== null && "f" in wanted ? decodeFloat((wanted as { f: number }).f) : wanted;
  return Object.is(got, number) ? undefined : `is ${describe(got)}, wanted ${JSON.stringify(number)}`;
}

async function compareTensors(
  got: Tensor,
  wanted: EncodedTensor,
  how: string,
  { atol, rtol }: Tolerance,
): Promise<Difference> {
  if (`${got.shape}` !== `${wanted.shape}`) return `has shape [${got.shape}], wanted [${wanted.shape}]`;
  if (got.dtype !== wanted.dtype) return `is ${got.dtype}, wanted ${wanted.dtype}`;
  const have = await got.data();
  if (how === "shape") return undefined;
  const want = elements(wanted);
  const isExact = wanted.dtype !== "float32";
  for (let i = 0; i < want.length; i++) {
    const [a, b] = how === "abs" ? [Math.abs(have[i]!), Math.abs(want[i]!)] : [have[i]!, want[i]!];
    const isClose = a === b || Object.is(a, b) || (!isExact && Math.abs(a - b) <= atol + rtol * Math.abs(b));
    if (!isClose) return `[${i}] is ${a}, wanted ${b}`;
  }
  return undefined;
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return `a tensor ${value.dtype} [${value.shape}]`;
  return Array.isArray(value) ? `a list of ${value.length}` : String(value);
}
