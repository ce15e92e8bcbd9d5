// The safetensors format: eight bytes with the length of a JSON header, the header, then the tensors' bytes. The header
// maps names to { dtype, shape, data_offsets: [begin, end] }, and "__metadata__" to strings.
// (https://huggingface.co/docs/safetensors)

import type { DType, TypedArray } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { numel } from "../core/shape.js";
import type { OpenFile } from "../runtime/platform/platform.js";
import {
  bytesNeeded,
  bytesOf,
  type ElementType,
  elements,
  type Fail,
  MAX_RANK,
  readElements,
  typeOf,
} from "./elements.js";
import { duplicateKey } from "./json-keys.js";

/** A tensor's contents on the host. */
interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

/** A tensor that is about to be written: its contents are asked for when their turn comes. */
interface TensorToWrite {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  data(): Promise<TypedArray>;
}

/** What a header says of a tensor, found to be true of the file. */
interface Entry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** What a header says of its file, found to be true. */
export interface Header {
  /** In the order of the header. */
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the first tensor. */
  readonly length: number;
}

const MAX_HEADER = 100_000_000; // bytes; the limit of the format's own readers
const METADATA = "__metadata__";

/** The parts of a file one after the other: only one tensor at a time is on the host. */
export async function* serialize(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let end = 0;
  for (const { name, dtype, shape } of tensors) {
    const begin = end;
    end += numel(shape) * elements[typeOf[dtype]].bytes;
    header.push([name, { dtype: typeOf[dtype], shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8; // spaces follow, so that the tensors are aligned
  const start = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
  start.set(json, 8);
  yield start;
  for (const { dtype, data } of tensors) yield bytesOf(dtype, await data());
}

/**
 * The tensors of a file, one after the other. Nothing is allocated on a header's word.
 * @param refuse - called for a whole number that int32 does not hold: the file is valid then
 */
export async function* readTensors(
  file: OpenFile,
  header: Header,
  fail: Fail,
  refuse: Fail,
): AsyncGenerator<[name: string, HostTensor], void, undefined> {
  for (const { name, type, shape, begin, end } of header.entries) {
    const bytes = await file.read(header.length + begin, end - begin);
    if (bytes.length < end - begin) fail(`it was cut off while it was read, in "${name}"`);
    yield [name, { dtype: elements[type].dtype, shape, data: readElements(type, bytes, name, refuse) }];
  }
}

/** The header of a file, all of whose claims hold: each byte after it belongs to one tensor, of as many bytes as its shape needs. */
export async function readHeader(file: OpenFile, fail: Fail): Promise<Header> {
  const start = await file.read(0, 8);
  if (start.length < 8) fail(`it has ${start.length} bytes, and the length of its header alone takes 8`);
  const claimed = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (claimed > file.size - 8) fail(`its header claims ${claimed} bytes, the file has ${file.size}`);
  if (claimed > MAX_HEADER) fail(`its header claims ${claimed} bytes; the format allows ${MAX_HEADER}`);
  const header = parse(await file.read(8, claimed), fail);
  const { [METADATA]: metadata = {}, ...rest } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    fail(`its ${METADATA} is not a map of strings`);
  }
  const length = 8 + claimed;
  const entries = Object.entries(rest).map(([name, entry]) => checkEntry(name, entry, file.size - length, fail));
  checkCover(entries, file.size - length, fail);
  return { entries, metadata: metadata as Record<string, string>, length };
}

function parse(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("its header is not UTF-8");
  }
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    fail("its header is not JSON");
  }
  if (!isObject(header)) return fail("its header is not a JSON object");
  const twice = duplicateKey(text);
  if (twice !== undefined) fail(`its header has the key ${JSON.stringify(twice)} twice`);
  return header;
}

function checkEntry(name: string, value: unknown, available: number, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) return fail(`the entry of "${name}" is malformed`);
  if (shape.length > MAX_RANK) fail(`"${name}" has ${shape.length} dimensions; there may be ${MAX_RANK}`);
  if (typeof dtype !== "string" || !Object.hasOwn(elements, dtype))
    return fail(`"${name}" is ${String(dtype)}; tapegrad reads ${Object.keys(elements).join(", ")}`);
  const type = dtype as ElementType;
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > available) fail(`"${name}" lies at bytes ${begin} to ${end} of ${available}`);
  const needed = bytesNeeded(type, shape);
  if (end - begin !== needed)
    fail(`"${name}" has ${end - begin} bytes, its shape [${shape.join(", ")}] of ${type} needs ${needed}`);
  return { name, type, shape, begin, end };
}

/** Tensors follow each other without gaps, and none shares bytes with another. */
function checkCover(entries: readonly Entry[], available: number, fail: Fail): void {
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) fail(`"${name}" starts at byte ${begin}, and the tensor before it ends at ${covered}`);
    covered = end;
  }
  if (covered !== available) fail(`its tensors take ${covered} bytes, and ${available} follow the header`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(list: unknown): list is number[] {
  return Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
}
