// MNIST from mirrors, which fail in every way they can.

import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { data, FileFormatError } from "../../src/index.js";
import { imagesFile, labelsFile, writeFiles } from "./idx-file.js";

const IMAGES = "train-images-idx3-ubyte.gz";
const LABELS = "train-labels-idx1-ubyte.gz";
const good: Readonly<Record<string, Buffer>> = {
  [IMAGES]: gzipSync(imagesFile(3)),
  [LABELS]: gzipSync(labelsFile(5, 0, 9)),
};

/** Mirrors by the folder of their URL. */
const mirrors: Readonly<Record<string, (response: ServerResponse, file: string) => void>> = {
  good: (response, file) => response.end(good[file]),
  gone: (response) => response.writeHead(404).end("<html>"),
  broken: (response) => response.writeHead(500).end(),
  truncated: (response, file) => response.end(good[file]!.subarray(0, -9)),
  hangup: (response, file) => {
    response.writeHead(200, { "content-length": good[file]!.length });
    response.write(good[file]!.subarray(0, 20), () => response.destroy());
  },
  page: (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  swapped: (response, file) => response.end(good[file === IMAGES ? LABELS : IMAGES]),
  fewer: (response, file) => response.end(file === IMAGES ? good[IMAGES] : gzipSync(labelsFile(1))),
  imagesOnly: (response, file) => (file === IMAGES ? response : response.writeHead(404)).end(good[IMAGES]),
  encoded: (response, file) => response.writeHead(200, { "content-encoding": "gzip" }).end(good[file]),
};

const temporary = mkdtempSync(join(tmpdir(), "tapegrad-"));
const requests: string[] = [];
const server = createServer(({ url = "" }, response) => {
  requests.push(url.slice(1));
  const [, mirror = "", file = ""] = url.split("/");
  mirrors[mirror]!(response, file);
});
let root = "";

beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(temporary, { recursive: true });
});
beforeEach(() => {
  root = join(mkdtempSync(join(temporary, "run-")), "data");
  requests.length = 0;
});

const address = (mirror: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${mirror}`;
const load = (...names: string[]): Promise<data.MNIST> =>
  data.MNIST.load(root, { download: true, mirrors: names.map(address) });
/** The files left in the folder for downloads. */
const kept = (): string[] => (existsSync(`${root}/MNIST/raw`) ? readdirSync(`${root}/MNIST/raw`).sort() : []);

describe("a download", () => {
  test("gives the set and keeps its files, byte for byte, where torchvision looks for them", async () => {
    const set = await load("good");
    expect([set.length, [...set.labels]]).toEqual([3, [5, 0, 9]]);
    expect(requests).toEqual([`good/${IMAGES}`, `good/${LABELS}`]);
    expect(kept()).toEqual([IMAGES, LABELS]); // and no temporary files
    for (const file of kept()) expect(readFileSync(`${root}/MNIST/raw/${file}`)).toEqual(good[file]);
  });

  test("happens once", async () => {
    await load("good");
    requests.length = 0;
    expect([...(await load("gone")).labels]).toEqual([5, 0, 9]);
    expect(new data.MNIST(root)).toHaveLength(3);
    expect(requests).toEqual([]);
  });

  test("gets only what is missing", async () => {
    writeFiles(root, { [LABELS]: gzipSync(labelsFile(1, 2, 3)) });
    expect([...(await load("good")).labels]).toEqual([1, 2, 3]);
    expect([requests, kept()]).toEqual([[`good/${IMAGES}`], [IMAGES]]);
  });

  test("may run twice at once", async () => {
    const sets = await Promise.all([load("good"), load("good")]);
    expect(sets.map(({ length }) => length)).toEqual([3, 3]);
    expect(kept()).toEqual([IMAGES, LABELS]);
  });

  test("takes a mirror's URL with a slash at its end", async () => {
    expect(await load("good/")).toHaveLength(3);
    expect(requests).toEqual([`good/${IMAGES}`, `good/${LABELS}`]);
  });

  test("that the server's gzip encoding unpacks on the way is kept under a name without .gz", async () => {
    expect(await load("encoded")).toHaveLength(3);
    expect(kept()).toEqual([IMAGES, LABELS].map((file) => file.replace(".gz", "")));
    expect(new data.MNIST(root)).toHaveLength(3);
  });

  test("happens only if asked for", async () => {
    await expect(data.MNIST.load(root, { mirrors: [address("good")] })).rejects.toThrow(
      `(download it: await data.MNIST.load("${root}", { train: true, download: true }))`,
    );
    expect([requests, kept()]).toEqual([[], []]);
  });

  test("does not paper over a bad file that is there", async () => {
    writeFiles(root, { [IMAGES]: good[IMAGES]!.subarray(0, -9) });
    await expect(load("good")).rejects.toThrow(
      /data\/train-images-idx3-ubyte\.gz: gzip data is truncated.*get the file/,
    );
    expect(requests).toEqual([]);
  });
});

describe("a mirror that fails", () => {
  const failures: [mirror: string, message: string][] = [
    ["gone", "HTTP 404 Not Found"],
    ["broken", "HTTP 500 Internal Server Error"],
    ["truncated", "gzip data is truncated or damaged (unexpected end of file); get the file again"],
    ["hangup", "terminated"],
    ["page", "is not an IDX file of unsigned bytes: it starts with 3c 68 74 6d, expected 00 00 08"],
    ["swapped", "holds [3], expected [N, 28, 28]"],
  ];
  test.each(failures)("is followed by the next one: %s", async (mirror) => {
    expect([...(await load(mirror, "good")).labels]).toEqual([5, 0, 9]);
    expect(requests).toEqual([`${mirror}/${IMAGES}`, `good/${IMAGES}`, `${mirror}/${LABELS}`, `good/${LABELS}`]);
    expect(kept()).toEqual([IMAGES, LABELS]);
  });

  test("is listed with its reason when all fail, and nothing is kept", async () => {
    const error: unknown = await load(...failures.map(([mirror]) => mirror)).catch((reason) => reason);
    expect(error).toBeInstanceOf(FileFormatError);
    const [head, ...lines] = (error as FileFormatError).message.split("\n");
    expect(head).toBe(`MNIST: no mirror has a good ${IMAGES}:`);
    expect(lines).toHaveLength(failures.length);
    for (const [i, [mirror, message]] of failures.entries())
      expect(lines[i]).toContain(`  ${address(mirror)}/${IMAGES}: ${message}`);
    expect(existsSync(root)).toBe(false);
  });

  test("says so when nobody listens", async () => {
    const deaf = createServer().listen(0, "127.0.0.1");
    await once(deaf, "listening");
    const mirror = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    await new Promise((resolve) => deaf.close(resolve));
    await expect(data.MNIST.load(root, { download: true, mirrors: [mirror] })).rejects.toThrow(
      /train-images-idx3-ubyte\.gz: fetch failed: connect ECONNREFUSED/,
    );
  });

  test("leaves nothing behind if it has but one file, or two that do not belong together", async () => {
    await expect(load("imagesOnly")).rejects.toThrow(`MNIST: no mirror has a good ${LABELS}:\n`);
    await expect(load("fewer")).rejects.toThrow(/has 3 images, .* 1 labels: they do not belong together/);
    expect(existsSync(root)).toBe(false);
  });
});
