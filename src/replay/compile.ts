// compile(fn): a step that is captured once per kind of input and replayed from then on.

import { userStack } from "../autograd/anomaly.js";
import { TapegradError } from "../core/errors.js";
import { currentDevice } from "../runtime/current.js";
import { isWatched, type Watch } from "../runtime/recording.js";
import { Tensor } from "../tensor/tensor.js";
import type { Kept } from "../tensor/tidy.js";
import { capture, rehearse, type Step } from "./capture.js";
import { Glance } from "./glance.js";
import type { Replay } from "./replay.js";
import { putTogether, type Template } from "./results.js";
import { signatureOf } from "./signature.js";

/** A function that was given to `compile`. */
export interface Compiled<Args extends readonly unknown[], R> {
  (...args: Args): R;
  /** Gives back the memory of everything captured. It is captured anew if the function is called again. */
  dispose(): void;
}

/** Captured steps that one function keeps; the one that was not used for longest goes. */
const MAX_CAPTURES = 8;

interface Captured {
  readonly key: string;
  readonly glance: Glance;
  readonly replay: Replay;
  readonly template: Template;
}

/** What one function has captured. */
class Captures {
  /** The most recently used last. */
  #list: Captured[] = [];
  readonly #rehearsed = new Set<string>();

  call(step: Step, args: readonly unknown[]): unknown {
    const device = currentDevice();
    device.assertAlive("compile");
    if (this.#list.some(({ replay }) => replay.device !== device)) this.dispose(); // theirs was lost
    const last = this.#list.at(-1);
    if (last?.glance.isLike(args) && last.replay.isValid) {
      return putTogether(last.template, last.replay.run(args.filter((arg) => arg instanceof Tensor)));
    }
    const { key, inputs } = signatureOf(args);
    const known = this.#list.findLast((captured) => captured.key === key && captured.replay.isValid);
    if (known !== undefined) {
      if (known !== this.#list.at(-1)) this.#list = [...this.#list.filter((other) => other !== known), known];
      return putTogether(known.template, known.replay.run(inputs));
    }
    let failure: TapegradError | undefined;
    const refuse: Watch["refuse"] = (what, fix) => {
      failure ??= refusal(what, fix);
      throw failure;
    };
    if (!this.#rehearsed.has(key)) {
      const [template, results] = rehearse(step, args, refuse);
      if (failure !== undefined) throw failure;
      this.#rehearsed.add(key);
      return putTogether(template, results);
    }
    const { replay, template, results } = capture(step, args, inputs, device, refuse);
    if (failure !== undefined) {
      replay.dispose();
      throw failure;
    }
    this.#list.push({ key, glance: new Glance(args), replay, template });
    while (this.#list.length > MAX_CAPTURES) this.#list.shift()?.replay.dispose();
    return putTogether(template, results);
  }

  dispose(): void {
    for (const { replay } of this.#list.splice(0)) replay.dispose();
    this.#rehearsed.clear();
  }
}

const dropped = new FinalizationRegistry<Captures>((captures) => captures.dispose());

/**
 * A function that does what `step` does, with little work for JavaScript: a training step, say, with its forward and
 * backward pass and the optimizer.
 *
 *     const step = compile((x: Tensor, y: Tensor) => {
 *       optimizer.zeroGrad();
 *       const loss = F.crossEntropy(net.forward(x), y);
 *       loss.backward();
 *       optimizer.step();
 *       return loss;
 *     });
 *     for await (const [x, y] of loader) total += await step(x, y).item();
 *
 * The first call with arguments of some shapes and dtypes runs `step`, the second runs and captures it, later ones replay
 * the GPU's commands: the same ones, so that results are equal to the last bit. Arguments, parameters, gradients, buffers,
 * optimizers' state and options (the learning rate) and random numbers are those of the call. Numbers, strings and objects
 * among the arguments are part of what is captured for, and so are train() and eval(); numbers that `step` takes from
 * elsewhere are what they were when it was captured, and so is everything else that JavaScript does: after a layer, a
 * parameter or a buffer was replaced by another (not changed, as by copy_() or loadStateDict()), `dispose()` it.
 *
 * @returns what `step` returns: tensors, also in arrays and plain objects, without history and new in each call
 * @throws TapegradError, with the line, where `step` reads a value back or makes tensors of JavaScript's data, parameters
 *   or optimizers; and if it is async
 */
export function compile<Args extends readonly unknown[], R extends Kept>(
  step: (...args: Args) => R,
): Compiled<Args, R> {
  const captures = new Captures();
  const compiled = (...args: Args): R => {
    if (isWatched()) return step(...args); // a part of another step
    return captures.call(step as unknown as Step, args) as R;
  };
  dropped.register(compiled, captures);
  return Object.assign(compiled, { dispose: () => captures.dispose() });
}

function refusal(what: string, fix: string): TapegradError {
  const [line = ""] = userStack().split("\n");
  return new TapegradError("compile", `the step ${what}${line && ` ${line.trim()}`} (${fix})`);
}
