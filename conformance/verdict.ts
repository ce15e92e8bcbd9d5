// What comes of a case.

import type { Difference } from "./compare.js";

export type Verdict =
  | { readonly kind: "passed"; readonly name: string }
  | { readonly kind: "failed"; readonly name: string | undefined; readonly why: string }
  | { readonly kind: "missing"; readonly why: string };

/** What tapegrad has for a case, by the name users write: `x.add`, `F.conv2d`, `nn.Linear`. */
export interface Found {
  readonly name: string;
}

/** What a case needs and tapegrad lacks. */
export interface Missing {
  readonly missing: string;
}

/**
 * Finds what to call, then what differs; what either throws is a failure.
 * @param find - a way to run the case, or what is missing for that
 * @param differs - runs it and compares
 */
export async function verdictOn<T extends Found>(
  find: () => T | Missing,
  differs: (found: T) => Promise<Difference>,
): Promise<Verdict> {
  let name: string | undefined;
  try {
    const found = find();
    if ("missing" in found) return { kind: "missing", why: found.missing };
    name = found.name;
    const why = await differs(found);
    return why === undefined ? { kind: "passed", name } : { kind: "failed", name, why };
  } catch (error) {
    return { kind: "failed", name, why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
