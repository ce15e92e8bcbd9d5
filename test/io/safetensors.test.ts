// The safetensors format: what is read as what, and files that lie.

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load, ones, readMetadata, save, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

const folder = mkdtempSync(join(tmpdir(), "tapegrad-"));
beforeAll(openDevice);
afterAll(() => rmSync(folder, { recursive: true }));

const file = (header: unknown, body: Uint8Array | number, claimed?: number): Buffer => {
  const json = Buffer.isBuffer(header)
    ? header
    : Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimed ?? json.length));
  return Buffer.concat([length, json, typeof body === "number" ? Buffer.alloc(body) : body]);
};
const entry = (begin: number, end: number, shape: unknown = [1], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("types without a dtype of their own", () => {
  const read = async (type: string, body: ArrayBufferView, count: number): Promise<[string, unknown]> => {
    const x = (await load(file({ x: entry(0, body.byteLength, [count], type) }, bytes(body)))).x as Tensor;
    return [x.dtype, await x.toArray()];
  };

  test("become the nearest float32", async () => {
    expect(await read("F64", Float64Array.of(0.1, -1e300, 2 ** -1074), 3)).toEqual([
      "float32",
      [Math.fround(0.1), -Infinity, 0],
    ]);
    // 0x3fc0 is the upper half of 1.5f, 0xff80 of -infinity, 0x0001 of 2^-133
    expect(await read("BF16", Uint16Array.of(0x3fc0, 0xff80, 1), 3)).toEqual(["float32", [1.5, -Infinity, 2 ** -133]]);
    const nan = await read("BF16", Uint16Array.of(0x7fc0), 1);
    expect(nan).toEqual(["float32", [Number.NaN]]);
  });

  test("become int32", async () => {
    const edges = [-(2 ** 31), -1, 0, 2 ** 31 - 1];
    expect(await read("I64", BigInt64Array.from(edges, BigInt), 4)).toEqual(["int32", edges]);
    expect(await read("U64", BigUint64Array.of(0n, 2n ** 31n - 1n), 2)).toEqual(["int32", [0, 2 ** 31 - 1]]);
    expect(await read("U32", Uint32Array.of(7, 2 ** 31 - 1), 2)).toEqual(["int32", [7, 2 ** 31 - 1]]);
    expect(await read("I16", Int16Array.of(-32768, 5), 2)).toEqual(["int32", [-32768, 5]]);
    expect(await read("U16", Uint16Array.of(65535, 5), 2)).toEqual(["int32", [65535, 5]]);
    expect(await read("I8", Int8Array.of(-128, 5), 2)).toEqual(["int32", [-128, 5]]);
  });

  test.each([
    ["I64", BigInt64Array.of(1n, 2n ** 31n), "2147483648"],
    ["I64", BigInt64Array.of(0n, -(2n ** 31n) - 1n), "-2147483649"],
    ["U64", BigUint64Array.of(0n, 2n ** 64n - 1n), "18446744073709551615"],
    ["U64", BigUint64Array.of(0n, 2n ** 31n), "2147483648"],
    ["U32", Uint32Array.of(0, 2 ** 32 - 1), "4294967295"],
  ])("are refused where int32 cannot hold them: %s %o", async (type, body, value) => {
    await expect(read(type, body, 2)).rejects.toThrow(
      `load: "x" is ${type} and holds ${value}; whole numbers become int32 (-2147483648 to 2147483647)`,
    );
  });

  test("bools are true unless their byte is 0", async () => {
    expect(await read("BOOL", Uint8Array.of(0, 1, 255), 3)).toEqual(["bool", [0, 1, 1]]);
  });
});

test("a tensor need not lie on a boundary of its elements, and empty ones lie anywhere", async () => {
  const header = { b: entry(0, 1, [1], "U8"), empty: entry(1, 1, [0, 3]), f: entry(1, 5), last: entry(5, 5, [0]) };
  const text = JSON.stringify(header);
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8 + 3); // an odd length, so that nothing is aligned
  const path = join(folder, "odd.safetensors");
  writeFileSync(path, file(padded, Buffer.concat([Buffer.of(9), bytes(Float32Array.of(1.25))])));
  const { b, f, empty } = await load(path);
  expect([await b.item(), await f.item(), empty.shape]).toEqual([9, 1.25, [0, 3]]);
});

test("names that objects have anyway are names like others", async () => {
  const header = `{"__proto__": ${JSON.stringify(entry(0, 4))}, "constructor": ${JSON.stringify(entry(4, 8))}}`;
  const state = await load<Record<string, Tensor>>(file(header, bytes(Float32Array.of(1, 2))));
  expect(Object.keys(state)).toEqual(["__proto__", "constructor"]);
  expect(await Object.values(state)[0]!.item()).toBe(1);
  const lies = { __metadata__: { tapegrad: '{"x":{"$tensor":"toString"}}' } };
  await expect(load(file(lies, 0))).rejects.toThrow("its structure cannot be read");
});

test("metadata goes round", async () => {
  const path = join(folder, "metadata.safetensors");
  await save({ x: ones([1]) }, path, { metadata: { format: "pt" } });
  expect(await readMetadata(path)).toEqual({ format: "pt" });
  await save({ x: ones([1]), epoch: 1 }, path, { metadata: { licence: "MIT" } });
  expect([await readMetadata(path), (await load(path)).epoch]).toEqual([{ licence: "MIT" }, 1]);
  await expect(save({ x: ones([1]) }, path, { metadata: { n: 1 as never } })).rejects.toThrow('look at "n"');
});

