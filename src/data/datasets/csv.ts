// Comma-separated values (RFC 4180): rows of a file of any size, and a table of numbers in memory.

import { describe } from "../../core/check.js";
import { FileFormatError, OutOfRangeError } from "../../core/errors.js";
import { Dataset, IterableDataset, outOfRange } from "../dataset.js";
import { csvRecords } from "./csv-parse.js";
import { textChunks } from "./file-chunks.js";
import { ownShare } from "./text.js";

/** A row: fields by the names in the first line, or by position. */
export type CSVRow = Readonly<Record<string, string>>;

export interface CSVOptions {
  /** Whether the first line names the columns; else they are "0", "1" ... Default true. */
  readonly header?: boolean;
  /** Between two fields, one character. Default ",". */
  readonly delimiter?: string;
}

export interface CSVRowsOptions<Sample> extends CSVOptions {
  /** Makes a sample of a row. Default: the row. */
  readonly transform?: (row: CSVRow) => Sample;
}

/**
 * The rows of a CSV file, one after another: it may be larger than memory, and gzipped. With workers, each has every
 * numWorkers-th row.
 *
 *     new data.CSVRows("ratings.csv", { transform: (row) => [Number(row["user"]), Number(row["stars"])] })
 */
export class CSVRows<Sample = CSVRow> extends IterableDataset<Sample> {
  readonly #path: string;
  readonly #options: CSVRowsOptions<Sample>;

  /**
   * @param path - a file; in a browser its URL
   * @throws OutOfRangeError if the delimiter is not one character, or one with a meaning of its own
   */
  constructor(path: string, options: CSVRowsOptions<Sample> = {}) {
    super();
    checkDelimiter("CSVRows", options);
    this.#path = path;
    this.#options = options;
  }

  /** @throws FileFormatError while reading, if the file is missing or damaged, or a row has another number of fields */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void, undefined> {
    const { transform } = this.#options;
    for await (const { names, fields } of ownShare(tableOf(this.#path, this.#options))) {
      const row = Object.fromEntries(names.map((name, i) => [name, fields[i]!]));
      yield transform === undefined ? (row as Sample) : transform(row);
    }
  }
}

/** Records with the names of their fields, which every record has. */
async function* tableOf(
  path: string,
  { header = true, delimiter = "," }: CSVOptions,
): AsyncGenerator<{ names: readonly string[]; fields: readonly string[]; line: number }, void, undefined> {
  let names: readonly string[] | undefined;
  for await (const { fields, line } of csvRecords(textChunks(path), path, delimiter)) {
    if (names === undefined) {
      names = header ? fields : fields.map((_, i) => String(i));
      const twice = names.find((name, i) => names!.indexOf(name) !== i);
      if (twice !== undefined) throw new FileFormatError(path, `two columns are called ${JSON.stringify(twice)}`);
      if (header) continue;
    }
    if (fields.length !== names.length) {
      throw new FileFormatError(
        path,
        `line ${line} has ${fields.length} fields, and there are ${names.length} columns`,
      );
    }
    yield { names, fields, line };
  }
}

export interface CSVDatasetOptions extends CSVOptions {
  /** The column with the label. */
  readonly target: string;
  /** The columns with the input. Default: all others. */
  readonly columns?: readonly string[];
}

/**
 * A table of numbers as [input, label]: input float32 [columns]. Labels are numbers; if one of them is none, they are
 * names of classes, and the label is the number of the name among all, sorted (`classes`).
 *
 *     const iris = await data.CSVDataset.load("iris.csv", { target: "species" });
 */
export class CSVDataset extends Dataset<readonly [input: Float32Array, label: number]> {
  constructor(
    /** [N, columns], row-major */
    readonly inputs: Float32Array,
    /** [N] */
    readonly labels: Float64Array,
    /** Names of the inputs. */
    readonly columns: readonly string[],
    /** Names of the labels, where they have any. */
    readonly classes?: readonly string[],
  ) {
    super();
  }

  /** @throws FileFormatError if the file is missing or damaged, a column is missing, or an input is no number */
  static async load(path: string, { target, columns, ...options }: CSVDatasetOptions): Promise<CSVDataset> {
    checkDelimiter("CSVDataset", options);
    const inputs: number[] = [];
    const targets: string[] = [];
    let chosen: readonly string[] = columns ?? [];
    let places: readonly number[] | undefined;
    let targetPlace = -1;
    for await (const { names, fields, line } of tableOf(path, options)) {
      if (places === undefined) {
        chosen = columns ?? names.filter((name) => name !== target);
        [targetPlace = -1, ...places] = [target, ...chosen].map((name) => placeOf(path, names, name));
      }
      targets.push(fields[targetPlace]!);
      for (const place of places) {
        const value = fields[place]!.trim();
        if (value === "" || Number.isNaN(Number(value))) {
          const problem = `line ${line}: ${JSON.stringify(value)} in column ${names[place]} is no number`;
          throw new FileFormatError(path, problem);
        }
        inputs.push(Number(value));
      }
    }
    if (targets.every((value) => value.trim() !== "" && !Number.isNaN(Number(value)))) {
      return new CSVDataset(Float32Array.from(inputs), Float64Array.from(targets, Number), chosen);
    }
    const classes = [...new Set(targets)].sort();
    const numbers = new Map(classes.map((name, i) => [name, i]));
    const labels = Float64Array.from(targets, (name) => numbers.get(name)!);
    return new CSVDataset(Float32Array.from(inputs), labels, chosen, classes);
  }

  get length(): number {
    return this.labels.length;
  }

  /** @throws OutOfRangeError */
  getItem(index: number): readonly [input: Float32Array, label: number] {
    const label = this.labels[index];
    if (label === undefined) {
      throw outOfRange("CSVDataset", index, this.length);
    }
    const width = this.columns.length;
    return [this.inputs.slice(index * width, (index + 1) * width), label];
  }
}

function checkDelimiter(op: string, { delimiter = "," }: CSVOptions): void {
  if (typeof delimiter === "string" && [...delimiter].length === 1 && !['"', "\r", "\n"].includes(delimiter)) return;
  const wanted = "must be one character, neither a quote nor a line end";
  throw new OutOfRangeError(op, `delimiter ${wanted}, got ${describe(delimiter)}`);
}

function placeOf(path: string, names: readonly string[], name: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new FileFormatError(path, `there is no column ${JSON.stringify(name)}; there are ${names.join(", ")}`);
}
