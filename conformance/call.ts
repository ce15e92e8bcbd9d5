// From PyTorch's signature to tapegrad's public API, by its one rule: the name in camelCase, required arguments by
// position, optional ones in a trailing object.

import * as tg from "tapegrad";
import type { Case, Encoded, Given, Parameter } from "./cases.js";
import { decode, isWholeFloat, type Leaves } from "./decode.js";
import type { Found, Missing } from "./verdict.js";

/** A call that can be made. */
export interface Call extends Found {
  readonly run: () => unknown;
  readonly leaves: Leaves;
}

/** Renamed where PyTorch has names that JavaScript or the rule cannot take. */
const RENAMED: Readonly<Record<string, string>> = {
  __getitem__: "index",
  true_divide: "div",
  "nn.functional._scaled_dot_product_attention": "scaledDotProductAttention",
};

const NAMESPACES: Readonly<Record<string, unknown>> = {
  "nn.functional": tg.F,
  linalg: tg.linalg,
  special: tg.special,
  fft: tg.fft,
  masked: tg.masked,
};

/** @param leaves - tensors to take instead of the case's own, by id */
export function callOf(test: Case, leaves: Leaves = new Map()): Call | Missing {
  const given = argumentsOf(test, leaves);
  const name = camelCase((RENAMED[test.op] ?? test.op).split(".").at(-1)!);
  const prefix = test.op.split(".").slice(0, -1).join(".");

  if (prefix !== "") {
    const found = (NAMESPACES[prefix] as Record<string, unknown> | undefined)?.[name];
    if (typeof found !== "function") return { missing: `${prefix}.${name}` };
    return { name: `${prefix.replace("nn.functional", "F")}.${name}`, run: () => found(...given), leaves };
  }
  const [self, ...others] = given;
  const isMethod = ["input", "self", "tensor", "a"].includes(test.sig[0]![0]);
  if (isMethod && self instanceof tg.Tensor && name in self) {
    const owner = self as unknown as Record<string, unknown>;
    const run = (): unknown =>
      typeof owner[name] === "function" ? (owner[name] as (...args: unknown[]) => unknown)(...others) : owner[name];
    return { name: `x.${name}`, run, leaves };
  }
  const found = (tg as Record<string, unknown>)[name];
  if (typeof found !== "function") return { missing: name };
  return { name, run: () => found(...given), leaves };
}

/**
 * The arguments by tapegrad's rule. Tensors are entered in `leaves`.
 * @param nullable - optional arguments whose None is passed on; of the others it is the default
 */
export function argumentsOf(given: Given, leaves: Leaves, nullable: ReadonlySet<string> = new Set()): unknown[] {
  const { positional, options } = arrange(
    given,
    given.sig.map((parameter) => argument(given, parameter, leaves)),
    nullable,
  );
  return Object.keys(options).length === 0 ? positional : [...positional, options];
}

/** The value of one argument; undefined where the call leaves it out. */
export function argumentNamed(given: Given, name: string): unknown {
  const parameter = given.sig.find(([own]) => own === name);
  return parameter && argument(given, parameter, new Map()).value;
}

interface Argument {
  readonly name: string;
  readonly kind: Parameter[1];
  readonly encoded: Encoded;
  readonly value: unknown;
  /** Whether the value lists all arguments that follow, rather than being one. */
  readonly isAll: boolean;
}

function argument({ input, args, kwargs }: Given, [name, kind, where]: Parameter, leaves: Leaves): Argument {
  const [source, key] = where.split(/\.(.*)/s) as [string, string?];
  const encoded =
    source === "input" ? input! : source === "kwargs" ? kwargs[key!]! : key === "*" ? args : args[Number(key)]!;
  return { name, kind, encoded, value: decode(encoded, leaves), isAll: key === "*" };
}

function arrange(
  { flags = [] }: Given,
  given: readonly Argument[],
  nullable: ReadonlySet<string>,
): { positional: unknown[]; options: Record<string, unknown> } {
  const positional: unknown[] = [];
  const options: Record<string, unknown> = {};
  const tensors = given.map(({ value }) => value).filter((value) => value instanceof tg.Tensor);
  const isIntCase = tensors.length > 0 && tensors.every(({ dtype }) => dtype !== "float32");
  for (const { name, kind, encoded, value, isAll } of given) {
    // JavaScript has one kind of number: beside integer tensors 2.0 is a tensor without dimensions.
    const isFloatBesideInts = flags.includes("integralFloatScalar") && isIntCase && isWholeFloat(encoded);
    const passed = isFloatBesideInts ? tg.tensor(value as number) : value;
    if (kind === "opt") {
      if (passed !== null || nullable.has(name)) options[camelCase(name)] = passed;
    } else if (isAll && Array.isArray(passed)) positional.push(...passed);
    else positional.push(passed);
  }
  return { positional, options };
}

export function camelCase(name: string): string {
  return name.replace(/(?<=[a-zA-Z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
