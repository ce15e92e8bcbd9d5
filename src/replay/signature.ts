// The signature of a call: what has to be the same for a recorded step to stand for it. Of tensors that is where and how
// their elements lie, not which; of anything else, which value or object it is.

import { modesNow } from "../autograd/mode.js";
import { TapegradError } from "../core/errors.js";
import type { Block } from "../runtime/block.js";
import { Tensor } from "../tensor/tensor.js";

export interface Signature {
  readonly key: string;
  /** The tensors among the arguments, in order. */
  readonly inputs: readonly Tensor[];
}

const identities = new WeakMap<object, number>();
let identified = 0;

export function signatureOf(args: readonly unknown[]): Signature {
  const inputs: Tensor[] = [];
  const blocks: Block[] = [];
  const write = (value: unknown): string => {
    if (value instanceof Tensor) {
      inputs.push(value);
      return writeTensor(value, blocks);
    }
    if (Array.isArray(value)) return `[${(value as unknown[]).map(write).join()}]`;
    if (isRecord(value)) {
      return `{${Object.entries(value)
        .map(([name, part]) => `${JSON.stringify(name)}:${write(part)}`)
        .join()}}`;
    }
    if ((typeof value === "object" && value !== null) || typeof value === "function") return `#${identity(value)}`;
    return typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
  };
  return { key: `${modesNow()} ${write(args)}`, inputs };
}

function writeTensor(tensor: Tensor, blocks: Block[]): string {
  if (tensor.variable !== undefined) {
    const fix = "detach() it, or let the step use it without passing it";
    throw new TapegradError("compile", `an argument requires grad (made by ${tensor.madeBy}): ${fix}`);
  }
  const { array } = tensor;
  const { shape, strides } = array.realize().layout;
  const { block, start } = array;
  let index = blocks.indexOf(block);
  if (index < 0) index = blocks.push(block) - 1;
  return `${array.dtype}(${shape.join()};${strides.join()}@${start}:${index}/${block.bytes})`;
}

/** The value with its tensors replaced, in the order in which the signature lists them. */
export function withTensors<T>(value: T, next: () => Tensor): T {
  const replace = (part: unknown): unknown => {
    if (part instanceof Tensor) return next();
    if (Array.isArray(part)) return part.map(replace);
    if (!isRecord(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, replace(inner)]));
  };
  return replace(value) as T;
}

/** Whether a value is a plain object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function identity(value: object): number {
  let id = identities.get(value);
  if (id === undefined) identities.set(value, (id = identified++));
  return id;
}
