// Text: lines of files of any size, and a corpus character by character.

import { checkWhole } from "../../core/check.js";
import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { Dataset, IterableDataset, outOfRange } from "../dataset.js";
import { getWorkerInfo } from "../sample-stream.js";
import { linesOf } from "./file-chunks.js";

export interface TextLinesOptions<Sample> {
  /** Makes a sample of a line, which has no line end. Default: the line. */
  readonly transform?: (line: string) => Sample;
}

/**
 * The lines of text files, one after another: files may be larger than memory, and gzipped. Empty lines count. With
 * workers, each has every numWorkers-th line.
 *
 *     const names = new data.TextLines("names.txt", { transform: (name) => encode(name) });
 */
export class TextLines<Sample = string> extends IterableDataset<Sample> {
  readonly #paths: readonly string[];
  readonly #transform: (line: string) => Sample;

  /** @param paths - files; in a browser their URLs */
  constructor(paths: string | readonly string[], { transform }: TextLinesOptions<Sample> = {}) {
    super();
    this.#paths = typeof paths === "string" ? [paths] : paths;
    this.#transform = transform ?? ((line) => line as Sample);
  }

  /** @throws FileFormatError while reading, if a file is missing or damaged, or a line endless */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void, undefined> {
    for await (const line of ownShare(this.#lines())) yield this.#transform(line);
  }

  async *#lines(): AsyncGenerator<string, void, undefined> {
    for (const path of this.#paths) yield* linesOf(path);
  }
}

/** @internal Of what each worker reads, the part that is this one's. */
export async function* ownShare<T>(all: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const { id = 0, numWorkers = 1 } = getWorkerInfo() ?? {};
  let i = 0;
  for await (const one of all) if (i++ % numWorkers === id) yield one;
}

export interface CharacterCorpusOptions {
  /** Characters of a sample. */
  readonly length: number;
  /** Characters from one sample's beginning to the next one's. Default 1: every place is one. */
  readonly stride?: number;
  /** The characters there are, in the order of their numbers. Default: those of the text, sorted. */
  readonly vocabulary?: string;
}

/**
 * A text as numbers, for language models: a sample is [input, target], int32 [length] each, the target a character further.
 *
 *     const corpus = new data.CharacterCorpus(await readFile("tinyshakespeare.txt", "utf8"), { length: 128 });
 *     corpus.decode([...corpus.encode("Romeo")]); // "Romeo"
 */
export class CharacterCorpus extends Dataset<readonly [input: Int32Array, target: Int32Array]> {
  /** The characters there are: character i has the number i. */
  readonly vocabulary: readonly string[];
  /** The text, [characters]. */
  readonly codes: Int32Array;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #length: number;
  readonly #stride: number;

  /** @throws OutOfRangeError if the text is shorter than a sample, or has a character that is not in the vocabulary */
  constructor(text: string, { length, stride = 1, vocabulary }: CharacterCorpusOptions) {
    super();
    checkWhole("CharacterCorpus", { length, stride }, 1);
    this.vocabulary = vocabulary === undefined ? [...new Set(text)].sort() : [...vocabulary];
    this.#numbers = new Map(this.vocabulary.map((character, i) => [character, i]));
    if (this.#numbers.size < this.vocabulary.length) {
      throw new TapegradError("CharacterCorpus", "the vocabulary has a character twice");
    }
    this.codes = this.encode(text);
    this.#length = length;
    this.#stride = stride;
    if (this.codes.length <= length) {
      const problem = `the text has ${this.codes.length} characters, and a sample of ${length} needs one more than that`;
      throw new OutOfRangeError("CharacterCorpus", problem);
    }
  }

  get length(): number {
    return Math.floor((this.codes.length - 1 - this.#length) / this.#stride) + 1;
  }

  /** @throws OutOfRangeError */
  getItem(index: number): readonly [input: Int32Array, target: Int32Array] {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw outOfRange("CharacterCorpus", index, this.length);
    }
    const start = index * this.#stride;
    return [this.codes.slice(start, start + this.#length), this.codes.slice(start + 1, start + 1 + this.#length)];
  }

  /**
   * Numbers of the characters.
   * @throws OutOfRangeError for a character that is not in the vocabulary
   */
  encode(text: string): Int32Array {
    const codes: number[] = [];
    for (const character of text) {
      const code = this.#numbers.get(character);
      if (code === undefined) {
        const problem = `${JSON.stringify(character)} is not among the ${this.vocabulary.length} characters there are`;
        throw new OutOfRangeError("CharacterCorpus", problem);
      }
      codes.push(code);
    }
    return Int32Array.from(codes);
  }

  /** The text of numbers. */
  decode(codes: Iterable<number>): string {
    return Array.from(codes, (code) => this.vocabulary[code] ?? "\ufffd").join("");
  }
}
