// Opens a framework by its name; the others are not even loaded.

import type { Framework, FrameworkName } from "./framework.js";

export async function openFramework(name: FrameworkName): Promise<Framework> {
  if (name === "tapegrad") return (await import("./tapegrad.js")).openTapegrad();
  if (name === "tfjs") return (await import("./tfjs.js")).openTensorFlow();
  return (await import("./jax.js")).openJax();
}
