// Anomaly mode: gradients are searched for NaN as they are computed, and nodes remember where they were made.

import { AutogradError, formatShape } from "../core/errors.js";
import { Mode } from "./mode.js";
import { guarded } from "./modes.js";
import type { Node } from "./node.js";

/** Frames of a stack to look at: the engine's own come first. */
const MAX_FRAMES = 64;

const mode = /* @__PURE__ */ new Mode();

/** Whether anomaly mode is on. */
export function isAnomalyEnabled(): boolean {
  return mode.isOn;
}

/** Switches anomaly mode on or off, until the returned guard is disposed if it ever is. */
export function setDetectAnomaly(enabled: boolean): Disposable {
  return mode.set(enabled);
}

/**
 * Finds the operation whose derivative first makes a NaN: the next await after backward() throws an AutogradError that names
 * it, the input whose gradient is NaN, and where in your code the operation was called. As PyTorch's detect_anomaly, both
 * the forward and the backward pass must run inside:
 *
 *     using _ = autograd.detectAnomaly();
 *     autograd.detectAnomaly(() => net.forward(x).sum().backward());
 *
 * Each operation takes a stack trace and each gradient a pass over its elements, so it is for debugging only.
 */
export function detectAnomaly(): Disposable;
export function detectAnomaly<R>(body: () => R): R;
export function detectAnomaly<R>(body?: () => R): R | Disposable {
  const enter = (): Disposable => setDetectAnomaly(true);
  return body === undefined ? enter() : guarded(enter, body);
}

/** The caller's stack, in anomaly mode. */
export function stackInAnomalyMode(): string | undefined {
  return mode.isOn ? userStack() : undefined;
}

/** The frames of the caller's stack that are not tapegrad's own. */
export function userStack(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = MAX_FRAMES;
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  const own = placeOf(frames[0] ?? "").replace(/\/autograd\/[^/]*$/, "/"); // src/, or the file everything is bundled in
  const isUsers = (frame: string): boolean => !placeOf(frame).startsWith(own) && !frame.endsWith("(<anonymous>)"); // Array.map
  return frames.filter(isUsers).join("\n");
}

/** A frame's file, without line and column. */
function placeOf(frame: string): string {
  return /\(?((?:[a-z]+:\/\/)?\/[^()]*?):\d+:\d+\)?$/.exec(frame)?.[1] ?? "";
}

/** What to say of a NaN in the gradient that a node hands to one of its inputs. */
export function anomaly({ op, inputs, inputMetas, madeAt }: Node, input: number, position: number): AutogradError {
  const name = op.inputs === undefined || inputs.length === 1 ? "" : ` ${op.inputs[input]}`;
  const of = `its input${name} of shape ${formatShape(inputMetas[input]!.shape)}`;
  const where = madeAt === undefined ? "outside of anomaly mode" : `here:\n${madeAt}`;
  const problem = `the derivative of ${op.name} made a NaN at element ${position} of the gradient of ${of}`;
  return new AutogradError("backward", `${problem}; ${op.name} was called ${where}`);
}
