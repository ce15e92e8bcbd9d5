// CIFAR from its archive, from its folder and from a mirror; and archives that are not to be trusted.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readTar } from "../../../src/data/datasets/tar.js";
import { data, FileFormatError } from "../../../src/index.js";
import { type Mirror, openMirror } from "./mirror.js";

type Sets = typeof import("../../../src/data/datasets/cifar-sets.js");
/** The sets, but with two pictures in each file. */
vi.mock("../../../src/data/datasets/cifar-sets.js", async (original) => {
  const sets = await original<Sets>();
  const counts = [2, 2] as const;
  return {
    ...sets,
    CIFAR10_FILES: { ...sets.CIFAR10_FILES, counts },
    CIFAR100_FILES: { ...sets.CIFAR100_FILES, counts },
  };
});

/** A tar archive of entries; a size may lie. */
function tar(...entries: { name: string; bytes?: Uint8Array; size?: number; type?: string }[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes = Buffer.alloc(0), size = bytes.length, type = "0" }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
    header.write(type, 156);
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Records of CIFAR-10: picture n is n everywhere, but for its first green pixel. */
function records(...labels: number[][]): Buffer {
  return Buffer.concat(
    labels.map((own, n) => {
      const picture = Buffer.alloc(3072, n);
      picture[1024] = 200 + n;
      return Buffer.concat([Buffer.from(own), picture]);
    }),
  );
}

const ten = [1, 2, 3, 4, 5].map((i) => {
  return { name: `cifar-10-batches-bin/data_batch_${i}.bin`, bytes: records([i], [9]) };
});
const testBatch = { name: "cifar-10-batches-bin/test_batch.bin", bytes: records([0], [3]) };
const archive = gzipSync(tar({ name: "cifar-10-batches-bin/", type: "5" }, ...ten, testBatch));

const temporary = mkdtempSync(join(tmpdir(), "tapegrad-"));
const folder = (): string => mkdtempSync(join(temporary, "cifar-"));
let mirror: Mirror;
beforeAll(async () => {
  mirror = await openMirror({ "cifar-10-binary.tar.gz": archive });
});
afterAll(async () => {
  await mirror.close();
  rmSync(temporary, { recursive: true });
});

test("CIFAR10 is read from its archive and from its folder, batch after batch", async () => {
  const packed = folder();
  writeFileSync(`${packed}/cifar-10-binary.tar.gz`, archive);
  const unpacked = folder();
  mkdirSync(`${unpacked}/cifar-10-batches-bin`);
  for (const { name, bytes } of [...ten, testBatch]) writeFileSync(`${unpacked}/${name}`, bytes);
  for (const root of [packed, unpacked]) {
    for (const set of [new data.CIFAR10(root), await data.CIFAR10.load(root)]) {
      expect([...set.labels]).toEqual([1, 9, 2, 9, 3, 9, 4, 9, 5, 9]);
      const [image, label] = set.getItem(3);
      expect([image.shape, image.dtype, label]).toEqual([[3, 32, 32], "float32", 9]);
      expect([image.data[0], image.data[1024]]).toEqual([Math.fround(1 / 255), Math.fround(201 / 255)]);
    }
    expect([...new data.CIFAR10(root, { train: false }).labels]).toEqual([0, 3]);
  }
  expect(data.CIFAR10.classes).toHaveLength(10);
});

test("real files have as many pictures as were published", async () => {
  const sets = await vi.importActual<Sets>("../../../src/data/datasets/cifar-sets.js");
  expect([sets.CIFAR10_FILES.counts, sets.CIFAR100_FILES.counts]).toEqual([
    [10_000, 10_000],
    [50_000, 10_000],
  ]);
});

test("CIFAR100 has the fine labels", async () => {
  const root = folder();
  const train = { name: "cifar-100-binary/train.bin", bytes: records([3, 99], [19, 0]) };
  writeFileSync(`${root}/cifar-100-binary.tar.gz`, gzipSync(tar(train)));
  const set = await data.CIFAR100.load(root);
  expect([set.length, ...set.labels]).toEqual([2, 99, 0]);
});

test("a transform gets bytes, and a sample is what it makes of them", async () => {
  const root = folder();
  writeFileSync(`${root}/cifar-10-binary.tar.gz`, archive);
  const { Compose, CenterCrop, ToTensor } = data.transforms;
  const dtypes: string[] = [];
  const noted = new data.transforms.Lambda((image: data.HostArray) => {
    dtypes.push(image.dtype);
    return image;
  });
  const transform = new Compose([noted, new CenterCrop(8), new ToTensor()]);
  const set = new data.CIFAR10(root, { transform, targetTransform: (label) => label + 1 });
  const [image, label] = set.getItem(0);
  expect([image.shape, label, dtypes]).toEqual([[3, 8, 8], 2, ["uint8"]]);
});

test("is downloaded once", async () => {
  const root = folder();
  const options = { download: true, mirrors: [mirror.url("corrupting"), mirror.url("cutting")] };
  expect(await data.CIFAR10.load(root, { ...options, timeout: 1000 })).toHaveLength(10);
  expect(readdirSync(root)).toEqual(["cifar-10-binary.tar.gz"]);
  mirror.requests.length = 0;
  expect(await data.CIFAR10.load(root, { ...options, train: false })).toHaveLength(2);
  expect(mirror.requests).toEqual([]);
});

describe("refused:", () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 28 + 512)); // 260 kB that become 268 MB
  test.each<[string, Buffer, string]>([
    ["a truncated gzip file", archive.subarray(0, -20), "gzip data is truncated or damaged"],
    ["a decompression bomb", bomb, "decompresses to more than the 268435456 bytes it may have"],
    ["a truncated archive", gzipSync(tar(...ten).subarray(0, 9000)), "the archive is truncated"],
    [
      "an archive without the files",
      gzipSync(tar(testBatch)),
      "the archive has no cifar-10-batches-bin/data_batch_1.bin",
    ],
    ["what is no archive", gzipSync(Buffer.alloc(5000, 7)), "is no tar archive, or damaged: the header at byte 0"],
    [
      "half a record",
      gzipSync(tar({ ...ten[0]!, bytes: ten[0]!.bytes.subarray(1) }, ...ten.slice(1))),
      "data_batch_1.bin: has 6145 bytes, and 2 records of 3073 are 6146: is it truncated, or another file?",
    ],
    ["a record too few", gzipSync(tar({ ...ten[0]!, bytes: records([1]) }, ...ten.slice(1))), "has 3073 bytes"],
    ["an empty file", gzipSync(tar(...ten.slice(0, 4), { name: ten[4]!.name })), "data_batch_5.bin: has 0 bytes"],
    [
      "an eleventh class",
      gzipSync(tar({ ...ten[0]!, bytes: records([1], [10]) }, ...ten.slice(1))),
      "data_batch_1.bin: label 10 of record 1 is not below 10",
    ],
    [
      "a way out",
      gzipSync(tar({ name: "cifar-10-batches-bin/../../evil", bytes: Buffer.from("x") }, ...ten)),
      'refuses "cifar-10-batches-bin/../../evil": the name leads out of the archive',
    ],
  ])("%s", async (_, bytes, message) => {
    const root = folder();
    writeFileSync(`${root}/cifar-10-binary.tar.gz`, bytes);
    await expect(data.CIFAR10.load(root)).rejects.toThrow(message);
    expect(() => new data.CIFAR10(root)).toThrow(FileFormatError);
  });

  test("a set that is not there, with what to do", () => {
    expect(() => new data.CIFAR10("nowhere")).toThrow(
      'CIFAR10: there is neither nowhere/cifar-10-batches-bin nor nowhere/cifar-10-binary.tar.gz (download it: await data.CIFAR10.load("nowhere", { train: true, download: true }))',
    );
  });
});

describe("a tar archive", () => {
  test.each(["/etc/passwd", "..", "a/../../b", "C:\\evil", "a\\..\\b"])("may not lead to %s", (name) => {
    expect(() => readTar(tar({ name }), "a.tar")).toThrow("leads out of the archive");
  });

  test("may not claim more than there is", () => {
    expect(() => readTar(tar({ name: "a", size: 2 ** 30 }), "a.tar")).toThrow(
      "a.tar: the archive is truncated: a has 1073741824 bytes",
    );
  });

  test("has files; links and folders are left out, and dots in names are names", () => {
    const files = readTar(
      tar({ name: "./..a", bytes: Buffer.from("hi") }, { name: "l", type: "2" }, { name: "d/", type: "5" }),
      "a.tar",
    );
    expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([["..a", "hi"]]);
  });
});
