// A file piece by piece, as text: what streams that are larger than memory are read from.

import { platform } from "#platform";
import { FileFormatError } from "../../core/errors.js";
import { isGzip } from "./idx.js";

const PIECE = 1 << 18; // bytes read at a time
const LONGEST = 1 << 24; // characters of a line: a file without line ends must not fill the memory

/** A file's text in pieces, decompressed if it is gzip. */
export async function* textChunks(path: string): AsyncGenerator<string, void, undefined> {
  const file = await platform.openFile(path);
  if (file === undefined) throw new FileFormatError(path, "there is no such file");
  const decoder = new TextDecoder(); // utf-8; drops a byte order mark
  try {
    let at = 0;
    const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = await file.read(at, PIECE);
      at += bytes.length;
      return bytes;
    };
    const first = await next();
    if (!isGzip(first)) {
      for (let bytes = first; bytes.length > 0; bytes = await next()) yield decoder.decode(bytes, { stream: true });
    } else {
      let waiting: Uint8Array<ArrayBuffer> | undefined = first;
      const compressed = new ReadableStream<BufferSource>({
        async pull(controller) {
          const bytes = waiting ?? (await next());
          waiting = undefined;
          if (bytes.length === 0) controller.close();
          else controller.enqueue(bytes);
        },
      });
      const reader = compressed.pipeThrough(new DecompressionStream("gzip")).getReader();
      const read = () =>
        reader.read().catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          throw new FileFormatError(path, `gzip data is truncated or damaged (${reason})`, { cause: error });
        });
      try {
        for (let { value } = await read(); value !== undefined; { value } = await read()) {
          yield decoder.decode(value, { stream: true });
        }
      } finally {
        await reader.cancel().catch(() => undefined);
      }
    }
    const rest = decoder.decode();
    if (rest !== "") yield rest;
  } finally {
    await file.close();
  }
}

/** Lines of a file without their ends, \n or \r\n. */
export async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (const chunk of textChunks(path)) {
    const lines = chunk.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    if (rest.length > LONGEST)
      throw new FileFormatError(path, `a line has more than ${LONGEST} characters: is it text?`);
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}
