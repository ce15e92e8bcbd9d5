// Who gives a tensor's memory back. Tensors made inside a scope are disposed at its end, unless they are kept; the
// others are given back when JavaScript's garbage collector finds that nobody holds them any more.

import type { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";

/** A tensor's hold on its array; empty once the tensor was disposed. */
export interface Hold {
  array: NDArray | undefined;
  /** How the tensor could have been kept. */
  advice?: string | undefined;
}

const dropped = new FinalizationRegistry<Hold>((hold) => hold.array?.device.pool.collecting(() => letGo(hold)));
let current: Scope | undefined;

/** Releases the array behind a hold, once. */
export function letGo(hold: Hold): void {
  const { array } = hold;
  hold.array = undefined;
  array?.release();
}

/** Sees to it that a new tensor's memory is given back: by the scope it was made in, or else by the collector. */
export function watch(tensor: Tensor, hold: Hold): void {
  if (current !== undefined) current.add(tensor, hold);
  else dropped.register(tensor, hold);
}

/**
 * A region of the program whose tensors are disposed at its end:
 *
 *     using step = scope();
 *     const total = step.keep(loss.detach());
 *
 * Scopes nest. Parameters, gradients and what the tape saved are not touched.
 */
export class Scope implements Disposable {
  readonly outer = current;
  #made: { tensor: Tensor; hold: Hold }[] = [];
  readonly #kept = new Set<Tensor>();

  /** @param advice - how a tensor of the scope can be kept, for errors */
  constructor(readonly advice?: string) {
    current = this;
  }

  /** Lets tensors outlive the scope; returns what it was given. */
  keep<T extends Tensor | readonly Tensor[]>(kept: T): T {
    for (const tensor of Array.isArray(kept) ? (kept as readonly Tensor[]) : [kept as Tensor]) this.#kept.add(tensor);
    return kept;
  }

  /** @internal */
  add(tensor: Tensor, hold: Hold): void {
    this.#made.push({ tensor, hold });
  }

  [Symbol.dispose](): void {
    current = this.outer;
    for (const { tensor, hold } of this.#made) {
      if (hold.array === undefined) continue;
      if (this.#kept.has(tensor)) watch(tensor, hold);
      else {
        hold.advice = this.advice;
        letGo(hold);
      }
    }
    this.#made = [];
  }
}

export function scope(): Scope {
  return new Scope();
}

/** Runs `body` in a scope of its own. */
export function inScope<R>(body: (scope: Scope) => R, advice?: string): R {
  const scope = new Scope(advice);
  try {
    return body(scope);
  } finally {
    scope[Symbol.dispose]();
  }
}

/** Lets a tensor outlive the scope it was made in, if there is one: for tensors that something long-lived takes over. */
export function keep(tensor: Tensor): void {
  for (let open = current; open !== undefined; open = open.outer) open.keep(tensor);
}

/** Runs `body` as if no scope were open: for work on behalf of someone else, such as loading the next batch. */
export function withoutScope<R>(body: () => R): R {
  const before = current;
  current = undefined;
  try {
    return body();
  } finally {
    current = before;
  }
}
