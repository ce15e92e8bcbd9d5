// Random numbers in replays: each replay draws anew from the generators a step draws from, as often as the step does.

import { TapegradError } from "../core/errors.js";
import { type Generator, type GeneratorState, type RandomWord, wordOf } from "../core/philox.js";
import type { Recording } from "../runtime/recording.js";

/** Words of a command's parameters that are random. */
interface Place {
  readonly words: Uint32Array;
  readonly index: number;
  readonly word: RandomWord;
}

interface Source {
  readonly generator: Generator;
  /** The draws of the step. */
  readonly count: number;
  /** Number of the first of them, when it was recorded. */
  readonly first: number;
  readonly places: readonly Place[];
}

/** @param before - the states of the generators that the step drew from, before it did */
export function planRandom(recording: Recording, before: ReadonlyMap<Generator, GeneratorState>): () => void {
  const places: Place[] = [];
  for (const command of recording.commands) {
    if (command.kind === "copy") continue;
    for (const [index, word] of command.random) places.push({ words: command.words, index, word });
  }
  const sources = [...before].map(([generator, state]): Source => {
    const { seed, draws } = generator.state;
    if (seed !== state.seed || draws < state.draws) {
      throw new TapegradError("compile", "the step seeds a generator, so that replays would repeat: seed it outside");
    }
    const own = places.filter(({ word }) => word.generator === generator);
    return { generator, count: draws - state.draws, first: state.draws, places: own };
  });
  return () => {
    for (const { generator, count, first, places: own } of sources) {
      const { state } = generator;
      for (const { words, index, word } of own)
        words[index] = wordOf(state, state.draws + word.draw - first, word.part);
      generator.state = { seed: state.seed, draws: state.draws + count };
    }
  };
}
