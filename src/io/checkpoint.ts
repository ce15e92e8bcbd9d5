// save and load: state dicts and whole checkpoints in one safetensors file.

import { platform } from "#platform";
import { checkDType } from "../core/check.js";
import { FileFormatError, TapegradError } from "../core/errors.js";
import { fromHost } from "../tensor/create.js";
import { Tensor } from "../tensor/tensor.js";
import { deserialize, type HostTensor, serialize } from "./safetensors.js";

/** Anything save takes: tensors, and what JSON can hold, in plain objects and arrays. */
export type Saveable =
  | Tensor
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Saveable[]
  | { readonly [key: string]: Saveable };

/** Where the structure around the tensors is kept, among the file's metadata. */
const STRUCTURE = "tapegrad";

/**
 * Saves a state dict, or any object of tensors and plain values, as a safetensors file. The file is written whole or not
 * at all. A state dict's names are the file's, so that other readers of the format find them.
 *
 *     await save({ model: model.stateDict(), optimizer: optimizer.stateDict(), epoch }, "runs/checkpoint.safetensors");
 */
export async function save(value: { readonly [key: string]: Saveable }, path: string): Promise<void> {
  const pending: [string, Tensor][] = [];
  const structure = strip(value, "", pending);
  const tensors: Record<string, HostTensor> = {};
  for (const [name, tensor] of pending) {
    tensors[name] = { dtype: tensor.dtype, shape: tensor.shape, data: await tensor.data() };
  }
  const isFlat = Object.values(value).every((part) => part instanceof Tensor);
  const metadata: Record<string, string> = isFlat ? {} : { [STRUCTURE]: JSON.stringify(structure) };
  await platform.writeFileAtomic(path, serialize({ tensors, metadata }));
}

/**
 * Loads what save wrote, or the tensors of any safetensors file, by name.
 * @throws FileFormatError if the file is missing, truncated or inconsistent; DTypeError for float16 where the adapter has none
 */
// biome-ignore lint/suspicious/noExplicitAny: the shape of a file is the caller's to know
export async function load<T = any>(path: string): Promise<T> {
  const bytes = await platform.readFile(path);
  if (bytes === undefined) throw new FileFormatError("load", `there is no file ${path}`);
  const { tensors, metadata } = deserialize(bytes, path);
  for (const { dtype } of Object.values(tensors)) checkDType("load", dtype);
  const made = Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape, dtype }]) => [name, fromHost(data, shape, dtype)]),
  );
  const text = metadata[STRUCTURE];
  if (text === undefined) return made as T;
  try {
    return restore(JSON.parse(text), made) as T;
  } catch (error) {
    throw new FileFormatError(path, "its structure cannot be read", { cause: error });
  }
}

interface Reference {
  readonly $tensor: string;
}

/** The value with tensors replaced by references; the tensors are collected under their paths. */
function strip(value: Saveable, path: string, tensors: [string, Tensor][]): unknown {
  if (value instanceof Tensor) {
    tensors.push([path, value]);
    return { $tensor: path } satisfies Reference;
  }
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function" || typeof value === "bigint" || typeof value === "symbol") {
      throw new TapegradError("save", `a ${typeof value} at "${path}" cannot be saved`);
    }
    return value;
  }
  const inside = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((part: Saveable, i) => strip(part, inside(i), tensors));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, strip(part as Saveable, inside(key), tensors)]),
  );
}

function restore(value: unknown, tensors: Readonly<Record<string, Tensor>>): unknown {
  if (Array.isArray(value)) return value.map((part) => restore(part, tensors));
  if (typeof value !== "object" || value === null) return value;
  const { $tensor: name } = value as Partial<Reference>;
  if (name !== undefined) {
    const tensor = tensors[name];
    if (tensor === undefined) throw new RangeError(`no tensor called "${name}"`);
    return tensor;
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, restore(part, tensors)]));
}
