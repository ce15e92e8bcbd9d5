// WGSL for places: the coordinates c0, c1 ... of an element, and where each walk stands at them. Sizes, strides and
// offsets that the text names are parameters:
//
//   s1     size of merged dimension 1       o2     offset of walk 2       a2_1   stride of walk 2 along dimension 1

import type { Space } from "./walk.js";

export class Addresses {
  readonly #space: Space;
  readonly #prefix: string;

  /** @param prefix - put before the parameters' names */
  constructor(space: Space, prefix: string) {
    this.#space = space;
    this.#prefix = prefix;
  }

  /** Parameters the text names, in step with `values`. */
  get params(): string[] {
    const names: string[] = [];
    this.#eachParam((name) => names.push(name));
    return names;
  }

  get values(): number[] {
    const values: number[] = [];
    this.#eachParam((_, value) => values.push(value));
    return values;
  }

  #eachParam(visit: (name: string, value: number) => void): void {
    const { sizes, walks } = this.#space;
    const prefix = this.#prefix;
    let d = 0;
    for (const group of sizes) {
      for (let i = 0; i < group.length; i++, d++) if (i > 0) visit(`${prefix}s${d}`, group[i]!);
    }
    walks.forEach(({ classes, strides, offset }, w) => {
      if (offset !== 0) visit(`${prefix}o${w}`, offset);
      for (let c = 0; c < classes.length; c++) if (classes[c] === "p") visit(`${prefix}a${w}_${c}`, strides[c]!);
    });
  }

  /** Statements that declare the coordinates, from linear indices of these names, one per group. */
  coordinates(linear: readonly string[]): string[] {
    const lines: string[] = [];
    let d = 0;
    this.#space.sizes.forEach((sizes, g) => {
      const first = d;
      d += sizes.length;
      if (sizes.length === 1) lines.push(`let c${first} = ${linear[g]};`);
      if (sizes.length < 2) return;
      lines.push(`var rest${g} = ${linear[g]};`);
      for (let c = d - 1; c > first; c--)
        lines.push(`let c${c} = rest${g} % p.${this.#prefix}s${c}; rest${g} /= p.${this.#prefix}s${c};`);
      lines.push(`let c${first} = rest${g};`);
    });
    return lines;
  }

  /** Position of a walk at the present coordinates. */
  of(w: number): string {
    const { classes, offset } = this.#space.walks[w]!;
    const terms = offset === 0 ? [] : [`p.${this.#prefix}o${w}`];
    [...classes].forEach((letter, d) => {
      if (letter === "1") terms.push(`c${d}`);
      if (letter === "p") terms.push(`c${d} * p.${this.#prefix}a${w}_${d}`);
    });
    return terms.join(" + ") || "0u";
  }

  /** Row-major index in an indexed function's own shape; four of them where vectors are handled, or only the first. */
  index(w: number, isFirstOnly: boolean): string {
    if (this.#space.width === 1) return this.of(w);
    const { classes } = this.#space.walks[w]!;
    const last = classes.length - 1;
    const terms = [...classes].map((letter, d) => {
      if (letter === "0") return undefined;
      if (d === last) return `c${d} * 4u`;
      return letter === "1" ? `c${d}` : `c${d} * p.${this.#prefix}a${w}_${d}`;
    });
    const start = ["0u", ...terms.filter((term) => term !== undefined)].join(" + ");
    if (isFirstOnly) return start;
    return classes[last] === "1" ? `vec4u(${start}) + vec4u(0u, 1u, 2u, 3u)` : `vec4u(${start})`;
  }
}
