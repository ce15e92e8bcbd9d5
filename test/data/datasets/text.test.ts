// Lines, characters and tables.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { setWorkerInfo } from "../../../src/data/sample-stream.js";
import { data } from "../../../src/index.js";
import { openDevice } from "../../device.js";

const temporary = mkdtempSync(join(tmpdir(), "tapegrad-"));
afterAll(() => rmSync(temporary, { recursive: true }));
let files = 0;
function file(contents: string | Uint8Array): string {
  const path = join(temporary, `${files++}.txt`);
  writeFileSync(path, contents);
  return path;
}

async function all<T>(samples: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const sample of samples) list.push(sample);
  return list;
}

describe("TextLines", () => {
  test("has the lines of all files, with any line end", async () => {
    const paths = [file("one\r\ntwo\n\nfour"), file("five\n")];
    expect(await all(new data.TextLines(paths))).toEqual(["one", "two", "", "four", "five"]);
    expect(await all(new data.TextLines(paths[1]!, { transform: (line) => line.length }))).toEqual([4]);
  });

  test("reads what is larger than a piece, gzipped or not, with letters of several bytes", async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `línea número ${i} 🙂`);
    const text = lines.join("\n");
    expect(Buffer.byteLength(text)).toBeGreaterThan(2 * 2 ** 18);
    for (const contents of [text, gzipSync(text)]) expect(await all(new data.TextLines(file(contents)))).toEqual(lines);
  });

  test("gives each worker its share", async () => {
    const path = file("a\nb\nc\nd\ne");
    try {
      const shares = [];
      for (const id of [0, 1]) {
        setWorkerInfo({ id, numWorkers: 2, seed: 0, dataset: undefined });
        shares.push(await all(new data.TextLines(path)));
      }
      expect(shares).toEqual([
        ["a", "c", "e"],
        ["b", "d"],
      ]);
    } finally {
      setWorkerInfo(undefined as never);
    }
  });

  test("may be left early, and refuses what is missing, damaged or endless", async () => {
    for await (const line of new data.TextLines(file("first\n".repeat(200_000)))) {
      expect(line).toBe("first");
      break;
    }
    await expect(all(new data.TextLines("nowhere.txt"))).rejects.toThrow("nowhere.txt: there is no such file");
    const damaged = file(gzipSync("x".repeat(10_000)).subarray(0, -10));
    await expect(all(new data.TextLines(damaged))).rejects.toThrow("gzip data is truncated or damaged");
    const bomb = file(gzipSync(Buffer.alloc(2 ** 25, "x")));
    await expect(all(new data.TextLines(bomb))).rejects.toThrow(
      "a line has more than 16777216 characters: is it text?",
    );
  });
});

describe("CharacterCorpus", () => {
  test("a sample is a part of the text, and the same part a character further", () => {
    const corpus = new data.CharacterCorpus("hello world", { length: 4 });
    expect(corpus.vocabulary.join("")).toBe(" dehlorw");
    expect(corpus.length).toBe(7);
    const [input, target] = corpus.getItem(6);
    expect([corpus.decode(input), corpus.decode(target)]).toEqual(["worl", "orld"]);
    const wide = new data.CharacterCorpus("hello world", { length: 3, stride: 3 });
    expect(Array.from({ length: wide.length }, (_, i) => wide.decode(wide.getItem(i)[0]))).toEqual([
      "hel",
      "lo ",
      "wor",
    ]);
  });

  test("may be given its vocabulary", () => {
    const corpus = new data.CharacterCorpus("ab🙂", { length: 2, vocabulary: "🙂ba" });
    expect([...corpus.codes]).toEqual([2, 1, 0]);
    expect(() => corpus.encode("c")).toThrow('CharacterCorpus: "c" is not among the 3 characters there are');
    expect(() => corpus.getItem(1)).toThrow("index 1 is not among its 1 samples");
    expect(() => new data.CharacterCorpus("ab", { length: 2 })).toThrow(
      "the text has 2 characters, and a sample of 2 needs one",
    );
  });
});

describe("CSV", () => {
  test("fields may be quoted, and hold delimiters, quotes and line ends", async () => {
    const path = file('name,says\r\nAda,"a ""b"", c\nd"\r\n\r\nBob,\n');
    expect(await all(new data.CSVRows(path))).toEqual([
      { name: "Ada", says: 'a "b", c\nd' },
      { name: "Bob", says: "" },
    ]);
    const bare = new data.CSVRows(file("1;2\n3;4"), {
      header: false,
      delimiter: ";",
      transform: (row) => Number(row["1"]),
    });
    expect(await all(bare)).toEqual([2, 4]);
  });

  test("rows and lines are batched as they are", async () => {
    await openDevice();
    const path = file("a,b\n1,x\n2,y\n");
    const rows = await all(new data.DataLoader(new data.CSVRows(path), { batchSize: 2 }));
    expect(rows).toEqual([{ a: ["1", "2"], b: ["x", "y"] }]);
    const lines = await all(new data.DataLoader(new data.TextLines(path), { batchSize: 2 }));
    expect(lines).toEqual([["a,b", "1,x"], ["2,y"]]);
  });

  test("a table of numbers, with labels that are numbers or names", async () => {
    const flowers = await data.CSVDataset.load(file("a,b,kind\n1,2.5,rose\n-3,4e1,lily\n5,6,rose\n"), {
      target: "kind",
    });
    expect([flowers.length, flowers.columns, flowers.classes]).toEqual([3, ["a", "b"], ["lily", "rose"]]);
    expect(flowers.getItem(1)).toEqual([Float32Array.of(-3, 40), 0]);
    expect(flowers.getItem(2)).toEqual([Float32Array.of(5, 6), 1]);
    const numbers = await data.CSVDataset.load(file("1,2,7.5\n"), { target: "2", columns: ["1"], header: false });
    expect([numbers.getItem(0), numbers.classes]).toEqual([[Float32Array.of(2), 7.5], undefined]);
  });

  test.each<[string, string, string]>([
    ["a row too short", "a,b\n1,2\n3\n", "line 3 has 1 fields, and there are 2 columns"],
    ["no number", "a,b\n1,2\nx,2\n", 'line 3: "x" in column a is no number'],
    ["an empty field", "a,b\n,2\n", 'line 2: "" in column a is no number'],
    ["an open quote", 'a,b\n"1,2\n', "line 2: a quote is never closed"],
    ["text behind a quote", 'a,b\n"1"x,2\n', "line 2: x stands behind a closed quote"],
    ["no such column", "a,c\n1,2\n", 'there is no column "b"; there are a, c'],
    ["a column twice", "b,b\n1,2\n", 'two columns are called "b"'],
  ])("refused: %s", async (_, text, message) => {
    await expect(data.CSVDataset.load(file(text), { target: "b" })).rejects.toThrow(message);
  });

  test("refused: an endless row, decompressed", async () => {
    const bomb = file(gzipSync(Buffer.alloc(2 ** 24 + 1, ",")));
    const message = "line 1: a row has more than 16777216 characters: is it CSV?";
    await expect(all(new data.CSVRows(bomb))).rejects.toThrow(message);
  });

  test.each(["", ",,", '"', "\n", "\r"])("refused: a delimiter %j", async (delimiter) => {
    const message = `delimiter must be one character, neither a quote nor a line end, got ${JSON.stringify(delimiter)}`;
    expect(() => new data.CSVRows("x.csv", { delimiter })).toThrow(`CSVRows: ${message}`);
    await expect(data.CSVDataset.load("x.csv", { target: "b", delimiter })).rejects.toThrow(`CSVDataset: ${message}`);
  });
});
