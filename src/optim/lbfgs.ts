// L-BFGS.

import { withGradEnabled } from "../autograd/modes.js";
import { checkWhole, describe } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { refuseInStep } from "../runtime/recording.js";
import type { Tensor } from "../tensor/tensor.js";
import { gradientOf, move, returning } from "./flat-params.js";
import { checkMemory, directionOf, dot, fresh, type LBFGSMemory, numbers } from "./lbfgs-memory.js";
import { ParamGroups } from "./param-groups.js";
import { checkNotNegative, type Full, type GroupRule, type Params } from "./rule.js";
import type { SavedGroup } from "./saved-state.js";
import { type Point, strongWolfe } from "./strong-wolfe.js";

/** Options of LBFGS. */
export interface LBFGSOptions {
  /** Length of a step, or where the line search begins. Default 1. */
  readonly lr?: number;
  /** Iterations of a step. Default 20. */
  readonly maxIter?: number;
  /** Evaluations of the closure in a step. Default 1.25 maxIter. */
  readonly maxEval?: number;
  /** A step ends when no element of the gradient is larger. Default 1e-7. */
  readonly toleranceGrad?: number;
  /** A step ends when loss and parameters change by less. Default 1e-9. */
  readonly toleranceChange?: number;
  /** Changes of gradient and parameters that are remembered. Default 100. */
  readonly historySize?: number;
  /** Whether the length of each move is searched for. Default null. */
  readonly lineSearchFn?: "strong_wolfe" | null;
}

const DEFAULTS = {
  lr: 1,
  maxIter: 20,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearchFn: null,
};

const rule: GroupRule<Full<LBFGSOptions>> = {
  name: "LBFGS",
  check({ lr, maxIter, maxEval, historySize, toleranceGrad, toleranceChange, lineSearchFn }) {
    checkNotNegative("LBFGS", { lr, toleranceGrad, toleranceChange });
    checkWhole("LBFGS", { maxIter, maxEval, historySize }, 1);
    if (lineSearchFn !== null && lineSearchFn !== "strong_wolfe")
      throw new TapegradError("LBFGS", `lineSearchFn is ${String(lineSearchFn)}; there is "strong_wolfe"`);
  },
};

/** The state of an LBFGS optimizer. */
export interface LBFGSState {
  readonly state: { readonly 0?: Readonly<LBFGSMemory> };
  readonly paramGroups: readonly SavedGroup<Full<LBFGSOptions>>[];
}

/**
 * Newton's method with an inverse Hessian that is estimated from the last changes of the gradient (Nocedal, 1980; Liu and
 * Nocedal, "On the limited memory BFGS method", 1989; the two loops are algorithm 7.4 of Nocedal and Wright, 2006). For
 * whole batches. One group of parameters.
 *
 *     await optimizer.step(() => {
 *       optimizer.zeroGrad();
 *       const loss = F.mseLoss(net.forward(x), y);
 *       loss.backward();
 *       return loss;
 *     });
 *
 * What it does depends on values, so that it reads some back in each iteration, and step() cannot be part of a compiled
 * function; what the closure calls can.
 */
export class LBFGS extends ParamGroups<Full<LBFGSOptions>> {
  #memory = fresh();

  constructor(params: Params<Full<LBFGSOptions>>, options: LBFGSOptions = {}) {
    const maxIter = options?.maxIter ?? DEFAULTS.maxIter;
    super(rule, params, { ...DEFAULTS, maxEval: Math.floor((maxIter * 5) / 4) }, options);
    if (this.paramGroups.length !== 1) throw new TapegradError("LBFGS", "takes one group of parameters");
  }

