// save: state dicts, and any object of tensors and plain values, in one safetensors file.

import { platform } from "#platform";
import { describe } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { Tensor } from "../tensor/tensor.js";
import { serialize } from "./safetensors.js";
import { strip } from "./structure.js";

/** Where the structure around the tensors is kept, among the file's metadata. */
export const STRUCTURE = "tapegrad";

export interface SaveOptions {
  /** Texts by name, for people and programs that look at the file; readMetadata() gives them back. Default none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Saves a state dict, or any object of tensors and plain values (objects, arrays, texts, numbers, booleans, null), as a
 * safetensors file. It is written whole or not at all: to a temporary file, which is flushed to the disk and renamed. A
 * state dict's names are the file's, so that other readers of the format find them.
 *
 *     await save(model.stateDict(), "runs/model.safetensors", { metadata: { format: "pt" } });
 *
 * Tensors are read from the GPU one after the other, so only one at a time is on the host: wait for save before the next
 * step changes them. Of what a run needs to go on, Checkpoint forgets nothing.
 *
 * @throws TapegradError naming what cannot be saved; nothing is written then
 */
export async function save(
  value: { readonly [key: string]: unknown },
  path: string,
  { metadata = {} }: SaveOptions = {},
): Promise<void> {
  if (typeof path !== "string") {
    throw new TapegradError("save", `takes what to save, then a path, got ${describe(value)} and ${describe(path)}`);
  }
  const named = new Map<string, Tensor>();
  const structure = strip(value, named);
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== "string" || key === STRUCTURE)
      throw new TapegradError("save", `metadata holds texts, and none called "${STRUCTURE}"; look at "${key}"`);
  }
  if (named.has("__metadata__")) throw new TapegradError("save", '"__metadata__" is taken by the format: rename it');
  const isFlat = Object.values(value).every((part) => part instanceof Tensor);
  const tensors = Array.from(named, ([name, tensor]) => {
    return { name, dtype: tensor.dtype, shape: tensor.shape, data: () => tensor.data() };
  });
  const texts = isFlat ? metadata : { ...metadata, [STRUCTURE]: JSON.stringify(structure) };
  await platform.writeFileAtomic(path, serialize(tensors, texts));
}
