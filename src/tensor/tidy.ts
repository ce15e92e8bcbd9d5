// tidy: everything made inside is given back, except what is returned.

import { inScope, type Scope } from "../autograd/scope.js";
import { Tensor } from "./tensor.js";

/** What tidy keeps: a tensor, or tensors in arrays and plain objects. */
export type Kept =
  | Tensor
  | readonly Kept[]
  | { readonly [key: string]: Kept }
  | number
  | string
  | boolean
  | null
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: so that the body may be declared to return nothing
  | void;

/**
 * Runs `body` and disposes every tensor it made, except those it returns. Parameters, gradients and what the tape saved
 * are not touched.
 */
export function tidy<R extends Kept>(body: () => R): R {
  return inScope((scope) => {
    const result = body();
    keepAll(result, scope);
    return result;
  });
}

function keepAll(value: Kept, scope: Scope): void {
  if (value instanceof Tensor) scope.keep(value);
  else if (Array.isArray(value)) for (const element of value as readonly Kept[]) keepAll(element, scope);
  else if (typeof value === "object" && value !== null)
    for (const element of Object.values(value)) keepAll(element as Kept, scope);
}
