// NumPy's files, and files that lie.

import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { loadNpy, loadNpz, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** Made by scripts/golden_files.py with NumPy 1.24. */
const golden = (name: string): string => `test/goldens/${name}.npz`;

test.each(["numpy", "numpy-compressed"])("every type of an archive: %s", async (name) => {
  const arrays = await loadNpz(golden(name));
  const read = await Promise.all(
    Object.entries(arrays).map(async ([key, x]: [string, Tensor]) => [
      key,
      x.dtype,
      x.shape,
      Array.from(await x.data()),
    ]),
  );
  expect(read).toEqual([
    ["f8", "float32", [2], [Math.fround(0.1), -2.5]],
    ["f4", "float32", [2, 2], [1.5, 2, 3, 4]],
    ["i8", "int32", [2], [1, -2]],
    ["i4", "int32", [], [7]],
    ["i2", "int32", [1], [-300]],
    ["i1", "int32", [1], [-3]],
    ["u8", "int32", [1], [5]],
    ["u4", "int32", [1], [6]],
    ["u2", "int32", [1], [65535]],
    ["u1", "uint8", [1], [255]],
    ["b1", "bool", [2], [1, 0]],
    ["empty", "float32", [0, 3], []],
    ["zeros", "float32", [20, 10], new Array(200).fill(0)],
  ]);
});

const npy = (header: string, body: number, { version = 1, claimed = header.length } = {}): Buffer => {
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), version, 0, 0, 0, 0, 0]);
  if (version === 1) start.writeUInt16LE(claimed, 8);
  else start.writeUInt32LE(claimed, 8);
  return Buffer.concat([start.subarray(0, version === 1 ? 10 : 12), Buffer.from(header), Buffer.alloc(body)]);
};
const header = (descr: string, shape: string, order = "False"): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }   \n`;

test("versions, and ways to write the header", async () => {
  for (const content of [
    npy(header("'<f4'", "(2, 1)"), 8, { version: 2 }),
    npy(header("'<f4'", "(2L, 1L)"), 8, { version: 3 }), // Python 2 wrote its long integers so
    npy(`{"shape":(2,1,),"descr":"<f4","fortran_order":False}`, 8),
  ])
    expect((await loadNpy(content)).shape).toEqual([2, 1]);
});

describe("an .npy file is refused", () => {
  const f4 = header("'<f4'", "(2,)");
  // biome-ignore format: a table
  const cases: [string, Buffer, string][] = [
    ["empty", Buffer.alloc(0), "it does not start with"],
    ["another format", Buffer.from("PK\x03\x04 and so on"), "it does not start with"],
    ["cut off at once", npy(f4, 8).subarray(0, 9), "it has 9 bytes"],
    ["cut off in its header", npy(f4, 8).subarray(0, 40), "the file has 40"],
    ["cut off in its array", npy(f4, 7), "an array <f4 of shape [2] takes 8 bytes after the header, the file has 7"],
    ["too long", npy(f4, 9), "takes 8 bytes after the header, the file has 9"],
    ["a version to come", npy(f4, 8, { version: 9 }), "it is of version 9"],
    ["an absurd header", npy(f4, 8, { version: 2, claimed: 2 ** 32 - 1 }), "its header claims 4294967295 bytes"],
    ["a long header", npy(f4.padEnd(20_000), 8), "its header claims 20000 bytes; there may be 10000"],
    ["absurd sizes", npy(header("'<f4'", "(1000000000000, 1000000000000)"), 8), "takes 4e+24 bytes"],
    ["sizes beyond numbers", npy(header("'<f4'", "(99999999999999999999,)"), 8), "not a tuple of sizes"],
    ["infinitely many elements", npy(header("'<f4'", `(${"9000000000000000,".repeat(30)})`), 8), "takes Infinity bytes"],
    ["too many dimensions", npy(header("'<f4'", `(${"1,".repeat(65)})`), 4), "has 65 dimensions"],
    ["negative sizes", npy(header("'<f4'", "(-2,)"), 8), "not a dictionary of descr"],
    ["no tuple", npy(header("'<f4'", "(2)"), 8), "its shape is (2), not a tuple"],
    ["Fortran's order", npy(header("'<f4'", "(2, 1)", "True"), 8), "save numpy.ascontiguousarray(x)"],
    ["an order of another kind", npy(header("'<f4'", "(2,)", "'no'"), 8), "neither True nor False"],
    ["big-endian", npy(header("'>f4'", "(2,)"), 8), 'its array is big-endian (>f4): save x.astype(x.dtype.newbyteorder("<"))'],
    ["Python objects", npy(header("'|O'", "(2,)"), 16), "its array holds Python objects (|O), which could run code"],
    ["records", npy(header("[('a', '<f4'), ('b', '<i4')]", "(1,)"), 8), "its array is of records"],
    ["complex numbers", npy(header("'<c8'", "(1,)"), 8), "its array is <c8; tapegrad reads <f8, <f4"],
    ["text", npy(header("'<U1'", "(2,)"), 8), "its array is <U1"],
    ["a type that objects have", npy(header("'toString'", "(2,)"), 8), "its array is toString"],
    ["a key twice", npy("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 8), 'the key "descr" twice'],
    ["a key too many", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': (1,)}", 8), "not a dictionary of descr"],
    ["a key missing", npy("{'descr': '<f4', 'shape': (2,)}", 8), "not a dictionary of descr"],
    ["code", npy("{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}", 8), "not a dictionary of descr"],
    ["code after it", npy(`${f4.trim()}; exit()`, 8), "not a dictionary of descr"],
  ];
  test.each(cases)("%s", async (_, content, message) => {
    await expect(loadNpy(content)).rejects.toThrow(message);
  });

  test("not there", async () => {
    await expect(loadNpy("nowhere.npy")).rejects.toThrow("loadNpy: there is no file nowhere.npy");
  });
});

describe("an .npz file is refused", () => {
  const bytes = (): Buffer => readFileSync(golden("numpy-compressed"));
  const x = { "x.npy": npy(header("'<f4'", "(2,)"), 8) };
  /** Where the central directory's first entry is. */
  const directory = (archive: Buffer): number => archive.readUInt32LE(archive.length - 22 + 16);

  test("cut off, or no archive", async () => {
    await expect(loadNpz(bytes().subarray(0, 2000))).rejects.toThrow("is no zip archive, or a damaged one");
    await expect(loadNpz(Buffer.alloc(0))).rejects.toThrow("is no zip archive");
    await expect(loadNpz(npy(header("'<f4'", "(2,)"), 8))).rejects.toThrow("is no zip archive");
  });

  test("an array in it that is none, by name", async () => {
    await expect(loadNpz(zipSync({ ...x, "y.npy": x["x.npy"].subarray(0, 70) }))).rejects.toThrow(
      "y.npy: is not an .npy",
    );
    await expect(loadNpz(zipSync({ "notes.txt": Buffer.from("hello there") }))).rejects.toThrow(
      "notes.txt: is not an .npy",
    );
  });

  test("sizes that its compressed bytes cannot hold, before anything is allocated", async () => {
    const archive = bytes();
    const at = directory(archive);
    archive.writeUInt32LE(2 ** 31 - 1, at + 24); // the unpacked size of the first file
    const before = process.memoryUsage().arrayBuffers;
    await expect(loadNpz(archive)).rejects.toThrow('"f8.npy" claims 2147483647 bytes; its');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    const stored = Buffer.from(zipSync(x, { level: 0 }));
    stored.writeUInt32LE(2 ** 30, directory(stored) + 24);
    await expect(loadNpz(stored)).rejects.toThrow('"x.npy" claims 1073741824 bytes');
  });

  test("a size that is too small or too large for what it unpacks to", async () => {
    for (const size of [10, 400]) {
      const archive = Buffer.from(zipSync({ "x.npy": npy(header("'<f4'", "(20,)"), 80) }));
      archive.writeUInt32LE(size, directory(archive) + 24);
      await expect(loadNpz(archive)).rejects.toThrow();
    }
  });

  test("files that share their compressed bytes, and one name twice", async () => {
    const archive = Buffer.from(zipSync({ "x.npy": x["x.npy"], "y.npy": x["x.npy"] }, { level: 0 }));
    const at = directory(archive);
    archive.writeUInt32LE(archive.length - 1, at + 20);
    await expect(loadNpz(archive)).rejects.toThrow("compressed bytes, the file has");
    const twice = Buffer.from(zipSync({ "x.npy": x["x.npy"], "y.npy": x["x.npy"] }));
    twice[twice.lastIndexOf("y.npy")] = 0x78; // "x", in the directory
    await expect(loadNpz(twice)).rejects.toThrow('has two files called "x.npy"');
  });

  test("more than the limit", async () => {
    const archive = zipSync({ "x.npy": npy(header("'<f4'", "(25000,)"), 100_000) });
    await expect(loadNpz(archive, { limit: 50_000 })).rejects.toThrow("{ limit } is 50000");
    expect((await loadNpz(archive))["x"]!.shape).toEqual([25000]);
  });

  test.each([
    ["numpy", 60], // compressed bytes: none are, here
    ["numpy-compressed", 40],
  ])("one bit changed, by name: %s", async (name, before) => {
    const archive = readFileSync(golden(name));
    const last = archive.readUInt32LE(archive.length - 22 + 16) - before; // in zeros.npy
    archive[last]! ^= 1;
    await expect(loadNpz(archive)).rejects.toThrow('"zeros.npy" is damaged: its checksum differs');
  });

  test("a method other than deflate", async () => {
    const archive = Buffer.from(zipSync(x));
    archive.writeUInt16LE(12, directory(archive) + 10); // bzip2
    await expect(loadNpz(archive)).rejects.toThrow("is compressed by method 12, not deflate");
  });

  test("a name that objects have", async () => {
    const archive = Buffer.from(zipSync({ abcdefghi: x["x.npy"] }));
    for (let at = archive.indexOf("abcdefghi"); at >= 0; at = archive.indexOf("abcdefghi"))
      archive.write("__proto__", at);
    await expect(loadNpz(archive)).rejects.toThrow('has a file called "__proto__"');
  });
});