describe("a file that is not what it says is refused", () => {
  const nested = `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  // biome-ignore format: a table
  const cases: [string, Buffer, string][] = [
    ["empty", Buffer.alloc(0), "it has 0 bytes"],
    ["cut off within its first number", Buffer.alloc(5), "it has 5 bytes"],
    ["a header longer than the file", file({}, 0, 1_000), "its header claims 1000 bytes, the file has 10"],
    ["an absurd header", file({}, 0, 2 ** 52), "its header claims 4503599627370496 bytes"],
    ["the longest header", file({}, 0, 2 ** 64 - 2048), "its header claims 18446744073709550000 bytes"],
    ["no JSON", file("{x", 0), "its header is not JSON"],
    ["no UTF-8", file(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 0), "its header is not UTF-8"],
    ["no object", file([], 0), "its header is not a JSON object"],
    ["deeply nested", file(nested, 0), 'the entry of "x" is malformed'],
    ["a name twice", file(`{"x":${JSON.stringify(entry(0, 4))}, "x" :${JSON.stringify(entry(0, 4))}}`, 4), 'has the key "x" twice'],
    ["a name twice, escaped", file('{"a": 1, "b": {"a": 1}, "\\u0061": 2}', 4), 'has the key "a" twice'],
    ["offsets twice", file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]}}', 4), 'the key "data_offsets" twice'],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }, 0), "its __metadata__ is not a map of strings"],
    ["a shape that is text", file({ x: entry(0, 4, "big") }, 4), 'the entry of "x" is malformed'],
    ["no entry", file({ x: null }, 4), 'the entry of "x" is malformed'],
    ["negative sizes", file({ x: entry(0, 4, [-1]) }, 4), 'the entry of "x" is malformed'],
    ["negative sizes that cancel out", file({ x: entry(0, 4, [-1, -1]) }, 4), 'the entry of "x" is malformed'],
    ["sizes that are not whole", file({ x: entry(0, 4, [0.5, 2]) }, 4), 'the entry of "x" is malformed'],
    ["negative offsets", file({ x: entry(-4, 0) }, 4), 'the entry of "x" is malformed'],
    ["offsets in the wrong order", file({ x: entry(4, 0) }, 4), '"x" lies at bytes 4 to 0 of 4'],
    ["an unknown type", file({ x: entry(0, 4, [1], "F8_E4M3") }, 4), '"x" is F8_E4M3; tapegrad reads F64, F32, F16, BF16'],
    ["a type that objects have", file({ x: entry(0, 4, [1], "toString") }, 4), '"x" is toString; tapegrad reads'],
    ["offsets out of bounds", file({ x: entry(0, 400, [100]) }, 4), '"x" lies at bytes 0 to 400 of 4'],
    ["sizes that do not match", file({ x: entry(0, 4, [2]) }, 4), '"x" has 4 bytes, its shape [2] of F32 needs 8'],
    ["absurd sizes", file({ x: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4), '"x" has 4 bytes'],
    ["sizes that overflow to 4", file({ x: entry(0, 16, [2 ** 32, 2 ** 32, 4]) }, 16), '"x" has 16 bytes'],
    ["infinitely many elements", file({ x: entry(0, 4, new Array(40).fill(2 ** 52)) }, 4), "needs Infinity"],
    ["too many dimensions", file({ x: entry(0, 4, new Array(65).fill(1)) }, 4), '"x" has 65 dimensions'],
    ["tensors that overlap", file({ x: entry(0, 8, [2]), y: entry(4, 8) }, 8), '"y" starts at byte 4, and the tensor before it ends at 8'],
    ["one place twice", file({ x: entry(0, 4), y: entry(0, 4) }, 4), '"y" starts at byte 0, and the tensor before it ends at 4'],
    ["a gap", file({ x: entry(0, 4), y: entry(8, 12) }, 12), '"y" starts at byte 8'],
    ["a gap at the start", file({ x: entry(4, 8) }, 8), '"x" starts at byte 4'],
    ["bytes left over", file({ x: entry(0, 4) }, 8), "its tensors take 4 bytes, and 8 follow the header"],
    ["truncated tensors", file({ x: entry(0, 8, [2]) }, 5), '"x" lies at bytes 0 to 8 of 5'],
  ];
  test.each(cases)("%s", async (name, content, message) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.safetensors`);
    writeFileSync(path, content);
    await expect(load(path)).rejects.toThrow(message);
    await expect(load(content)).rejects.toThrow(message);
  });

  test("a header of more than 100 MB, whether or not the file has as many", async () => {
    const path = join(folder, "large.safetensors");
    writeFileSync(path, file({}, 0, 100_000_001));
    truncateSync(path, 200_000_000); // a file with a hole: it takes no room
    const before = process.memoryUsage().arrayBuffers;
    await expect(load(path)).rejects.toThrow("its header claims 100000001 bytes; the format allows 100000000");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    truncateSync(path, 10);
    await expect(load(path)).rejects.toThrow("its header claims 100000001 bytes, the file has 10");
  });

  test("or not there", async () => {
    await expect(load(join(folder, "nowhere"))).rejects.toThrow(/load: there is no file .*nowhere/);
  });
});
