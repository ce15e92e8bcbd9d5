// Conformance cases: operator calls with the values and vector-Jacobian products that PyTorch computed in float64. One
// JSON object per line, gzipped or not; conformance/README.md describes them.

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
  readonly id: number;
  readonly requiresGrad?: boolean;
}

/** An argument: PyTorch's name of the parameter, how it may be given, and where its value is: `args.2`, `kwargs.dim`. */
export type Parameter = readonly [name: string, kind: "req" | "opt" | "ovl", where: string];

export interface Case {
  readonly op: string;
  readonly variant: string;
  readonly id: number;
  readonly tier: string;
  readonly input: Encoded;
  readonly args: readonly Encoded[];
  readonly kwargs: Readonly<Record<string, Encoded>>;
  readonly sig: readonly Parameter[];
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
  readonly flags?: readonly string[];
}

/** The cases in files, and in the files of folders, whose names end with .jsonl or .jsonl.gz; modules are not ops. */
export function* readCases(paths: readonly string[]): Generator<Case> {
  for (const path of paths.flatMap(filesIn)) {
    const bytes = readFileSync(path);
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const parsed = JSON.parse(line) as Case | { readonly module: string };
      if (!("module" in parsed)) yield parsed;
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
