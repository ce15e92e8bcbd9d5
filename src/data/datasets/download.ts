// Downloads: from mirrors, resumed where they were cut, checked, and put in their place whole or not at all.

import { platform } from "#platform";
import { FileFormatError } from "../../core/errors.js";
import type { PartFile } from "../../runtime/platform/platform.js";
import { checkedChecksum } from "./checksum.js";
import { type DownloadProgress, progressLine } from "./download-progress.js";

/** Options of everything that downloads. */
export interface DownloadOptions {
  /** Milliseconds that a server may be silent before the next one is tried. Default 30,000. */
  readonly timeout?: number;
  /** Called as bytes arrive; true draws a line on stderr. Default: whether stderr is a terminal. */
  readonly progress?: boolean | ((progress: DownloadProgress) => void);
}

/** A file to get. */
export interface Wanted<T> extends DownloadOptions {
  /** Who wants it, for messages. */
  readonly op: string;
  /** Its name, for messages. */
  readonly name: string;
  readonly urls: readonly string[];
  /** Where it goes. */
  readonly path: string;
  /** "md5:..." or "sha256:...", in hexadecimal digits, large or small. Only then can a later run, or another mirror, go on with a part. */
  readonly checksum?: string | undefined;
  /** The most bytes it may have. */
  readonly limit: number;
  /** Makes something of the bytes; what throws here is the mirror's fault. */
  readonly parse: (bytes: Uint8Array, url: string) => T | Promise<T>;
}

/** A file that is there and good, but not yet in its place. */
export interface Fetched<T> {
  readonly value: T;
  readonly bytes: Uint8Array;
  /** Puts it in its place, or under another name in the same folder. */
  keep(path?: string): Promise<void>;
  discard(): Promise<void>;
}

/** What has arrived in a part, and from where. */
interface Arrived {
  url: string | undefined;
  /** What tells whether the server still has the same file: its ETag or the time of its last change. */
  validator: string | undefined;
  /** Whether it can be gone on with: not where the server compresses on the way. */
  isExact: boolean;
  /** Answers that began and broke off. */
  cuts: number;
}

/**
 * Gets a file from the first mirror that has it. Connections that are cut or go silent are resumed (HTTP Range), at the
 * next mirror if there is a checksum, as long as rounds over the mirrors bring more; one may bring nothing.
 * @throws FileFormatError that lists for each mirror what went wrong with it; TapegradError if the checksum is none
 */
export async function download<T>(options: Wanted<T>): Promise<Fetched<T>> {
  const wanted = { ...options, checksum: checkedChecksum(options.op, options.checksum) };
  const { op, name, urls, path, checksum, progress } = wanted;
  const part = await platform.openPart(path, checksum !== undefined);
  const arrived: Arrived = { url: undefined, validator: undefined, isExact: true, cuts: 0 };
  const failures = new Map<string, string>();
  const report = progressLine(name, progress);
  let best = part.size;
  let patience = 1; // rounds: what was under way when a connection broke is lost
  try {
    for (let isBetter = true; isBetter || (arrived.cuts > 0 && patience-- > 0); ) {
      isBetter = false;
      arrived.cuts = 0;
      for (const url of urls) {
        try {
          await receive(wanted, url, part, arrived, report);
        } catch (error) {
          failures.set(url, reason(error, url));
          if (part.size > best) [best, isBetter] = [part.size, true];
          continue;
        }
        try {
          const value = await check(wanted, url, part);
          return { ...value, keep: (to) => part.finish(to), discard: () => part.discard() };
        } catch (error) {
          failures.set(url, reason(error, url));
          await part.clear();
        }
      }
    }
  } catch (error) {
    await part.discard(); // the disk is full, or the like
    throw error;
  } finally {
    report(undefined);
  }
  await (checksum === undefined ? part.discard() : part.leave());
  const lines = [...failures.values()].map((line) => `  ${line}`).join("\n");
  throw new FileFormatError(op, `no mirror has a good ${name}:\n${lines}`);
}

