// Transforms of transforms, and of functions.

import { checkProbability, describe } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";
import type { Image } from "./image.js";
import { Draw } from "./random.js";
import { applyTransform, Transform, type TransformLike } from "./transform.js";

/** Any transforms: each has to take what the one before it returns. */
export type Transforms = readonly TransformLike<never, unknown>[];

/**
 * Transforms one after another: what one returns, the next one gets.
 *
 *     const { Compose, RandomCrop, RandomHorizontalFlip, ToTensor, Normalize } = data.transforms;
 *     const augment = new Compose([
 *       new RandomCrop(32, { padding: 4 }),
 *       new RandomHorizontalFlip(),
 *       new ToTensor(),
 *       new Normalize([0.49, 0.48, 0.45], [0.25, 0.24, 0.26]),
 *     ]);
 *     const image = augment.forward(pixels); // uint8 [3, 32, 32] -> float32 [3, 32, 32]
 */
export class Compose<In = Image, Out = Image> extends Transform<In, Out> {
  /** @throws TapegradError if something is neither a transform nor a function */
  constructor(readonly transforms: Transforms) {
    super();
    checkTransforms("Compose", transforms);
  }

  forward(input: In): Out {
    return inOrder(this.transforms, input);
  }
}

/** With probability p, transforms one after another; else the input as it is. */
export class RandomApply<In = Image> extends Transform<In, In> {
  readonly p: number;

  /** @throws TapegradError if something is no transform; OutOfRangeError if p is no probability */
  constructor(
    readonly transforms: Transforms,
    { p = 0.5 }: { readonly p?: number } = {},
  ) {
    super();
    checkTransforms("RandomApply", transforms);
    this.p = checkProbability("RandomApply", p);
  }

  forward(input: In): In {
    return new Draw().uniform() < this.p ? inOrder(this.transforms, input) : input;
  }
}

/** A function as a transform: `new Lambda((image: data.transforms.Image) => ...)`. */
export class Lambda<In = Image, Out = Image> extends Transform<In, Out> {
  /** @throws TapegradError if `lambd` is no function */
  constructor(readonly lambd: (input: In) => Out) {
    super();
    if (typeof lambd !== "function") throw new TapegradError("Lambda", `takes a function, got ${describe(lambd)}`);
  }

  forward(input: In): Out {
    return this.lambd(input);
  }
}

function checkTransforms(op: string, transforms: unknown): void {
  const isTransform = (one: unknown): boolean =>
    typeof one === "function" || (typeof one === "object" && one !== null && "forward" in one);
  const wrong = Array.isArray(transforms) ? transforms.findIndex((one) => !isTransform(one)) : -1;
  if (Array.isArray(transforms) && wrong < 0) return;
  const got = wrong < 0 ? describe(transforms) : `${describe((transforms as unknown[])[wrong])} at ${wrong}`;
  throw new TapegradError(op, `takes an array of transforms or functions, got ${got}`);
}

/** What the first one takes and the last one returns is the caller's to know. */
function inOrder<In, Out>(transforms: Transforms, input: In): Out {
  return transforms.reduce<unknown>((value, transform) => applyTransform(transform, value as never), input) as Out;
}
