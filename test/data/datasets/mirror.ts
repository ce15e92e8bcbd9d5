// A server that cuts, stalls, corrupts, and knows ranges, or does not.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a mirror does with a request for a file's bytes from `start` on. */
export type Behaviour = (response: ServerResponse, file: Buffer, start: number, request: IncomingMessage) => void;

export interface Mirror {
  /** Requests as "mirror/file", with the range where one was asked for. */
  readonly requests: string[];
  /** The URL of a mirror's folder. */
  url(name: string): string;
  close(): Promise<void>;
}

function head(response: ServerResponse, file: Buffer, start: number, headers: Record<string, string> = {}): void {
  const length = { "content-length": file.length - start, "accept-ranges": "bytes", ...headers };
  if (start === 0) response.writeHead(200, length);
  else response.writeHead(206, { ...length, "content-range": `bytes ${start}-${file.length - 1}/${file.length}` });
}

// A connection that is cut at once takes with it what has arrived and was not read yet: the client gets 80 ms to read.

/** Bytes that a mirror sends before it fails. */
const SOME = 1000;

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  good(response, file, start) {
    if (start >= file.length) {
      response.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
      return;
    }
    head(response, file, start, { etag: '"1"' });
    response.end(file.subarray(start));
  },
  /** Every connection breaks off after some bytes. */
  cutting(response, file, start) {
    head(response, file, start, { etag: '"1"' });
    if (file.length - start <= SOME) response.end(file.subarray(start));
    else response.write(file.subarray(start, start + SOME), () => setTimeout(() => response.destroy(), 80));
  },
  /** As if ranges did not exist, and cut. */
  cuttingWhole(response, file) {
    head(response, file, 0);
    response.write(file.subarray(0, SOME), () => setTimeout(() => response.destroy(), 80));
  },
  /** Goes silent after some bytes. */
  stalling(response, file, start) {
    head(response, file, start, { etag: '"1"' });
    if (file.length - start <= SOME) response.end(file.subarray(start));
    else response.write(file.subarray(start, start + SOME));
  },
  /** Goes silent after some bytes, and has nothing more to say. */
  stuck(response, file, start) {
    if (start > 0) return;
    head(response, file, 0, { etag: '"1"' });
    response.write(file.subarray(0, SOME));
  },
  /** Never answers. */
  deaf: () => undefined,
  /** Two bytes are others. */
  corrupting(response, file, start) {
    const wrong = Buffer.from(file);
    for (const at of [500, file.length - 10]) wrong[at]! ^= 1;
    head(response, file, start);
    response.end(wrong.subarray(start));
  },
  /** The file changes between two requests: breaks off once, then has another one. */
  changing(response, file, start, { headers }) {
    if (start === 0 && headers["if-range"] === undefined && headers["range"] === undefined) {
      head(response, file, 0, { etag: '"old"' });
      response.write(Buffer.alloc(SOME), () => setTimeout(() => response.destroy(), 80));
      return;
    }
    head(response, file, 0, { etag: '"new"' }); // If-Range does not fit, so all of it
    response.end(file);
  },
  endless(response) {
    response.writeHead(200);
    response.write(Buffer.alloc(1 << 20));
  },
};

/** Serves files under each mirror's name. */
export async function openMirror(files: Readonly<Record<string, Buffer>>): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const [, mirror = "", name = ""] = (request.url ?? "").split("/");
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    requests.push(`${mirror}/${name}${range === undefined ? "" : ` from ${range}`}`);
    const file = files[name];
    if (file === undefined) response.writeHead(404).end();
    else BEHAVIOURS[mirror]!(response, file, Number(range ?? 0), request);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A checksum as downloads take it. */
export function checksum(algorithm: "md5" | "sha256", bytes: Uint8Array): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}
