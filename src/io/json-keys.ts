// What JSON.parse does not tell: whether an object has a key twice. It keeps the last, other readers may keep the first.

/**
 * The first key that an object in this JSON text has twice, at any depth; undefined if there is none.
 * @param text - JSON that JSON.parse has accepted
 */
export function duplicateKey(text: string): string | undefined {
  const around: Set<string>[] = []; // the keys of each object, and an empty set for each array
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "{" || sign === "[") around.push(new Set());
    else if (sign === "}" || sign === "]") around.pop();
    else if (sign === '"') {
      const end = endOfString(text, at);
      if (text[endOfBlanks(text, end)] === ":") {
        const key = JSON.parse(text.slice(at, end)) as string; // "\u0061" and "a" are one key
        if (around.at(-1)?.has(key)) return key;
        around.at(-1)?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOfBlanks(text: string, start: number): number {
  let at = start;
  while (" \t\n\r".includes(text[at]!)) at++;
  return at;
}
