// What a step returns: tensors, also in arrays and plain objects, and values that are the same each time.

import { TapegradError } from "../core/errors.js";
import { Tensor } from "../tensor/tensor.js";
import { isRecord } from "./signature.js";

/** A result with its tensors taken out. */
export type Template =
  | { readonly kind: "tensor"; readonly index: number }
  | { readonly kind: "list"; readonly parts: readonly Template[] }
  | { readonly kind: "record"; readonly parts: readonly (readonly [string, Template])[] }
  | { readonly kind: "value"; readonly value: unknown };

/** Takes the tensors out of a result. */
export function takeApart(value: unknown, tensors: Tensor[]): Template {
  if (value instanceof Tensor) return { kind: "tensor", index: tensors.push(value) - 1 };
  if (value instanceof Promise) {
    value.catch(() => undefined); // told of here
    throw new TapegradError(
      "compile",
      "a step is a function that is not async: return tensors, and await them outside",
    );
  }
  if (Array.isArray(value)) return { kind: "list", parts: value.map((part) => takeApart(part, tensors)) };
  if (!isRecord(value)) return { kind: "value", value };
  return {
    kind: "record",
    parts: Object.entries(value).map(([name, part]) => [name, takeApart(part, tensors)] as const),
  };
}

/** The result with other tensors. */
export function putTogether(template: Template, tensors: readonly Tensor[]): unknown {
  switch (template.kind) {
    case "tensor":
      return tensors[template.index];
    case "list":
      return template.parts.map((part) => putTogether(part, tensors));
    case "record":
      return Object.fromEntries(template.parts.map(([name, part]) => [name, putTogether(part, tensors)]));
    case "value":
      return template.value;
    default:
      return template satisfies never;
  }
}
