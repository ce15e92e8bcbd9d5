// Where gradients end: in the `grad` of leaves.

import type { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";
import { inScope, keep } from "./scope.js";
import type { TensorFactory } from "./tape.js";
import type { Variable } from "./variable.js";

/** A gradient on its way: an array, one count of which is ours, and its own place on the tape under createGraph. */
export interface Flow {
  readonly array: NDArray;
  readonly variable: Variable | undefined;
}

interface Contribution {
  readonly variable: Variable;
  readonly flow: Flow;
}

export class Accumulation {
  /** What the node that is being visited contributes. */
  #contributions: Contribution[] = [];

  constructor(readonly make: TensorFactory) {}

  add(variable: Variable, flow: Flow): void {
    this.#contributions.push({ variable, flow });
  }

  /**
   * Adds to leaves what the last node contributes: at once, so that what it was computed from can be freed, but after the
   * scope of its derivative, so that only those hold it who still need it. First gradients share a kernel where they can.
   */
  settle(): void {
    const [first, repeated]: [Contribution[], Contribution[]] = [[], []];
    for (const contribution of this.#contributions.splice(0)) {
      const { variable, flow } = contribution;
      if (variable.grad !== undefined || flow.variable !== undefined) this.#settle(contribution);
      else (first.some((other) => other.variable === variable) ? repeated : first).push(contribution);
    }
    if (first.length === 0) return;
    inScope(() => {
      const given = first.map(({ variable, flow }) => ({ tensor: this.#open(flow), home: variable.gradHome }));
      const grads = this.make.own(given);
      first.forEach(({ variable }, i) => install(variable, grads[i]!));
    });
    for (const contribution of repeated) this.#settle(contribution);
  }

  /** x.grad = x.grad + dx: in the memory x.grad has, unless the sum itself is being recorded. */
  accumulate(variable: Variable, dx: Tensor): void {
    const { grad } = variable;
    if (grad !== undefined && !grad.requiresGrad && !dx.requiresGrad) {
      grad.add_(dx);
      return;
    }
    if (grad !== undefined) install(variable, grad.add(dx));
    else install(variable, dx.requiresGrad ? dx.clone() : this.make.own([{ tensor: dx, home: variable.gradHome }])[0]!);
  }

  #settle({ variable, flow }: Contribution): void {
    inScope(() => this.accumulate(variable, this.#open(flow)));
  }

  #open({ array, variable }: Flow): Tensor {
    return this.make.tensor(array, variable);
  }
}

function install(variable: Variable, grad: Tensor): void {
  variable.grad = grad;
  variable.isGradShared = false;
  keep(grad);
}
