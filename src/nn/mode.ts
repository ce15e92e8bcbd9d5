// Whether a module is being trained.

import { recording } from "../runtime/recording.js";

/** The part of a module that knows whether it is being trained. */
export abstract class Mode {
  #training = true;

  /** Whether the module is being trained; switched by train() and eval(). */
  get training(): boolean {
    const training = this.#training;
    recording()?.guards.push(() => this.#training === training); // a step is captured for each mode
    return training;
  }

  set training(training: boolean) {
    this.#training = training;
  }
}
