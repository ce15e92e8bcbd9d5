// How long the host rests before it asks whether the GPU is done.
//
// Once it has asked, Node's bindings of Dawn look in every turn of the event loop, and keep a core busy: one of those that
// a software adapter computes on, or that a DataLoader's workers need. So it asks when most of the time has gone by that as
// much work took before.

import { platform } from "#platform";

/** How much of the expected time to rest. */
const SHARE = 0.8;
/** Milliseconds: an answer that comes within them after a rest means that the work was done before the rest was over. */
const AT_ONCE = 0.2;
/** How much of the expected time the work is then taken to need. */
const LESS = 0.7;
/** Amounts of work that are remembered. */
const MOST = 256;

interface Known {
  /** Milliseconds that the last wait took. */
  readonly last: number;
  /** The shorter of the last two waits; 0 after the first, in which kernels may have been compiled. */
  readonly expected: number;
}

export class Rests {
  readonly #known = new Map<number, Known>();
  /** The rest before the latest question. Work is done in order: nobody need ask about what comes after it any sooner. */
  #resting: Promise<boolean> = Promise.resolve(false);
  /** When the latest answer came. */
  #answered = Number.NEGATIVE_INFINITY;

  constructor(
    readonly rest: typeof platform.rest = platform.rest,
    readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Rests, then asks.
   * @param workgroups - the work that is waited for, after what was waited for before
   * @param ask - resolves when the work is done
   */
  async before<T>(workgroups: number, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(workgroups) ?? { last: 0, expected: 0 };
    const called = this.now();
    this.#resting = this.#restAfter(this.#resting, known.expected * SHARE);
    const hasRested = await this.#resting;
    const asked = this.now();
    const answer = await ask();
    const end = this.now();
    const start = Math.max(called, this.#answered);
    this.#answered = end;
    const wasTooLong = hasRested && end - asked < AT_ONCE;
    const took = wasTooLong ? known.expected * LESS : end - start;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(workgroups, { last: took, expected: Math.min(known.last, took) });
    return answer;
  }

  async #restAfter(earlier: Promise<unknown>, milliseconds: number): Promise<boolean> {
    await earlier;
    return this.rest(milliseconds);
  }
}