  /**
   * Minimizes for up to maxIter iterations.
   * @param closure - clears the gradients, computes the loss and its gradients, and returns the loss
   * @returns the loss before the step
   */
  async step(closure: () => Tensor | Promise<Tensor>): Promise<Tensor> {
    refuseInStep("takes a step of LBFGS, which reads values back", "compile what the closure calls");
    if (typeof closure !== "function")
      throw new TapegradError("LBFGS", `step takes a closure, got ${describe(closure)}`);
    const options = this.paramGroups[0]!;
    rule.check(options);
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, lineSearchFn, params } = options;
    const memory = this.#memory;
    const first = await this.#evaluate(closure);
    let { loss, gradient, largest } = first;
    let evaluations = 1;
    memory.funcEvals++;
    if (largest <= toleranceGrad) return first.result;

    for (let iteration = 1; iteration <= maxIter; iteration++) {
      memory.nIter++;
      const d = await directionOf(memory, gradient, options.historySize);
      memory.d = d;
      memory.prevFlatGrad = gradient;
      memory.prevLoss = loss;
      const [slope, sum, length] = await numbers(dot(gradient, d), gradient.abs().sum(), d.abs().max());
      memory.t = memory.nIter === 1 ? Math.min(1, 1 / sum!) * lr : lr;
      if (slope! > -toleranceChange) break;

      let used = 0;
      if (lineSearchFn !== null) {
        const start: Point = { t: 0, loss, slope: slope!, gradient, largest };
        const goBack = returning(params);
        const at = async (t: number): Promise<Point> => {
          move(params, d, t);
          const { result: _, ...point } = await this.#evaluate(closure, d);
          goBack();
          return { t, ...point };
        };
        const size = { length: length!, tolerance: 1e-9 }; // PyTorch's, whatever toleranceChange is
        const { point, evaluations: tried } = await strongWolfe(at, start, memory.t, size);
        ({ loss, gradient, largest } = point);
        [memory.t, used] = [point.t, tried];
        move(params, d, memory.t);
      } else {
        move(params, d, memory.t);
        if (iteration < maxIter) {
          ({ loss, gradient, largest } = await this.#evaluate(closure));
          used = 1;
        }
      }
      evaluations += used;
      memory.funcEvals += used;
      if (evaluations >= maxEval || largest <= toleranceGrad) break;
      if (length! * Math.abs(memory.t) <= toleranceChange) break;
      if (Math.abs(loss - memory.prevLoss) < toleranceChange) break;
    }
    return first.result;
  }

  /**
   * The loss and its gradient, as one vector, where the parameters are.
   * @param d - the direction to tell the slope along
   */
  async #evaluate(closure: () => Tensor | Promise<Tensor>, d?: Tensor): Promise<Evaluation> {
    const result = await withGradEnabled(true, closure);
    const gradient = gradientOf(this.paramGroups[0]!.params);
    const wanted = [result.detach().reshape([]), gradient.abs().max()];
    const [loss, largest, slope = 0] = await numbers(...wanted, ...(d === undefined ? [] : [dot(gradient, d)]));
    return { result, loss: loss!, gradient, largest: largest!, slope };
  }

  /** Options and memory, which PyTorch keeps as the first parameter's. Tensors are shared. */
  stateDict(): LBFGSState {
    const { oldDirs, oldStps, ro, ...others } = this.#memory;
    const state =
      others.nIter === 0 ? {} : { 0: { ...others, oldDirs: [...oldDirs], oldStps: [...oldStps], ro: [...ro] } };
    return { state, paramGroups: this.groupOptions() };
  }

  /** Takes over options and memory of another LBFGS over parameters of the same shapes. */
  loadStateDict(given: LBFGSState): void {
    const groups = this.checkedGroups(given);
    const saved = given.state[0] ?? fresh();
    const size = groups[0]!.params.reduce((sum, param) => sum + param.numel(), 0);
    checkMemory(saved, size);
    this.loadGroups(groups);
    this.#memory = { ...saved, oldDirs: [...saved.oldDirs], oldStps: [...saved.oldStps], ro: [...saved.ro] };
  }
}

interface Evaluation {
  /** What the closure returned. */
  readonly result: Tensor;
  readonly loss: number;
  readonly gradient: Tensor;
  /** The gradient's largest element. */
  readonly largest: number;
  /** Along a direction, if one was given. */
  readonly slope: number;
}
