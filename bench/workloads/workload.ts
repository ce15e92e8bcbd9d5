// What a workload is: one piece of work, written once per framework from the same inputs.

import type { Tensor } from "tapegrad";
import type { Jax, JaxArray, JaxFunction } from "../peers/jax-types.js";
import type { Tfjs, TfTensor } from "../peers/tfjs-types.js";

/** Tapegrad's form: a function of tensors. A training step returns its loss and changes its model. */
export interface OurWork {
  readonly inputs: readonly Tensor[];
  readonly run: (...inputs: Tensor[]) => Tensor[];
}

/** The form of TensorFlow.js. Everything that `run` makes and does not return, it disposes of. */
export interface TfWork {
  readonly run: () => TfTensor[];
  /** The outputs in the layout of the others, where it differs; outside of the time. */
  readonly compared?: (outputs: TfTensor[]) => TfTensor[];
}

/**
 * The form of jax-js: a pure function, measured eagerly and under jit.
 * A training step takes its state first and returns its loss and the next state.
 */
export interface JaxWork {
  readonly inputs: JaxArray[];
  readonly run: JaxFunction;
  /** How many of the inputs are state, replaced by what follows the first output. */
  readonly state?: number;
  /** How it is run; training steps run under jit alone, as the documentation of jax-js recommends. */
  readonly forms?: readonly JaxForm[];
  /** Names the form where `run` itself chooses what is compiled. */
  readonly pieces?: JaxFunction;
  /** The outputs in the layout of the others, where it differs; outside of the time. */
  readonly compared?: (outputs: JaxArray[]) => JaxArray[];
}

export type JaxForm = "eager" | "jit" | "jit in pieces";

/** Why a framework cannot do a workload. */
export interface NotAvailable {
  readonly notAvailable: string;
}

export interface Workload {
  readonly name: string;
  /** A training step: three losses are compared, and the model goes on learning while it is timed. */
  readonly isStep?: true;
  /** Work so small that it matters what JavaScript does: our form under compile() is measured too, as for steps. */
  readonly isSmall?: true;
  /** Floating-point operations of one run, where the count says something: a multiplication and an addition are two. */
  readonly flops?: number;
  /** Bytes that one run has to read and write at least. */
  readonly bytes?: number;
  /** The largest difference of results, relative to the largest number in the result. */
  readonly tolerance: number;
  tapegrad(): OurWork;
  tfjs(tf: Tfjs): TfWork | NotAvailable;
  jax(jax: Jax): JaxWork | NotAvailable;
}
