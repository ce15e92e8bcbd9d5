// Records of CSV text that arrives in pieces (RFC 4180): fields may be quoted, and then hold delimiters, line ends and
// doubled quotes.

import { FileFormatError } from "../../core/errors.js";

const LONGEST = 1 << 24; // characters of a record: a file without line ends, or an open quote, must not fill the memory

/** A record, and the line it begins on, from 1. */
interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

/** @throws FileFormatError for a quote that is not closed, text behind one that is, or an endless record */
export async function* csvRecords(
  chunks: AsyncIterable<string>,
  name: string,
  delimiter: string,
): AsyncGenerator<CsvRecord, void, undefined> {
  let fields: string[] = [];
  let field = "";
  /** Before a field, in one, in a quoted one, behind a quote in a quoted one. */
  let state: "start" | "plain" | "quoted" | "quote" = "start";
  let [line, begin] = [1, 1];
  let length = 0; // of the record, delimiters and line ends included
  const endField = (): void => {
    fields.push(state === "plain" && field.endsWith("\r") ? field.slice(0, -1) : field);
    field = "";
    state = "start";
  };
  const isEmpty = (): boolean => fields.length === 0 && (field === "" || field === "\r") && state !== "quote";
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === "\n") line++;
      if (++length > LONGEST) {
        const problem = state === "quoted" ? "a quote is never closed" : "is it CSV?";
        throw new FileFormatError(name, `line ${begin}: a row has more than ${LONGEST} characters: ${problem}`);
      }
      if (state === "quoted") {
        if (character === '"') state = "quote";
        else field += character;
      } else if (character === '"' && state === "start") state = "quoted";
      else if (character === '"' && state === "quote") {
        field += '"';
        state = "quoted";
      } else if (character === delimiter) endField();
      else if (character === "\n") {
        const skips = isEmpty();
        endField();
        if (!skips) yield { fields, line: begin };
        fields = [];
        begin = line;
        length = 0;
      } else if (state === "quote") {
        if (character !== "\r")
          throw new FileFormatError(name, `line ${begin}: ${character} stands behind a closed quote`);
      } else {
        field += character;
        state = "plain";
      }
    }
  }
  if (state === "quoted") throw new FileFormatError(name, `line ${begin}: a quote is never closed`);
  if (isEmpty()) return;
  endField();
  yield { fields, line: begin };
}
