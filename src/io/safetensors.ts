// The safetensors format: eight bytes with the length of a JSON header, the header, then the tensors' bytes. The header
// maps names to { dtype, shape, data_offsets: [begin, end] }, and "__metadata__" to strings.
// (https://huggingface.co/docs/safetensors)

import { type DType, dtypes, type TypedArray } from "../core/dtype.js";
import { FileFormatError } from "../core/errors.js";
import { fromHalves, toHalves } from "../core/half.js";
import { numel, type Shape } from "../core/shape.js";

/** A tensor's contents on the host. uint8 and bool take one byte an element in a file. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const NAMES = { float32: "F32", float16: "F16", int32: "I32", uint8: "U8", bool: "BOOL" } as const satisfies Record<
  DType,
  string
>;
const MAX_HEADER = 100_000_000; // bytes; the limit of the format's own readers

export function serialize({ tensors, metadata }: SafetensorsFile): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  const contents = Object.values(tensors).map(({ dtype, data }) => (dtype === "float16" ? toHalves(data) : data));
  for (const [i, [name, { dtype, shape }]] of Object.entries(tensors).entries()) {
    const begin = end;
    end += contents[i]!.byteLength;
    header[name] = { dtype: NAMES[dtype], shape, data_offsets: [begin, end] };
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const padding = (8 - (json.length % 8)) % 8; // spaces, so that the tensors are aligned
  const bytes = new Uint8Array(8 + json.length + padding + end).fill(0x20, 8, 8 + json.length + padding);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length + padding), true);
  bytes.set(json, 8);
  let at = 8 + json.length + padding;
  for (const data of contents) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * @param name - of the file, for errors
 * @throws FileFormatError for anything that is not whole and consistent; nothing is allocated on a header's word
 */
export function deserialize(bytes: Uint8Array, name: string): SafetensorsFile {
  const fail = (problem: string): never => {
    throw new FileFormatError(name, `is not a valid safetensors file: ${problem}`);
  };
  if (bytes.length < 8) fail(`it has ${bytes.length} bytes, and the length of its header alone takes 8`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (headerLength > MAX_HEADER || headerLength > bytes.length - 8) {
    fail(`its header claims ${headerLength} bytes, the file has ${bytes.length}`);
  }
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)), fail);
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + headerLength, bytes.length - 8 - headerLength);

  const tensors: Record<string, HostTensor> = {};
  let covered = 0;
  const entries = Object.entries(header).filter(([key]) => key !== "__metadata__");
  for (const [key, entry] of entries
    .map(([key, value]) => [key, checkEntry(key, value, body.length, fail)] as const)
    .sort(([, a], [, b]) => a.begin - b.begin)) {
    const { dtype, shape, begin, end } = entry;
    if (begin !== covered) fail(`"${key}" starts at byte ${begin}, and the tensor before it ends at ${covered}`);
    covered = end;
    tensors[key] = { dtype, shape, data: read(body.slice(begin, end), dtype) };
  }
  if (covered !== body.length) fail(`its tensors take ${covered} bytes, and ${body.length} follow the header`);
  const inOrder = Object.fromEntries(entries.map(([key]) => [key, tensors[key]!]));
  return { tensors: inOrder, metadata: (header["__metadata__"] ?? {}) as Record<string, string> };
}

type Fail = (problem: string) => never;

function parseHeader(text: string, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    fail("its header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) fail("its header is not a JSON object");
  return header as Record<string, unknown>;
}

function checkEntry(
  key: string,
  value: unknown,
  length: number,
  fail: Fail,
): { dtype: DType; shape: Shape; begin: number; end: number } {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const isSizes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) return fail(`the entry of "${key}" is malformed`);
  const type = (Object.keys(NAMES) as DType[]).find((candidate) => NAMES[candidate] === dtype);
  if (type === undefined) return fail(`"${key}" is ${dtype}; tapegrad reads ${Object.values(NAMES).join(", ")}`);
  const [begin, end] = offsets as [number, number];
  const bytes = numel(shape) * fileBytes(type);
  if (begin > end || end > length) return fail(`"${key}" lies at bytes ${begin} to ${end} of ${length}`);
  if (end - begin !== bytes)
    return fail(`"${key}" has ${end - begin} bytes, its shape [${shape.join(", ")}] needs ${bytes}`);
  return { dtype: type, shape, begin, end };
}

function fileBytes(dtype: DType): number {
  return dtype === "uint8" || dtype === "bool" ? 1 : dtypes[dtype].bytes;
}

function read(bytes: Uint8Array, dtype: DType): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(bytes.buffer);
    case "int32":
      return new Int32Array(bytes.buffer);
    case "uint8":
    case "bool":
      return bytes;
    case "float16":
      return fromHalves(new Uint16Array(bytes.buffer));
    default:
      return dtype satisfies never;
  }
}
