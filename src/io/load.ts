// load: what save wrote, and the tensors of any safetensors file.

import { checkDType } from "../core/check.js";
import { FileFormatError } from "../core/errors.js";
import type { OpenFile } from "../runtime/platform/platform.js";
import { fromHost } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { elements, type Fail } from "./elements.js";
import { type Header, readHeader, readTensors } from "./safetensors.js";
import { STRUCTURE } from "./save.js";
import { type FileSource, withFile } from "./source.js";
import { restore } from "./structure.js";

/**
 * Loads what save wrote, or the tensors of any safetensors file, by name:
 *
 *     model.loadStateDict(await load("resnet18.safetensors"));
 *
 * float64 and bfloat16 become float32; int64 and all integers but uint8 become int32, and one that does not fit is an
 * error. Sizes are checked against the file before anything is allocated, and tensors are read one after the other, so
 * the file is in memory once.
 *
 * @param source - a path (in a browser a URL), or the file's bytes
 * @throws FileFormatError if the file is missing, truncated or inconsistent; DTypeError for float16 where the adapter has none
 */
// biome-ignore lint/suspicious/noExplicitAny: the shape of a file is the caller's to know
export async function load<T = any>(source: FileSource): Promise<T> {
  return withFile("load", source, async (file, name) => {
    const header = await readHeader(file, failing(name));
    const tensors = await tensorsOf(file, header, name);
    const text = header.metadata[STRUCTURE];
    if (text === undefined) return Object.fromEntries(tensors) as T;
    try {
      return restore(JSON.parse(text), tensors) as T;
    } catch (error) {
      throw new FileFormatError(name, "its structure cannot be read", { cause: error });
    }
  });
}

/** The metadata of a safetensors file: texts by name. Only the header is read. */
export async function readMetadata(source: FileSource): Promise<Record<string, string>> {
  return withFile("readMetadata", source, async (file, name) => {
    const { [STRUCTURE]: _, ...metadata } = (await readHeader(file, failing(name))).metadata;
    return metadata;
  });
}

async function tensorsOf(file: OpenFile, header: Header, name: string): Promise<ReadonlyMap<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const { type } of header.entries) checkDType("load", elements[type].dtype);
  const read = readTensors(file, header, failing(name), refusing(name));
  for await (const [key, { data, shape, dtype }] of read) tensors.set(key, fromHost(data, shape, dtype));
  return tensors;
}

function failing(name: string): Fail {
  return (problem) => {
    throw new FileFormatError(name, `is not a valid safetensors file: ${problem}`);
  };
}

/** What a valid file holds and tapegrad does not. */
function refusing(name: string): Fail {
  return (problem) => {
    throw new FileFormatError(name, problem);
  };
}
