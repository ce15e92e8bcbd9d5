// Checkpoint: all that a run needs to go on as if it had never stopped, in one file.

import { describe } from "../core/check.js";
import { FileFormatError, inWords, TapegradError } from "../core/errors.js";
import { defaultGenerator, Generator, type GeneratorState } from "../core/philox.js";
import { load } from "./load.js";
import { type SaveOptions, save } from "./save.js";
import type { FileSource } from "./source.js";

/** What has a state: modules, optimizers, schedulers, loaders, and anything with these two methods. */
export interface Stateful {
  stateDict(): object;
  loadStateDict(state: never): unknown;
}

/** Names in the file that are not for parts: the global generator, and what save is given besides. */
const RANDOM = "rng";
const PROGRESS = "progress";

/**
 * The state of a run, in one safetensors file: of each part by its name, and of the generator that manualSeed seeds.
 * What goes on from it computes what the run would have computed, to the last bit, on the same adapter:
 *
 *     const checkpoint = new Checkpoint({ model, optimizer, scheduler, loader });
 *     let { epoch } = resume ? await checkpoint.load<{ epoch: number }>(path) : { epoch: 0 };
 *     for (; epoch < epochs; epoch++) {
 *       for await (const [x, y] of loader) {
 *         ... // one step
 *         if (isInterrupted) return await checkpoint.save(path, { epoch });
 *       }
 *       scheduler.step();
 *       await checkpoint.save(path, { epoch: epoch + 1 });
 *     }
 *
 * A loader among the parts goes on within its epoch: with the batch after the last one that the loop has had.
 */
export class Checkpoint {
  /**
   * @param parts - modules, optimizers, schedulers, loaders, generators of one's own
   * @throws TapegradError for a part without a state, and for the names "rng" and "progress"
   */
  constructor(readonly parts: Readonly<Record<string, Stateful | Generator>>) {
    for (const [name, part] of Object.entries(parts)) {
      if (name === RANDOM || name === PROGRESS)
        throw new TapegradError("Checkpoint", `"${name}" is no name for a part`);
      const isPart = part instanceof Generator || (typeof part?.stateDict === "function" && "loadStateDict" in part);
      if (!isPart) throw new TapegradError("Checkpoint", `"${name}" has no stateDict(): it is ${describe(part)}`);
    }
  }

  /**
   * Writes the file: whole, or not at all and the one before stays, whenever the process or the machine stops.
   * @param progress - what the program itself has to remember: the epoch, losses so far; tensors and plain values
   */
  async save(path: string, progress: { readonly [key: string]: unknown } = {}, options?: SaveOptions): Promise<void> {
    const states = Object.entries(this.parts).map(([name, part]) => [
      name,
      part instanceof Generator ? part.state : part.stateDict(),
    ]);
    await save(
      { ...Object.fromEntries(states), [RANDOM]: defaultGenerator.state, [PROGRESS]: progress },
      path,
      options,
    );
  }

  /**
   * Gives every part its state back.
   * @returns the progress that was saved
   * @throws FileFormatError if the file is none or has other parts; nothing is changed then. TapegradError naming the part
   *   whose loadStateDict threw, because its state does not fit: parts before it have theirs by then
   */
  // biome-ignore lint/suspicious/noExplicitAny: what was saved is the caller's to know
  async load<P = any>(source: FileSource): Promise<P> {
    const file = await load<Record<string, unknown>>(source);
    const fail = (problem: string): never => {
      throw new FileFormatError(typeof source === "string" ? source : "Checkpoint.load", problem);
    };
    const wanted = [...Object.keys(this.parts), RANDOM, PROGRESS];
    const missing = wanted.filter((name) => !Object.hasOwn(file, name));
    const unknown = Object.keys(file).filter((name) => !wanted.includes(name));
    if (missing.length + unknown.length > 0) {
      fail(`parts missing in the file: ${inWords(missing)}; not in the run: ${inWords(unknown)}`);
    }
    const generators = Object.entries({ ...this.parts, [RANDOM]: defaultGenerator }).filter(
      (part): part is [string, Generator] => part[1] instanceof Generator,
    );
    for (const [name] of generators) if (!isGeneratorState(file[name])) fail(`"${name}" is no state of a generator`);
    for (const [name, part] of Object.entries(this.parts)) {
      if (part instanceof Generator) continue;
      try {
        part.loadStateDict(file[name] as never);
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        throw new TapegradError("Checkpoint.load", `part "${name}": ${problem}`, { cause: error });
      }
    }
    // Last: nothing that a part does draws from them afterwards.
    for (const [name, generator] of generators) generator.state = file[name] as GeneratorState;
    return file[PROGRESS] as P;
  }
}

function isGeneratorState(value: unknown): value is GeneratorState {
  const { seed, draws } = (value ?? {}) as Partial<GeneratorState>;
  return [seed, draws].every((n) => Number.isSafeInteger(n) && n! >= 0);
}
