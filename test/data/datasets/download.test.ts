// Downloads from a server that cuts, corrupts and stalls.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { download, type Wanted } from "../../../src/data/datasets/download.js";
import type { DownloadProgress } from "../../../src/data/datasets/download-progress.js";
import { FileFormatError } from "../../../src/index.js";
import { checksum, type Mirror, openMirror } from "./mirror.js";

const FILE = Buffer.from(Uint8Array.from({ length: 4500 }, (_, i) => (i * 37 + (i >> 8)) % 256));
const SUM = checksum("sha256", FILE);
const temporary = mkdtempSync(join(tmpdir(), "tapegrad-"));
let mirror: Mirror;
let folder = "";

beforeAll(async () => {
  mirror = await openMirror({ file: FILE });
});
afterAll(async () => {
  await mirror.close();
  rmSync(temporary, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(temporary, "run-"));
  mirror.requests.length = 0;
});

const wanted = (names: string[], options: Partial<Wanted<Buffer>> = {}): Wanted<Buffer> => ({
  op: "Test",
  name: "file",
  urls: names.map((name) => `${mirror.url(name)}/file`),
  path: join(folder, "file"),
  limit: 1 << 16,
  timeout: 3000,
  parse: (bytes) => Buffer.from(bytes),
  ...options,
});

async function get(names: string[], options: Partial<Wanted<Buffer>> = {}): Promise<Buffer> {
  const { value, keep } = await download(wanted(names, options));
  await keep();
  expect(readdirSync(folder)).toEqual(["file"]);
  return value;
}

test("arrives, checked by MD5 or SHA-256, and takes its place at once", async () => {
  const { bytes, keep } = await download(wanted(["good"], { checksum: SUM }));
  expect(bytes).toEqual(FILE);
  expect(readdirSync(folder)).not.toContain("file"); // until it is kept
  await keep();
  expect(await get(["good"], { checksum: checksum("md5", FILE) })).toEqual(FILE);
  expect(readFileSync(join(folder, "file"))).toEqual(FILE);
});

test("a checksum may have large letters; what is none is refused before anything is fetched", async () => {
  expect(await get(["good"], { checksum: SUM.toUpperCase() })).toEqual(FILE);
  mirror.requests.length = 0;
  for (const bad of [SUM.slice(7), SUM.slice(0, -1), "sha1:00", ""]) {
    await expect(get(["good"], { checksum: bad })).rejects.toThrow(
      `Test: checksum must be "md5:" and 32 hexadecimal digits, or "sha256:" and 64, got ${JSON.stringify(bad)}`,
    );
  }
  expect(mirror.requests).toEqual([]);
});

test("goes on at a server that has gone silent", async () => {
  expect(await get(["stalling"], { timeout: 300 })).toEqual(FILE);
  expect(mirror.requests).toHaveLength(5);
});

test("is resumed where it was cut, as often as it takes", async () => {
  expect(await get(["cutting"])).toEqual(FILE);
  expect([...new Set(mirror.requests)]).toEqual(
    [0, 1000, 2000, 3000, 4000].map((at) => `cutting/file${at ? ` from ${at}` : ""}`),
  );
});

test("is resumed at another mirror only if a checksum says that both have the same", async () => {
  expect(await get(["stalling", "good"], { checksum: SUM, timeout: 300 })).toEqual(FILE);
  expect(await get(["stalling", "good"], { timeout: 300 })).toEqual(FILE);
  expect(mirror.requests).toEqual(["stalling/file", "good/file from 1000", "stalling/file", "good/file"]);
});

test("starts over where the server knows no ranges, and gives up when two rounds bring nothing more", async () => {
  await expect(get(["cuttingWhole"], { checksum: SUM })).rejects.toThrow(
    /no mirror has a good file:\n.*(terminated|broke)/,
  );
  expect(mirror.requests).toEqual(["cuttingWhole/file", ...Array(2).fill("cuttingWhole/file from 1000")]);
});

