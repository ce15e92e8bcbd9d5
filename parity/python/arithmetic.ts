// What Python's arithmetic operators do with numbers, lists and tensors.

import { Tensor, tensor } from "tapegrad";

const NUMBERS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
};

const TENSORS: Readonly<Record<string, (a: Tensor, b: Tensor | number) => Tensor>> = {
  "+": (a, b) => a.add(b),
  "-": (a, b) => a.sub(b),
  "*": (a, b) => a.mul(b),
  "/": (a, b) => a.div(b),
  "**": (a, b) => a.pow(b),
  "@": (a, b) => a.matmul(b as Tensor),
};

/** Operators whose left side is a number and whose right side is a tensor; as PyTorch rounds them. */
const REFLECTED: Readonly<Record<string, (a: number, b: Tensor) => Tensor>> = {
  "+": (a, b) => b.add(a),
  "-": (a, b) => b.neg().add(a),
  "*": (a, b) => b.mul(a),
  "/": (a, b) => b.reciprocal().mul(a),
  "**": (a, b) => tensor(a).pow(b),
};

export function binary(operator: string, a: unknown, b: unknown): unknown {
  const isNumber = (value: unknown): value is number => typeof value === "number";
  if (isNumber(a) && isNumber(b) && NUMBERS[operator]) return NUMBERS[operator](a, b);
  if (a instanceof Tensor && (isNumber(b) || b instanceof Tensor) && TENSORS[operator]) return TENSORS[operator](a, b);
  if (isNumber(a) && b instanceof Tensor && REFLECTED[operator]) return REFLECTED[operator](a, b);
  if (operator === "+" && Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (operator === "*" && Array.isArray(a) && isNumber(b)) return Array.from({ length: b }, () => a).flat(1);
  throw new Error(`the source has ${described(a)} ${operator} ${described(b)}, which is not known here`);
}

/** In a few words, for errors. */
export function described(value: unknown): string {
  if (value instanceof Tensor) return `a tensor [${value.shape.join(", ")}]`;
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "namespace"}`;
  return String(value);
}
