// Comparisons, indices and members of numbers, lists, tensors and modules.

import { slice, Tensor } from "tapegrad";
import { described } from "./arithmetic.js";
import type { Callable } from "./signatures.js";
import { attribute, Interpreted, Namespace } from "./torch.js";

export class Slice {
  constructor(
    readonly start: number | null = null,
    readonly stop: number | null = null,
    readonly step: number | null = null,
  ) {}
}

export function compared(operator: string, a: unknown, b: unknown): unknown {
  if (operator === "is") return a === b;
  if (operator === "is not") return a !== b;
  if (operator === "in" && b instanceof Map) return b.has(a);
  if (operator === "not in" && b instanceof Map) return !b.has(a);
  const isPlain = (value: unknown): value is number => ["number", "string", "boolean"].includes(typeof value);
  if (isPlain(a) && isPlain(b)) {
    if (operator === "==") return a === b;
    if (operator === "!=") return a !== b;
    if (operator === "<") return a < b;
    if (operator === ">") return a > b;
    if (operator === "<=") return a <= b;
    if (operator === ">=") return a >= b;
  }
  const names: Readonly<Record<string, "lt" | "gt" | "le" | "ge" | "eq" | "ne">> = {
    "<": "lt",
    ">": "gt",
    "<=": "le",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
  };
  const name = names[operator];
  if (name !== undefined && a instanceof Tensor && (typeof b === "number" || b instanceof Tensor)) return a[name](b);
  throw new Error(`the source has ${described(a)} ${operator} ${described(b)}, which is not known here`);
}

export function isTrue(value: unknown): boolean {
  if (value instanceof Tensor) throw new Error("the source asks whether a tensor is true, which is not known here");
  return Array.isArray(value) ? value.length > 0 : value instanceof Map ? value.size > 0 : Boolean(value);
}

export function indexed(owner: unknown, index: unknown): unknown {
  if (owner instanceof Map) {
    if (!owner.has(index))
      throw new Error(`the source wants ${String(index)}, which is not among ${[...owner.keys()]}`);
    return owner.get(index);
  }
  if (owner instanceof Tensor) {
    const all: unknown[] = (Array.isArray(index) ? index : [index]).map((at) =>
      at instanceof Slice ? slice(at.start, at.stop, at.step) : at,
    );
    return (owner as { index(...at: readonly unknown[]): Tensor }).index(...all); // which checks them
  }
  const list = isIterable(owner) ? [...owner] : [];
  if (index instanceof Slice && index.step === null) return list.slice(index.start ?? 0, index.stop ?? undefined);
  if (typeof index === "number" && list.at(index) !== undefined) return list.at(index);
  throw new Error(`the source indexes ${described(owner)} with ${described(index)}, which is not known here`);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

export function member(owner: unknown, name: string): unknown {
  if (owner instanceof Map) {
    const own: Readonly<Record<string, Callable>> = {
      get: ([key, other = null]) => owner.get(key) ?? other,
      setdefault: ([key, value]) => owner.get(key) ?? owner.set(key, value).get(key),
    };
    if (own[name] !== undefined) return own[name];
  }
  if (Array.isArray(owner) && name === "append") return ([value]: readonly unknown[]) => void owner.push(value);
  const found = attribute(owner, name);
  const whose = owner instanceof Namespace ? owner.name : described(owner);
  if (found === undefined) throw new Error(`the source has ${whose}.${name}, which is not known here`);
  return found;
}

/** @throws where only modules of the source have fields to assign */
export function assignMember(owner: unknown, name: string, value: unknown): void {
  const isField = owner instanceof Interpreted && (name === "training" || !(name in Interpreted.prototype));
  if (!isField) throw new Error(`the source assigns ${described(owner)}.${name}, which is not known here`);
  (owner as unknown as Record<string, unknown>)[name] = value;
}
