// CIFAR's files: records of label bytes and a picture, in an archive or unpacked from it.
//
//   CIFAR-10    1 byte label, 3072 bytes picture [3, 32, 32]
//   CIFAR-100   1 byte coarse label (20 classes), 1 byte fine label (100), 3072 bytes picture

import { platform } from "#platform";
import { FileFormatError } from "../../core/errors.js";
import { type DownloadOptions, download } from "./download.js";
import { gunzipIfNeeded, gunzipNowIfNeeded } from "./idx.js";
import { join } from "./join.js";
import { readTar } from "./tar.js";

/** Height and width of a picture. */
export const SIDE = 32;
/** Bytes of a picture, [3, 32, 32]. */
export const PIXELS = 3 * SIDE * SIDE;

const LARGEST_FILE = 2 ** 28; // bytes; unpacked, the archives take 184 MB

/** One of the two sets. */
export interface CifarSet {
  readonly name: "CIFAR10" | "CIFAR100";
  readonly archive: string;
  readonly checksum: string;
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Pictures in each of the files to train on, and in each to test on. */
  readonly counts: readonly [train: number, test: number];
  /** Of each label, how many classes it has; the last one is the picture's. */
  readonly labels: readonly number[];
}

/** Pictures and their labels. */
export interface CIFARArrays {
  /** [N, 3, 32, 32] */
  readonly images: Uint8Array;
  /** [N] */
  readonly labels: Uint8Array;
}

/** Reads the set at once. In a browser this throws. */
export function readCifarNow(set: CifarSet, root: string, train: boolean): CIFARArrays {
  const names = train ? set.train : set.test;
  const files = names.map((name) => platform.readFileNow(`${root}/${set.folder}/${name}`));
  if (files.every((file) => file !== undefined)) return pictures(set, train, files);
  const path = `${root}/${set.archive}`;
  const bytes = platform.readFileNow(path);
  if (bytes === undefined) throw missing(set, root, train);
  return unpack(set, train, gunzipNowIfNeeded(bytes, LARGEST_FILE, path), path);
}

/** Reads the set, and downloads its archive if it is missing and there are URLs of folders to get it from. */
export async function loadCifar(
  set: CifarSet,
  root: string,
  train: boolean,
  { mirrors, checksum, ...options }: DownloadOptions & { mirrors: readonly string[]; checksum: string | undefined },
): Promise<CIFARArrays> {
  const names = train ? set.train : set.test;
  const files = await Promise.all(names.map((name) => platform.readFile(`${root}/${set.folder}/${name}`)));
  if (files.every((file) => file !== undefined)) return pictures(set, train, files);
  const path = `${root}/${set.archive}`;
  const bytes = await platform.readFile(path);
  if (bytes !== undefined) return unpack(set, train, await gunzipIfNeeded(bytes, LARGEST_FILE, path), path);
  if (mirrors.length === 0) throw missing(set, root, train);
  const fetched = await download({
    ...options,
    op: set.name,
    name: set.archive,
    urls: mirrors.map((mirror) => join(mirror, set.archive)),
    path,
    checksum,
    limit: LARGEST_FILE,
    parse: async (packed, url) => unpack(set, train, await gunzipIfNeeded(packed, LARGEST_FILE, url), url),
  });
  await fetched.keep();
  return fetched.value;
}

function missing({ name, archive, folder }: CifarSet, root: string, train: boolean): FileFormatError {
  const fix = `await data.${name}.load(${JSON.stringify(root)}, { train: ${train}, download: true })`;
  return new FileFormatError(name, `there is neither ${root}/${folder} nor ${root}/${archive} (download it: ${fix})`);
}

function unpack(set: CifarSet, train: boolean, bytes: Uint8Array, path: string): CIFARArrays {
  const archive = readTar(bytes, path);
  const names = train ? set.train : set.test;
  const files = names.map((name) => {
    const file = archive.get(`${set.folder}/${name}`);
    if (file === undefined) throw new FileFormatError(path, `the archive has no ${set.folder}/${name}`);
    return file;
  });
  return pictures(set, train, files);
}

/** Takes the records of all files apart. */
function pictures(set: CifarSet, train: boolean, files: readonly Uint8Array[]): CIFARArrays {
  const names = train ? set.train : set.test;
  const wanted = set.counts[train ? 0 : 1];
  const ahead = set.labels.length; // bytes before the picture
  const record = ahead + PIXELS;
  for (const [i, { length }] of files.entries()) {
    if (length === wanted * record) continue;
    const problem = `has ${length} bytes, and ${wanted} records of ${record} are ${wanted * record}`;
    throw new FileFormatError(names[i]!, `${problem}: is it truncated, or another file?`);
  }
  const count = files.reduce((sum, { length }) => sum + length / record, 0);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const classes = set.labels[ahead - 1]!;
  let n = 0;
  for (const [i, file] of files.entries()) {
    for (let at = 0; at < file.length; at += record, n++) {
      images.set(file.subarray(at + ahead, at + record), n * PIXELS);
      labels[n] = file[at + ahead - 1]!;
      if (labels[n]! < classes) continue;
      throw new FileFormatError(names[i]!, `label ${labels[n]} of record ${at / record} is not below ${classes}`);
    }
  }
  return { images, labels };
}
