// State dicts: tensors by name.

import { describe, isTensor } from "../core/check.js";
import { formatShape, inWords, TapegradError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Tensors by name, as PyTorch names them: "layers.0.weight". */
export type StateDict = Record<string, Tensor>;

/** Names in which a module and a state dict that was loaded differ. */
export interface LoadedKeys {
  /** Of the module, not in the state dict: what they name is as it was. */
  readonly missingKeys: readonly string[];
  /** Of the state dict, not in the module. */
  readonly unexpectedKeys: readonly string[];
}

/** The name in PyTorch's state dicts of a field that is named in camelCase: weightIhL0 is weight_ih_l0. */
export function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The names that one of both lacks. Throws, naming every key, unless the state fits the module's own. */
export function checkState(own: ReadonlyMap<string, Tensor>, state: StateDict, strict: boolean): LoadedKeys {
  if (typeof state !== "object" || state === null)
    throw new TapegradError("loadStateDict", `takes a state dict, got ${describe(state)}`);
  const problems: string[] = [];
  for (const [name, { shape }] of own) {
    const found: unknown = state[name];
    if (found === undefined || (isTensor(found) && sameShape(found.shape, shape))) continue;
    const there = isTensor(found) ? formatShape(found.shape) : describe(found);
    problems.push(`"${name}" is ${formatShape(shape)} here and ${there} in the file`);
  }
  const missing = [...own.keys()].filter((name) => state[name] === undefined);
  const unexpected = Object.keys(state).filter((name) => !own.has(name));
  if (strict && missing.length + unexpected.length > 0)
    problems.push(
      `missing: ${inWords(missing)}; not in the model: ${inWords(unexpected)}; { strict: false } ignores both`,
    );
  if (problems.length > 0) throw new TapegradError("loadStateDict", problems.join("; "));
  return { missingKeys: missing, unexpectedKeys: unexpected };
}
