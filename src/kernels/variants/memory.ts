// What is known about variants, kept from one run to the next: a small JSON text per adapter, its driver and tapegrad's
// version, in the user's cache folder or the browser's local storage. A text that is not what we wrote is ignored.

import { platform } from "#platform";
import { VERSION } from "../../core/version.js";
import type { Device } from "../../runtime/device.js";
import { textOf } from "./adapters.js";
import { forgetChoices, knowledgeOf } from "./choice.js";

/** Adds what is remembered to what the device knows. */
export async function recall(device: Device): Promise<void> {
  const text = await platform.recall(nameFor(device)).catch(() => undefined);
  if (text === undefined) return;
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return;
  }
  if (!isRecord(kept) || kept["version"] !== VERSION || kept["adapter"] !== textOf(device.adapter)) return;
  const { passed, fastest } = knowledgeOf(device);
  copy(kept["passed"], passed, (value) => typeof value === "boolean");
  copy(kept["fastest"], fastest, (value) => typeof value === "string");
  forgetChoices(device);
}

/** Keeps what the device knows; where nothing can be kept, the next run has to find out again. */
export async function remember(device: Device): Promise<void> {
  const { passed, fastest } = knowledgeOf(device);
  const kept = {
    version: VERSION,
    adapter: textOf(device.adapter),
    passed: Object.fromEntries(passed),
    fastest: Object.fromEntries(fastest),
  };
  await platform.remember(nameFor(device), `${JSON.stringify(kept, null, 2)}\n`).catch(() => undefined);
}

/** Different adapters get different names, nearly always; the text inside says which one it is about. */
function nameFor(device: Device): string {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (const character of `${textOf(device.adapter)}|${VERSION}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return `tapegrad-variants-${hash.toString(16).padStart(8, "0")}.json`;
}

function copy<T>(from: unknown, to: Map<string, T>, isValid: (value: unknown) => boolean): void {
  if (!isRecord(from)) return;
  for (const [name, value] of Object.entries(from)) if (isValid(value)) to.set(name, value as T);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
