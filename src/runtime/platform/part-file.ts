// A file that arrives piece by piece, perhaps over several runs. It lies beside its final place, under a name of this
// process, so that two that fetch the same file do not write into one another's.

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { PartFile } from "./platform.js";

let parts = 0;

/** Opens the file for `path`: what an earlier run has left of it, if that is to be kept, or an empty one. */
export async function openPart(path: string, goesOn: boolean): Promise<PartFile> {
  const folder = dirname(path);
  const firstMade = await mkdir(folder, { recursive: true });
  const own = `${path}.${process.pid}-${parts++}.part`;
  for (const left of await leftOver(path)) {
    // Renaming is how one of several processes gets it.
    if (goesOn && (await rename(left, own).then(succeed, fail))) break;
    if (!goesOn) await rm(left, { force: true });
  }
  const file = await open(own, "a");
  let { size } = await file.stat();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  const discard = async (): Promise<void> => {
    await close();
    await rm(own, { force: true });
    if (firstMade !== undefined) await removeEmpty(folder, firstMade);
  };
  return {
    get size() {
      return size;
    },
    async append(bytes) {
      await file.appendFile(bytes);
      size += bytes.length;
    },
    async clear() {
      if (size > 0) await file.truncate();
      size = 0;
    },
    bytes: () => readFile(own),
    digest: (algorithm, bytes) => createHash(algorithm).update(bytes).digest("hex"),
    async finish(to = path) {
      await file.sync();
      await close();
      await rename(own, to);
    },
    async leave() {
      await close();
      if (size > 0) await rename(own, `${path}.part`);
      else await discard();
    },
    discard,
  };
}

/** Parts that nobody is writing. */
async function leftOver(path: string): Promise<string[]> {
  const start = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(start) && name.endsWith(".part"));
  return names.filter((name) => !isBusy(name.slice(start.length))).map((name) => join(dirname(path), name));
}

/** Whether the process lives that the rest of a part's name, 123-0.part or part, names. */
function isBusy(rest: string): boolean {
  const pid = /^(\d+)-\d+\.part$/.exec(rest)?.[1];
  if (pid === undefined) return rest !== "part"; // another file's
  try {
    process.kill(Number(pid), 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes a folder and those above it, up to `last`, as far as they are empty. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  for (let at = folder; at.length >= last.length; at = dirname(at)) {
    if (!(await rmdir(at).then(succeed, fail))) return;
  }
}

const succeed = (): boolean => true;
const fail = (): boolean => false;
