// NumPy's format of one array: "\x93NUMPY", the version (two bytes), the length of the header (two bytes, four from
// version 2 on), the header (a Python dictionary: descr, fortran_order, shape), the elements.
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)

import { checkDType } from "../core/check.js";
import { FileFormatError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import type { OpenFile } from "../runtime/platform/platform.js";
import { fromHost } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { bytesNeeded, type ElementType, elements, type Fail, MAX_RANK, readElements } from "./elements.js";
import { type FileSource, withFile } from "./source.js";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"

/** NumPy's type codes, and what safetensors calls them. "|" is for types of one byte, which have no order. */
const CODES: Readonly<Record<string, ElementType>> = {
  "<f8": "F64",
  "<f4": "F32",
  "<f2": "F16",
  "<i8": "I64",
  "<i4": "I32",
  "<i2": "I16",
  "|i1": "I8",
  "<u8": "U64",
  "<u4": "U32",
  "<u2": "U16",
  "|u1": "U8",
  "|b1": "BOOL",
};

/**
 * Loads an array that numpy.save wrote. float64 becomes float32; int64 and all integers but uint8 become int32, and one
 * that does not fit is an error.
 *
 * @param source - a path (in a browser a URL), or the file's bytes
 * @throws FileFormatError if the file is missing or truncated, or holds Python objects, records, text, complex numbers,
 *   big-endian numbers or an array in Fortran's order; DTypeError for float16 where the adapter has none
 */
export async function loadNpy(source: FileSource): Promise<Tensor> {
  return withFile("loadNpy", source, (file, name) => readNpy(file, name));
}

/** @internal The array of an open file. */
export async function readNpy(file: OpenFile, name: string): Promise<Tensor> {
  const fail: Fail = (problem) => {
    throw new FileFormatError(name, `is not an .npy file that can be read: ${problem}`);
  };
  const { text, length } = await readHeader(file, fail);
  const { descr, isFortran, shape } = parseHeader(text, fail);
  const type = Object.hasOwn(CODES, descr) ? CODES[descr] : undefined;
  if (type === undefined) return fail(reasonAgainst(descr));
  if (isFortran) fail("its array is in Fortran's order: save numpy.ascontiguousarray(x)");
  if (shape.length > MAX_RANK) fail(`its array has ${shape.length} dimensions; there may be ${MAX_RANK}`);
  const needed = bytesNeeded(type, shape);
  const there = file.size - length;
  if (there !== needed)
    fail(
      `an array ${descr} of shape [${shape.join(", ")}] takes ${needed} bytes after the header, the file has ${there}`,
    );
  const { dtype } = elements[type];
  checkDType("loadNpy", dtype);
  const bytes = await file.read(length, needed);
  if (bytes.length < needed) fail("it was cut off while it was read");
  const refuse: Fail = (problem) => {
    throw new FileFormatError(name, problem);
  };
  return fromHost(readElements(type, bytes, "the array", refuse), shape, dtype);
}

/** The header's text, and how many bytes come before the elements. */
async function readHeader(file: OpenFile, fail: Fail): Promise<{ text: string; length: number }> {
  const start = await file.read(0, 12);
  if (!MAGIC.every((byte, i) => start[i] === byte)) fail('it does not start with "\\x93NUMPY"');
  if (start.length < 12) fail(`it has ${start.length} bytes, which is less than the start of a header`);
  const version = start[6]!;
  if (version < 1 || version > 3) fail(`it is of version ${version}; there are 1, 2 and 3`);
  const view = new DataView(start.buffer, start.byteOffset, 12);
  const [before, claimed] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (before + claimed > file.size) fail(`its header claims ${claimed} bytes, the file has ${file.size}`);
  // NumPy itself refuses longer headers: Python's parser does not bear them.
  if (claimed > MAX_HEADER) fail(`its header claims ${claimed} bytes; there may be ${MAX_HEADER}`);
  const bytes = await file.read(before, claimed);
  return { text: new TextDecoder().decode(bytes), length: before + claimed };
}

const MAX_HEADER = 10_000; // NumPy's max_header_size

interface Header {
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: Shape;
}

const ITEM = /\s*(?:'(\w+)'|"(\w+)")\s*:\s*('[^'\\]*'|"[^"\\]*"|True|False|\([\d\s,L]*\)|\[.*\])\s*(?:,|(?=\}))/sy;

/** A Python dictionary of the three keys, each once, in any order. */
function parseHeader(text: string, fail: Fail): Header {
  const dictionary = text.trim();
  const found = new Map<string, string>();
  ITEM.lastIndex = 1;
  for (let item = ITEM.exec(dictionary); item !== null; item = ITEM.exec(dictionary)) {
    const key = (item[1] ?? item[2])!;
    if (found.has(key)) fail(`its header has the key "${key}" twice`);
    found.set(key, item[3]!);
    if (/^\s*\}$/.test(dictionary.slice(ITEM.lastIndex))) break;
  }
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((key) => found.get(key));
  const isWhole = dictionary.startsWith("{") && /^\s*\}$/.test(dictionary.slice(ITEM.lastIndex));
  if (descr === undefined || order === undefined || shape === undefined || found.size !== 3 || !isWhole)
    return fail(`its header is not a dictionary of descr, fortran_order and shape: ${text.trim().slice(0, 80)}`);
  if (!/^(True|False)$/.test(order)) fail(`its fortran_order is ${order}, neither True nor False`);
  const sizes = [...shape.matchAll(/\d+/g)].map(Number);
  const isTuple = /^\(\s*(\d+L?\s*,\s*)*(\d+L?\s*)?\)$/.test(shape) && !/^\(\s*\d+L?\s*\)$/.test(shape);
  if (!isTuple || !sizes.every(Number.isSafeInteger)) fail(`its shape is ${shape.slice(0, 80)}, not a tuple of sizes`);
  return { descr: /^['"](.*)['"]$/.exec(descr)?.[1] ?? descr, isFortran: order === "True", shape: sizes };
}

function reasonAgainst(descr: string): string {
  const supported = `tapegrad reads ${Object.keys(CODES).join(", ")}`;
  if (descr.startsWith("[")) return `its array is of records: save each field by itself; ${supported}`;
  if (descr.includes("O")) return `its array holds Python objects (${descr}), which could run code; ${supported}`;
  if (/^>[fiu][248]$/.test(descr))
    return `its array is big-endian (${descr}): save x.astype(x.dtype.newbyteorder("<")); ${supported}`;
  return `its array is ${descr.slice(0, 40)}; ${supported}`;
}
