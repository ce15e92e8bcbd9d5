// The four files of MNIST and its like: where they may lie, what must be in them, how to download them.

import { platform } from "#platform";
import { FileFormatError, formatShape } from "../../core/errors.js";
import { type DownloadOptions, download, type Fetched } from "./download.js";
import { SIDE } from "./grey-images.js";
import { gunzipIfNeeded, gunzipNowIfNeeded, type IdxArray, isGzip, parseIdx } from "./idx.js";
import { join } from "./join.js";

/** A set in MNIST's format. */
export interface IdxSet {
  /** Of its class, and of the folder that torchvision gives it. */
  readonly name: string;
  /** URLs of folders with the gzipped files. */
  readonly mirrors: readonly string[];
  /** Of the files there: "md5:..." by name. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Where to download from, and how. */
interface IdxDownload extends DownloadOptions {
  readonly mirrors: readonly string[];
  readonly checksums: Readonly<Record<string, string>>;
}

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
  /** Downloaded, to be kept at `path` once both files are known to be good. */
  readonly fresh?: Fetched<IdxArray>;
}

const LARGEST_FILE = 2 ** 28; // bytes; MNIST's largest file takes 47 MB, that of EMNIST's digits 188 MB

/** Reads both files at once. In a browser this throws. */
export function readMnistNow({ name: set }: IdxSet, root: string, train: boolean): MNISTArrays {
  const [images, labels] = fileNames(train).map((name): Source => {
    for (const path of places(set, root, name)) {
      const bytes = platform.readFileNow(path);
      if (bytes !== undefined) return { path, ...parse(gunzipNowIfNeeded(bytes, LARGEST_FILE, path), path) };
    }
    throw missing(set, root, train, name);
  });
  return pair(set, images!, labels!);
}

/** Reads both files, and gets the missing ones from the mirrors, if there are any. */
export async function loadMnist(
  { name: set }: IdxSet,
  root: string,
  train: boolean,
  source: IdxDownload,
): Promise<MNISTArrays> {
  const get = async (name: string): Promise<Source> => {
    for (const path of places(set, root, name)) {
      const bytes = await platform.readFile(path);
      if (bytes !== undefined) return { path, ...parse(await gunzipIfNeeded(bytes, LARGEST_FILE, path), path) };
    }
    if (source.mirrors.length === 0) throw missing(set, root, train, name);
    return fetchFile(set, root, name, source);
  };
  const [imagesName, labelsName] = fileNames(train);
  const fresh: Fetched<IdxArray>[] = [];
  try {
    const sources: Source[] = [];
    for (const name of [imagesName, labelsName]) {
      const file = await get(name);
      if (file.fresh !== undefined) fresh.push(file.fresh);
      sources.push(file);
    }
    const arrays = pair(set, sources[0]!, sources[1]!);
    for (const { path, fresh: file } of sources) await file?.keep(path);
    return arrays;
  } catch (error) {
    for (const file of fresh.reverse()) await file.discard(); // the first one made the folder
    throw error;
  }
}

async function fetchFile(set: string, root: string, name: string, source: IdxDownload): Promise<Source> {
  const { mirrors, checksums, ...options } = source;
  const path = join(torchvisionFolder(set, root), `${name}.gz`);
  const fresh = await download({
    ...options,
    op: set,
    name: `${name}.gz`,
    urls: mirrors.map((mirror) => join(mirror, `${name}.gz`)),
    path,
    checksum: checksums[`${name}.gz`],
    limit: LARGEST_FILE,
    // Where there is no other checksum, gzip's own vouches for the bytes.
    parse: async (bytes, url) => parse(await gunzipIfNeeded(bytes, LARGEST_FILE, url), url),
  });
  // A server that declares gzip as the transfer's encoding has fetch decompress it.
  return { ...fresh.value, path: isGzip(fresh.bytes) ? path : path.slice(0, -".gz".length), fresh };
}

function fileNames(train: boolean): [images: string, labels: string] {
  const set = train ? "train" : "t10k";
  return [`${set}-images-idx3-ubyte`, `${set}-labels-idx1-ubyte`];
}

function places(set: string, root: string, name: string): string[] {
  return [root, torchvisionFolder(set, root)].flatMap((folder) => [join(folder, `${name}.gz`), join(folder, name)]);
}

/** Where torchvision puts the files, so that one download serves both. */
function torchvisionFolder(set: string, root: string): string {
  return join(root, `${set}/raw`);
}

function missing(set: string, root: string, train: boolean, name: string): FileFormatError {
  return new FileFormatError(
    set,
    `there is no ${name}; looked for ${places(set, root, name).join(", ")} ` +
      `(download it: await data.${set}.load(${JSON.stringify(root)}, { train: ${train}, download: true }))`,
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

function pair(set: string, images: Source, labels: Source): MNISTArrays {
  if (images.shape[0] !== labels.shape[0]) {
    throw new FileFormatError(
      set,
      `${images.path} has ${images.shape[0]} images, ${labels.path} ${labels.shape[0]} labels: they do not belong together`,
    );
  }
  return { images: images.data, labels: labels.data };
}
