// Whether operations are recorded on the tape.

import { AutogradError, formatShape } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { Mode } from "./mode.js";

const grad = /* @__PURE__ */ new Mode(true);
const inference = /* @__PURE__ */ new Mode();

export function isGradEnabled(): boolean {
  return grad.isOn;
}

/** Switches recording on or off until the returned guard is disposed: `using _ = setGradEnabled(isTraining)`. */
export function setGradEnabled(enabled: boolean): Disposable {
  return grad.set(enabled);
}

/** Runs `body` with recording on or off; if it returns a promise, until that settles. */
export function withGradEnabled<R>(enabled: boolean, body: () => R): R {
  return guarded(() => setGradEnabled(enabled), body);
}

/** @internal Runs `body` under a guard; if it returns a promise, until that settles. */
export function guarded<R>(enter: () => Disposable, body: () => R): R {
  const guard = enter();
  let isPending = false;
  try {
    const result = body();
    if (result instanceof Promise) {
      isPending = true;
      return result.finally(() => guard[Symbol.dispose]()) as R;
    }
    return result;
  } finally {
    if (!isPending) guard[Symbol.dispose]();
  }
}

/**
 * Computes without recording: results do not require grad. Either for a function, or for the rest of a block.
 *
 *     const predictions = noGrad(() => net.forward(x));
 *     using _ = noGrad();
 *
 * The switch is global: while an asynchronous `body` waits, other code does not record either.
 */
export function noGrad(): Disposable;
export function noGrad<R>(body: () => R): R;
export function noGrad<R>(body?: () => R): R | Disposable {
  return body === undefined ? setGradEnabled(false) : withGradEnabled(false, body);
}

export function isInferenceModeEnabled(): boolean {
  return inference.isOn;
}

/**
 * noGrad whose tensors never join the tape: outside, they cannot be saved for a derivative, require grad or be changed in
 * place. For code that only predicts, and that must not be trained by accident.
 *
 *     const labels = inferenceMode(() => net.forward(x).argmax(1));
 *     using _ = inferenceMode();
 *
 * Unlike PyTorch's it is no faster than noGrad.
 */
export function inferenceMode(): Disposable;
export function inferenceMode<R>(body: () => R): R;
export function inferenceMode<R>(body?: () => R): R | Disposable {
  return body === undefined ? setInferenceMode() : guarded(setInferenceMode, body);
}

function setInferenceMode(): Disposable {
  const [recording, mode] = [setGradEnabled(false), inference.set(true)];
  return {
    [Symbol.dispose]() {
      mode[Symbol.dispose]();
      recording[Symbol.dispose]();
    },
  };
}

/** Records again inside a `noGrad` region. */
export function enableGrad(): Disposable;
export function enableGrad<R>(body: () => R): R;
export function enableGrad<R>(body?: () => R): R | Disposable {
  return body === undefined ? setGradEnabled(true) : withGradEnabled(true, body);
}

/** Throws if the tensor was made in inferenceMode: the tape cannot have it. */
export function assertNoInference(op: string, tensor: Tensor): void {
  if (!tensor.isInference()) return;
  throw new AutogradError(
    op,
    `a tensor ${formatShape(tensor.shape)} was made in inferenceMode (by ${tensor.madeBy}) and cannot be used where the ` +
      "tape records, nor be changed; clone() it, or make it under noGrad instead",
  );
}
