// Python code as blocks of logical lines, and lines as tokens.

/** A logical line with the lines that are indented below it. */
export interface Line {
  readonly text: string;
  readonly body: readonly Line[];
}

export type Token =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string };

const TOKEN =
  /\s*(?:(#.*)|("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?!\w))|([A-Za-z_]\w*)|(\*\*=|\/\/=|\*\*|\/\/|[=!<>+\-*/%@]=|->|\.\.\.|[-+*/%@<>=()[\]{}.,:;]))/y;

/** @throws where the text is not of the part of Python that is read */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`cannot read ${JSON.stringify(text.slice(at, at + 40))} in the source`);
    const [, , string, number, name, sign] = found;
    if (string !== undefined) tokens.push({ kind: "string", text: string.replace(/^("""|'''|"|')([\s\S]*)\1$/, "$2") });
    else if (number !== undefined) tokens.push({ kind: "number", text: number.replaceAll("_", "") });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return tokens;
}

/** The code as a tree of lines; those that continue in brackets are one. */
export function linesOf(source: string): Line[] {
  const logical: { indent: number; text: string }[] = [];
  let open = "";
  for (const physical of source.split("\n")) {
    const text = open === "" ? physical : `${open}\n${physical}`;
    if (text.trim() === "" || (open === "" && text.trim().startsWith("#"))) continue;
    open = isComplete(text) ? "" : text;
    if (open === "") logical.push({ indent: text.search(/\S/), text: text.trim() });
  }
  if (open !== "") throw new Error(`the source ends within ${JSON.stringify(open.trim().slice(0, 60))}`);
  return blockOf(logical, logical[0]?.indent ?? 0);
}

/** Whether brackets and long strings are closed. */
function isComplete(text: string): boolean {
  if ((text.match(/"""|'''/g) ?? []).length % 2 === 1) return false;
  const signs = tokensOf(text).flatMap(({ kind, text }) => (kind === "sign" ? [text] : []));
  const count = (of: string): number => signs.filter((sign) => of.includes(sign)).length;
  return count("([{") <= count(")]}");
}

/** Takes the lines of one block off the list. */
function blockOf(lines: { indent: number; text: string }[], indent: number): Line[] {
  const block: Line[] = [];
  while (lines.length > 0 && lines[0]!.indent >= indent) {
    const { text } = lines.shift()!;
    const next = lines[0]?.indent ?? 0;
    block.push({ text, body: next > indent ? blockOf(lines, next) : [] });
  }
  return block;
}
