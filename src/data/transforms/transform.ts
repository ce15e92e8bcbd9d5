// What a transform is.

import type { Image } from "./image.js";

/**
 * Makes something of a sample, or of a part of it; mostly an image of an image. Random ones draw from
 * `sampleGenerator()`, so that in a `DataLoader` the seed decides, and not which worker does the work.
 */
export abstract class Transform<In = Image, Out = Image> {
  abstract forward(input: In): Out;
}

/** A transform: an object with `forward`, or a function. */
export type TransformLike<In = Image, Out = Image> = { forward(input: In): Out } | ((input: In) => Out);

/** Applies a transform or a function. */
export function applyTransform<In, Out>(transform: TransformLike<In, Out>, input: In): Out {
  return typeof transform === "function" ? transform(input) : transform.forward(input);
}