async function check<T>({ checksum, parse }: Wanted<T>, url: string, part: PartFile) {
  const bytes = await part.bytes();
  if (checksum !== undefined) {
    const [algorithm, expected] = checksum.split(":") as ["md5" | "sha256", string];
    const actual = part.digest(algorithm, bytes);
    if (actual !== expected) {
      throw new FileFormatError(url, `is damaged or another file: its ${algorithm} is ${actual}, expected ${expected}`);
    }
  }
  return { value: await parse(bytes, url), bytes };
}

/** Appends what the server sends, from where the part ends if the server can. */
async function receive(
  { checksum, limit, timeout = 30_000 }: Wanted<unknown>,
  url: string,
  part: PartFile,
  arrived: Arrived,
  report: (progress: DownloadProgress) => void,
): Promise<void> {
  const isSame = arrived.url === url && arrived.validator !== undefined;
  const canResume = part.size > 0 && arrived.isExact && (isSame || checksum !== undefined);
  if (!canResume) await part.clear();
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (canResume) headers["range"] = `bytes=${part.size}-`;
  if (canResume && checksum === undefined) headers["if-range"] = arrived.validator!;
  const silence = new AbortController();
  const tooSilent = new FileFormatError(url, `sent nothing for ${timeout} ms`);
  let timer = setTimeout(() => silence.abort(tooSilent), timeout);
  try {
    const response = await fetch(url, { headers, signal: silence.signal });
    const body = await bodyOf(response, url, part);
    if (body === undefined) return; // the part was whole already
    arrived.url = url;
    arrived.validator = response.headers.get("etag") ?? response.headers.get("last-modified") ?? undefined;
    if (arrived.validator?.startsWith("W/")) arrived.validator = undefined; // weak: not byte for byte
    arrived.isExact = !response.headers.has("content-encoding");
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const total = arrived.isExact && length >= 0 ? part.size + length : undefined;
    if (total !== undefined && total > limit) await refuse(body, url, limit);
    arrived.cuts++;
    const reader = body.getReader();
    for (let { value } = await reader.read(); value !== undefined; { value } = await reader.read()) {
      clearTimeout(timer);
      if (part.size + value.length > limit) await refuse(reader, url, limit);
      await part.append(value);
      report({ url, received: part.size, total });
      timer = setTimeout(() => silence.abort(tooSilent), timeout);
    }
    if (total !== undefined && part.size < total) {
      throw new FileFormatError(url, `broke off after ${part.size} of ${total} bytes`);
    }
    arrived.cuts--;
  } catch (error) {
    throw silence.signal.aborted ? tooSilent : error;
  } finally {
    clearTimeout(timer);
  }
}

/** The body to append; undefined if there is nothing more to have. A part that cannot be gone on with is cleared. */
async function bodyOf(
  response: Response,
  url: string,
  part: PartFile,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const { status, statusText, headers, body } = response;
  if (status === 416) {
    await body?.cancel();
    if (headers.get("content-range") === `bytes */${part.size}`) return undefined;
    await part.clear();
    throw new FileFormatError(url, "has fewer bytes than have arrived: starting over");
  }
  if (!response.ok || body === null) {
    await body?.cancel();
    throw new FileFormatError(url, `HTTP ${status} ${statusText}`.trim());
  }
  if (status !== 206) await part.clear();
  else if (!headers.get("content-range")?.startsWith(`bytes ${part.size}-`)) {
    await body.cancel();
    throw new FileFormatError(url, `sends another range than ${part.size}-: ${headers.get("content-range")}`);
  }
  return body;
}

async function refuse(stream: { cancel(): Promise<void> }, url: string, limit: number): Promise<never> {
  await stream.cancel();
  throw new FileFormatError(url, `sends more than ${limit} bytes`);
}

/** What went wrong, with the URL in front; fetch hides the reason in `cause`. */
function reason(error: unknown, url: string): string {
  if (error instanceof FileFormatError) return error.message;
  if (!(error instanceof Error)) return `${url}: ${String(error)}`;
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  return `${url}: ${[error.message, cause?.message || cause?.code].filter(Boolean).join(": ")}`;
}
