// From a hand-written file in wgsl/ to the source of a kernel.
//
// A file declares what it binds, in order, without numbers: `struct Params { rows: u32, ... }` and
// `var<storage, read> x: array<f32>;`. The launcher numbers them. Three directives are understood, each on its own line:
//   #import shared/name     the text of wgsl/shared/name.wgsl, once; scripts/embed-wgsl.mjs turns it into `imports`
//   #slot name              code the launcher supplies, for instance a fused prologue
//   alias T = f32;          an element type the launcher may replace

import type { Access } from "../runtime/bind-groups.js";
import type { KernelSource } from "../runtime/kernel.js";

/** A file in wgsl/, as its module in src/kernels/wgsl/ exports it. */
export interface WgslFile {
  /** Its path in wgsl/, without the ending: "shared/math". */
  readonly name: string;
  /** Without its `#import` lines. */
  readonly text: string;
  /** The files those lines name. */
  readonly imports: readonly WgslFile[];
}

/** Buffers and parameters that generated code brings along. */
export interface Additions {
  readonly buffers?: KernelSource["buffers"];
  readonly params?: KernelSource["params"];
  /** Shared files the code calls. */
  readonly imports?: Iterable<WgslFile>;
}

export interface SourceOptions {
  readonly variant?: string;
  /** Replacements for `alias NAME = ...;`. */
  readonly types?: Readonly<Record<string, string>>;
  /** Values of `override` constants. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Code for each `#slot`. */
  readonly slots?: Readonly<Record<string, string>>;
  /** Comes after the file's own buffers and parameters. */
  readonly additions?: Additions;
}

/** The source of the kernel in a file. */
export function kernelSource(file: WgslFile, options: SourceOptions = {}): KernelSource {
  const { variant = "", types = {}, slots = {}, additions = {}, constants } = options;
  let { text } = file;
  const params: KernelSource["params"][number][] = [];
  text = text.replace(/struct Params \{([^}]*)\}/, (_, fields: string) => {
    for (const [, field, type] of fields.matchAll(/(\w+): (u32|i32|f32)/g)) {
      params.push({ name: field!, type: type as "u32" });
    }
    return "";
  });
  const buffers: KernelSource["buffers"][number][] = [];
  text = text.replace(
    /var<storage, (read|read_write)> (\w+): ([^;]+);/g,
    (_, mode: string, buffer: string, type: string) => {
      const access: Access = mode === "read" ? "read" : "write";
      buffers.push({ name: buffer, access, type });
      return "";
    },
  );
  text = text.replace(/^ *#slot (\w+)$/gm, (_, slot: string) => slots[slot] ?? "");
  text = text.replace(/alias (\w+) = [^;]+;/g, (line, alias: string) => {
    return types[alias] === undefined ? line : `alias ${alias} = ${types[alias]};`;
  });
  return {
    name: file.name,
    variant,
    buffers: [...buffers, ...(additions.buffers ?? [])],
    params: [...params, ...(additions.params ?? [])],
    code: withImports(text, [...(additions.imports ?? []), ...file.imports]),
    ...(constants === undefined ? {} : { constants }),
  };
}

/** Text after the files it calls, directly or not, each once and before its users. */
export function withImports(text: string, imports: Iterable<WgslFile>): string {
  const files = new Set<WgslFile>();
  const bring = (file: WgslFile): void => {
    file.imports.forEach(bring);
    files.add(file);
  };
  for (const file of imports) bring(file);
  return [...Array.from(files, (file) => file.text), text].join("\n");
}
