// What is known about adapters beforehand.

import type { AdapterDescription } from "../../runtime/acquire.js";

export type AdapterKind =
  | "swiftshader"
  | "llvmpipe"
  | "nvidia"
  | "amd"
  | "intel"
  | "apple"
  | "qualcomm"
  | "arm"
  | "other";

const PATTERNS: readonly (readonly [AdapterKind, RegExp])[] = [
  ["swiftshader", /swiftshader/],
  ["llvmpipe", /llvmpipe|lavapipe/],
  ["nvidia", /nvidia|geforce|quadro|tesla/],
  ["amd", /\bamd\b|radeon|\bati\b/],
  ["intel", /intel/],
  ["apple", /apple/],
  ["qualcomm", /qualcomm|adreno/],
  ["arm", /\barm\b|mali/],
];

export function kindOf(adapter: AdapterDescription): AdapterKind {
  const text = textOf(adapter).toLowerCase();
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}

/**
 * Whether the project's own tests run on this adapter, as it is here: they are a longer self-test than any at start-up,
 * and programs start sooner without another.
 */
export function isProven(adapter: AdapterDescription): boolean {
  const lanes = { swiftshader: 4, llvmpipe: 8 } as Partial<Record<AdapterKind, number>>;
  const [least, most] = adapter.subgroupSizes ?? [];
  const tested = lanes[kindOf(adapter)];
  return tested !== undefined && least === tested && most === tested;
}

/** All that tells one adapter, and its driver, from another. */
export function textOf({ vendor, architecture, device, description, subgroupSizes }: AdapterDescription): string {
  return [vendor, architecture, device, description, subgroupSizes?.join("-") ?? ""].join("|");
}