test("starts over if the file has changed meanwhile", async () => {
  expect(await get(["changing"])).toEqual(FILE);
  expect(mirror.requests).toEqual(["changing/file", "changing/file from 1000"]);
});

test("a server that is silent is left after the timeout", async () => {
  const start = performance.now();
  expect(await get(["deaf", "good"], { timeout: 300 })).toEqual(FILE);
  expect(performance.now() - start).toBeLessThan(3000);
  await expect(get(["deaf"], { timeout: 300 })).rejects.toThrow(`${mirror.url("deaf")}/file: sent nothing for 300 ms`);
});

test("a damaged file is refused, and the next mirror gives all of it", async () => {
  expect(await get(["corrupting", "good"], { checksum: SUM })).toEqual(FILE);
  expect(mirror.requests).toEqual(["corrupting/file", "good/file"]);
  await expect(get(["corrupting"], { checksum: SUM })).rejects.toThrow(
    /corrupting\/file: is damaged or another file: its sha256 is [0-9a-f]{64}, expected [0-9a-f]{64}/,
  );
  expect(readdirSync(folder)).toEqual(["file"]); // of the first
});

test("what no mirror has is an error that lists them all", async () => {
  const error: unknown = await get(["stuck", "deaf", "corrupting"], { checksum: SUM, timeout: 300 }).catch(
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(FileFormatError);
  const lines = (error as Error).message.split("\n");
  expect(lines[0]).toBe("Test: no mirror has a good file:");
  expect(lines.slice(1).map((line) => /\/(\w+)\/file: /.exec(line)![1])).toEqual(["stuck", "deaf", "corrupting"]);
});

test("a later run goes on with what an earlier one has left", async () => {
  await expect(get(["stuck"], { checksum: SUM, timeout: 300 })).rejects.toThrow("sent nothing for 300 ms");
  expect(readdirSync(folder)).toEqual(["file.part"]);
  expect(readFileSync(join(folder, "file.part"))).toEqual(FILE.subarray(0, 1000));
  mirror.requests.length = 0;
  expect(await get(["good"], { checksum: SUM })).toEqual(FILE);
  expect(mirror.requests).toEqual(["good/file from 1000"]);
});

test("a part that is whole already is not fetched again", async () => {
  writeFileSync(join(folder, "file.part"), FILE);
  expect(await get(["good"], { checksum: SUM })).toEqual(FILE);
  expect(mirror.requests).toEqual(["good/file from 4500"]); // 416: there is no more
});

test("a part of another file is noticed, and all of it fetched", async () => {
  writeFileSync(join(folder, "file.part"), Buffer.alloc(2000));
  expect(await get(["good", "good"], { checksum: SUM })).toEqual(FILE);
  expect(mirror.requests).toEqual(["good/file from 2000", "good/file"]);
});

test("without a checksum nothing is left, and nothing that was left is used", async () => {
  writeFileSync(join(folder, "file.part"), Buffer.alloc(2000));
  expect(await get(["good"])).toEqual(FILE);
  rmSync(join(folder, "file"));
  await expect(get(["stuck"], { timeout: 300 })).rejects.toThrow("no mirror");
  expect(readdirSync(folder)).toEqual([]);
});

test("a part that the process of another download is writing is left alone", async () => {
  writeFileSync(join(folder, `file.${process.ppid}-0.part`), "busy");
  const { keep } = await download(wanted(["good"], { checksum: SUM }));
  await keep();
  expect(readdirSync(folder).sort()).toEqual(["file", `file.${process.ppid}-0.part`]);
});

test("an endless answer is refused", async () => {
  await expect(get(["endless"])).rejects.toThrow("sends more than 65536 bytes");
});

test("progress is reported, with the total", async () => {
  const seen: DownloadProgress[] = [];
  await get(["cutting"], { progress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toEqual({ url: `${mirror.url("cutting")}/file`, received: 4500, total: 4500 });
  expect(seen.every(({ received }, i) => i === 0 || received >= seen[i - 1]!.received)).toBe(true);
});
