// MNIST's four files: where they may lie, what must be in them, where to download them.

import { platform } from "#platform";
import { FileFormatError, formatShape } from "../../core/errors.js";
import { SIDE } from "./grey-images.js";
import { gunzipIfNeeded, gunzipNowIfNeeded, type IdxArray, isGzip, parseIdx, readStream } from "./idx.js";

/** The contents of an images file and its labels file. */
export interface MNISTArrays {
  /** [N, 28, 28], from 0 (background) to 255 (ink) */
  readonly images: Uint8Array;
  /** [N], from 0 to 9 */
  readonly labels: Uint8Array;
}

/** A parsed file and where it came from. */
interface Source extends IdxArray {
  readonly path: string;
  /** Downloaded bytes, to be kept at `path` once both files are known to be good. */
  readonly fresh?: Uint8Array;
}

const LARGEST_FILE = 2 ** 28; // bytes; MNIST's largest file takes 47 MB, that of EMNIST's digits 188 MB

/** Reads both files at once. In a browser this throws. */
export function readMnistNow(root: string, train: boolean): MNISTArrays {
  const [images, labels] = fileNames(train).map((name): Source => {
    for (const path of places(root, name)) {
      const bytes = platform.readFileNow(path);
      if (bytes !== undefined) return { path, ...parse(gunzipNowIfNeeded(bytes, LARGEST_FILE, path), path) };
    }
    throw missing(root, train, name);
  });
  return pair(images!, labels!);
}

/**
 * Reads both files, and gets the missing ones from the mirrors.
 * @param mirrors - URLs of folders; none: do not download
 */
export async function loadMnist(root: string, train: boolean, mirrors: readonly string[]): Promise<MNISTArrays> {
  const get = async (name: string): Promise<Source> => {
    for (const path of places(root, name)) {
      const bytes = await platform.readFile(path);
      if (bytes !== undefined) return { path, ...parse(await gunzipIfNeeded(bytes, LARGEST_FILE, path), path) };
    }
    if (mirrors.length === 0) throw missing(root, train, name);
    return download(root, name, mirrors);
  };
  const [imagesName, labelsName] = fileNames(train);
  const images = await get(imagesName);
  const labels = await get(labelsName);
  const arrays = pair(images, labels);
  for (const { path, fresh } of [images, labels])
    if (fresh !== undefined) await platform.writeFileAtomic(path, [fresh]);
  return arrays;
}

function fileNames(train: boolean): [images: string, labels: string] {
  const set = train ? "train" : "t10k";
  return [`${set}-images-idx3-ubyte`, `${set}-labels-idx1-ubyte`];
}

function places(root: string, name: string): string[] {
  return [root, torchvisionFolder(root)].flatMap((folder) => [join(folder, `${name}.gz`), join(folder, name)]);
}

/** Where torchvision puts the files, so that one download serves both. */
function torchvisionFolder(root: string): string {
  return join(root, "MNIST/raw");
}

function join(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

function missing(root: string, train: boolean, name: string): FileFormatError {
  return new FileFormatError(
    "MNIST",
    `there is no ${name}; looked for ${places(root, name).join(", ")} ` +
      `(download it: await data.MNIST.load(${JSON.stringify(root)}, { train: ${train}, download: true }))`,
  );
}

/** An images file, if it has three dimensions by its name (folders may be called anything), or a labels file. */
function parse(bytes: Uint8Array, path: string): IdxArray {
  const array = parseIdx(bytes, path);
  const { shape, data } = array;
  const isImages = /-idx3-[^/]*$/.test(path);
  const fits = isImages ? shape.length === 3 && shape[1] === SIDE && shape[2] === SIDE : shape.length === 1;
  if (!fits) {
    throw new FileFormatError(path, `holds ${formatShape(shape)}, expected ${isImages ? "[N, 28, 28]" : "[N]"}`);
  }
  const wrong = isImages ? -1 : data.findIndex((label) => label > 9);
  if (wrong >= 0) throw new FileFormatError(path, `label ${wrong} is ${data[wrong]}; digits go from 0 to 9`);
  return array;
}

function pair(images: Source, labels: Source): MNISTArrays {
  if (images.shape[0] !== labels.shape[0]) {
    throw new FileFormatError(
      "MNIST",
      `${images.path} has ${images.shape[0]} images, ${labels.path} ${labels.shape[0]} labels: they do not belong together`,
    );
  }
  return { images: images.data, labels: labels.data };
}

async function download(root: string, name: string, mirrors: readonly string[]): Promise<Source> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const url = join(mirror, `${name}.gz`);
    try {
      const fresh = await fetchBytes(url);
      // gzip's own checksum vouches for the bytes.
      const array = parse(await gunzipIfNeeded(fresh, LARGEST_FILE, url), url);
      // A server that declares gzip as the transfer's encoding has fetch decompress it.
      const path = join(torchvisionFolder(root), isGzip(fresh) ? `${name}.gz` : name);
      return { ...array, path, fresh };
    } catch (error) {
      failures.push(reason(error, url));
    }
  }
  throw new FileFormatError(
    "MNIST",
    `no mirror has a good ${name}.gz:\n${failures.map((line) => `  ${line}`).join("\n")}`,
  );
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new FileFormatError(url, `HTTP ${response.status} ${response.statusText}`.trim());
  }
  const bytes = await readStream(response.body, LARGEST_FILE);
  if (bytes === undefined) throw new FileFormatError(url, `sends more than ${LARGEST_FILE} bytes`);
  return bytes;
}

/** What went wrong, with the URL in front; fetch hides the reason in `cause`. */
function reason(error: unknown, url: string): string {
  if (error instanceof FileFormatError) return error.message;
  if (!(error instanceof Error)) return `${url}: ${String(error)}`;
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  return `${url}: ${[error.message, cause?.message || cause?.code].filter(Boolean).join(": ")}`;
}
