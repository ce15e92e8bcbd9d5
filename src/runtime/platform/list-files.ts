// What lies in a folder in Node, links followed.

import { readdir, realpath, stat } from "node:fs/promises";
import { FileFormatError } from "../../core/errors.js";

/** As Platform.listFiles. */
export async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (ahead: string, above: readonly string[]): Promise<void> => {
    const path = `${folder}/${ahead}`;
    const real = await realpath(path);
    if (above.includes(real)) return; // a link to a folder that it lies in
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const name = `${ahead}${entry.name}`;
      // A link that leads nowhere counts as a file: whoever reads it says that it is missing, and which one.
      const followed = entry.isSymbolicLink() ? await stat(`${folder}/${name}`).catch(() => undefined) : entry;
      if (followed?.isDirectory()) {
        found.push(`${name}/`);
        await walk(`${name}/`, [...above, real]);
      } else if (followed === undefined || followed.isFile()) found.push(name);
    }
  };
  const exists = await stat(folder).then(
    (one) => one.isDirectory(),
    () => false,
  );
  if (!exists) throw new FileFormatError(folder, "there is no such folder");
  await walk("", []);
  return found;
}
