// IDX files, gzip around them, and files that lie.

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { philox } from "../../src/core/philox.js";
import { gunzipIfNeeded, gunzipNowIfNeeded, parseIdx, readStream } from "../../src/data/datasets/idx.js";
import { FileFormatError } from "../../src/index.js";
import { idxFile } from "./idx-file.js";

const LIMIT = 1 << 20; // bytes
const file = idxFile([2, 3], [1, 2, 3, 4, 5, 255]);

describe("an IDX file", () => {
  test("has sizes and elements", () => {
    expect(parseIdx(file, "x")).toEqual({ shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
  });

  test("may be a part of a larger buffer", () => {
    const larger = Buffer.concat([Buffer.alloc(5, 9), file, Buffer.alloc(5, 9)]);
    expect(parseIdx(larger.subarray(5, 5 + file.length), "x")).toEqual(parseIdx(file, "x"));
  });

  test("may be empty", () => {
    expect(parseIdx(idxFile([0, 28, 28], []), "x")).toEqual({ shape: [0, 28, 28], data: new Uint8Array() });
  });

  const huge = 2 ** 32 - 1; // the largest size that a header can claim
  const cases: [string, Uint8Array, string][] = [
    ["another program's file", Buffer.from("<html>"), "it starts with 3c 68 74 6d, expected 00 00 08"],
    ["gzip", gzipSync(file), "is not an IDX file of unsigned bytes: it starts with 1f 8b"],
    ["floats, type 0d", idxFile([1], [0, 0, 0, 0], [0, 0, 0x0d, 1]), "it starts with 00 00 0d 01, expected 00 00 08"],
    ["no dimensions", idxFile([], [1]), "it starts with 00 00 08 00, expected 00 00 08 and the number of dimensions"],
    ["nothing", new Uint8Array(), "is truncated: its header takes 8 bytes, the file has 0"],
    ["half a magic number", Buffer.from([0, 0]), "is truncated: its header takes 8 bytes, the file has 2"],
    ["half a header", file.subarray(0, 9), "is truncated: its header takes 12 bytes, the file has 9"],
    ["255 dimensions", idxFile([1], [1], [0, 0, 8, 255]), "its header takes 1024 bytes, the file has 9"],
    [
      "an element missing",
      file.subarray(0, -1),
      "is truncated: 1 bytes are missing: sizes [2, 3] take 6 bytes after the header, the file has 5",
    ],
    [
      "an element too many",
      Buffer.concat([file, Buffer.alloc(1)]),
      "has 1 bytes too many: sizes [2, 3] take 6 bytes after the header, the file has 7",
    ],
    // Were this allocated, it would be a RangeError, or 4 GB.
    ["an absurd size", idxFile([huge], [1]), "is truncated: 4294967294 bytes are missing"],
    ["absurd sizes", idxFile([huge, huge, huge], [1]), "sizes [4294967295, 4294967295, 4294967295] take 7.9"],
    ["sizes beyond all numbers", idxFile(new Array(40).fill(huge), [1]), "is truncated: Infinity bytes are missing"],
    ["and a zero among them", idxFile([...new Array(40).fill(huge), 0], [1]), "has 1 bytes too many"],
  ];
  test.each(cases)("is refused if it holds %s", (_, bytes, message) => {
    expect(() => parseIdx(bytes, "digits")).toThrow(FileFormatError);
    expect(() => parseIdx(bytes, "digits")).toThrow(/^digits: /);
    expect(() => parseIdx(bytes, "digits")).toThrow(message);
  });
});

const gunzips: [string, (bytes: Uint8Array, limit: number, name?: string) => Promise<Uint8Array>][] = [
  ["gunzipIfNeeded", gunzipIfNeeded],
  ["gunzipNowIfNeeded", async (...args) => gunzipNowIfNeeded(...args)],
];
describe.each(gunzips)("%s", (_, gunzip) => {
  const packed = gzipSync(file);
  const noise = Uint8Array.from({ length: 100_000 }, (_v, i) => philox([i, 0, 0, 0], [0, 0])[0]!); // does not compress

  test("decompresses gzip and leaves other bytes as they are", async () => {
    expect(parseIdx(await gunzip(packed, LIMIT), "x")).toEqual(parseIdx(file, "x"));
    expect(await gunzip(file, LIMIT)).toBe(file);
    expect(Buffer.compare(await gunzip(gzipSync(noise), LIMIT), noise)).toBe(0);
    expect(await gunzip(new Uint8Array(), LIMIT)).toHaveLength(0);
  });

  test("goes up to the limit and no further", async () => {
    expect(await gunzip(gzipSync(new Uint8Array(1000)), 1000)).toHaveLength(1000);
    await expect(gunzip(gzipSync(new Uint8Array(1001)), 1000, "x.gz")).rejects.toThrow(
      "x.gz: decompresses to more than the 1000 bytes it may have",
    );
  });

  test("does not unpack a bomb", async () => {
    const bomb = gzipSync(new Uint8Array(1 << 27)); // 128 MiB in 130 KB
    expect(bomb.length).toBeLessThan(200_000);
    await expect(gunzip(bomb, LIMIT, "bomb.gz")).rejects.toThrow(FileFormatError);
    await expect(gunzip(bomb, LIMIT, "bomb.gz")).rejects.toThrow(
      "bomb.gz: decompresses to more than the 1048576 bytes",
    );
  });

  const flipped = (at: number): Buffer => {
    const copy = Buffer.from(packed);
    copy[copy.length + at]! ^= 0xff;
    return copy;
  };
  const damaged: [string, Uint8Array][] = [
    ["has lost its last byte", packed.subarray(0, -1)],
    ["has lost its end", gzipSync(noise).subarray(0, 50_000)],
    ["is a magic number alone", packed.subarray(0, 2)],
    ["has another checksum", flipped(-8)],
    ["has another length", flipped(-4)],
    ["has another method", Buffer.concat([packed.subarray(0, 2), Buffer.of(99), packed.subarray(3)])],
    ["has a body of noise", Buffer.concat([packed.subarray(0, 10), noise.subarray(0, 1000)])],
  ];
  test.each(damaged)("says so if the data %s", async (_name, bytes) => {
    const broken = gunzip(bytes, LIMIT, "x.gz");
    await expect(broken).rejects.toThrow(/^x\.gz: gzip data is truncated or damaged \(.+\); get the file again$/);
    await expect(broken).rejects.toBeInstanceOf(FileFormatError);
  });
});

describe("readStream", () => {
  test("joins the chunks", async () => {
    const stream = new Blob([Buffer.from("ab"), Buffer.from("cde")]).stream();
    expect(Buffer.from((await readStream(stream, 5))!).toString()).toBe("abcde");
  });

  test("stops a stream that is too long", async () => {
    let pulls = 0;
    let isCancelled = false;
    const long = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulls > 1000) return controller.close(); // it does end, so that a reader without limit fails here
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        isCancelled = true;
      },
    });
    expect(await readStream(long, 10_000)).toBeUndefined();
    expect(isCancelled).toBe(true);
    expect(pulls).toBeLessThan(15); // 11 chunks exceed the limit; the stream may be a little ahead
  });
});
