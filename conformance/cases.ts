// Conformance cases: calls of operators and modules with the values and vector-Jacobian products that PyTorch computed in
// float64. One JSON object per line, gzipped or not.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A JSON form of a Python value. */
export type Encoded = null | boolean | number | string | readonly Encoded[] | { readonly [key: string]: unknown };

export interface EncodedTensor {
  readonly dtype: "float32" | "int32" | "uint8" | "bool";
  readonly shape: readonly number[];
  /** base64 of the little-endian elements, row-major */
  readonly data: string;
  /** Of the arguments of a call. */
  readonly id?: number;
  readonly requiresGrad?: boolean;
}

/** An argument: PyTorch's name of the parameter, how it may be given, and where its value is: `args.2`, `kwargs.dim`. */
export type Parameter = readonly [name: string, kind: "req" | "opt" | "ovl", where: string];

/** What something is called with. */
export interface Given {
  readonly input?: Encoded;
  readonly args: readonly Encoded[];
  readonly kwargs: Readonly<Record<string, Encoded>>;
  readonly sig: readonly Parameter[];
  readonly flags?: readonly string[];
}

/** An operator's. */
export interface Case extends Given {
  readonly op: string;
  readonly variant: string;
  readonly id: number;
  readonly tier: string;
  readonly out: Encoded;
  /** How each output tensor is compared; default "value". */
  readonly cmp?: readonly ("value" | "shape" | "abs" | "skip" | "indices")[];
  readonly atol: number;
  readonly rtol: number;
  /** Input tensors that the op changes, by id, with their new values. */
  readonly mutated?: Readonly<Record<string, Encoded>>;
  readonly cotangents?: readonly Encoded[];
  /** By id of the input tensor; null where no path leads to it. */
  readonly grads?: Readonly<Record<string, Encoded>>;
  readonly gatol?: Readonly<Record<string, number>>;
  readonly grtol?: number;
}

/** A module's: constructed, its state loaded, called. */
export interface ModuleCase {
  readonly module: string;
  readonly id: number;
  readonly training: boolean;
  readonly init: Given;
  readonly stateDict: Readonly<Record<string, Encoded>>;
  /** `names` are the parameters that `args` are for. */
  readonly forward: Omit<Given, "sig"> & { readonly names: readonly string[] };
  readonly out: Encoded;
  /** Entries of the state that the call changes, with their new values. */
  readonly stateAfter?: Readonly<Record<string, Encoded>>;
  readonly atol: number;
  readonly rtol: number;
  readonly cotangents: readonly Encoded[];
  /** By id of the tensor that forward is given. */
  readonly grads: Readonly<Record<string, Encoded>>;
  readonly paramGrads: Readonly<Record<string, Encoded>>;
  readonly gatol: number;
  readonly grtol: number;
}

/** The operator cases in files, and in the files of folders, whose names end with .jsonl or .jsonl.gz. */
export function* readCases(paths: readonly string[]): Generator<Case> {
  for (const test of readLines(paths)) if ("op" in test) yield test;
}

/** The operator's name, with the variant in braces. */
export function nameOf({ op, variant }: Pick<Case, "op" | "variant">): string {
  return variant === "" ? op : `${op} {${variant}}`;
}

export function casesByName(cases: Iterable<Case>): Map<string, Case[]> {
  const byName = new Map<string, Case[]>();
  for (const test of cases) {
    const name = nameOf(test);
    const own = byName.get(name);
    if (own === undefined) byName.set(name, [test]);
    else own.push(test);
  }
  return byName;
}

/** The module cases there. */
export function* readModuleCases(paths: readonly string[]): Generator<ModuleCase> {
  for (const test of readLines(paths)) if ("module" in test) yield test;
}

function* readLines(paths: readonly string[]): Generator<Case | ModuleCase> {
  for (const path of paths.flatMap(filesIn)) {
    const bytes = readFileSync(path);
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const line of text.split("\n")) {
      if (line !== "") yield JSON.parse(line) as Case | ModuleCase;
    }
  }
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.jsonl(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}
