// Softmax over very many classes, most of them rare.

import { checkTensor, checkWhole, describe } from "../core/check.js";
import { OutOfRangeError, ShapeError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { cat } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";
import { ModuleList, Sequential } from "./container.js";
import * as F from "./functional.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";

/** Options of AdaptiveLogSoftmaxWithLoss. */
export interface AdaptiveLogSoftmaxOptions {
  /** Each cluster's features are so many times fewer than those of the one before. Default 4. */
  readonly divValue?: number;
  /** Whether the head learns a bias. Default false. */
  readonly headBias?: boolean;
}

/**
 * Logarithms of class probabilities, and their loss, where classes are sorted by how frequent they are: the head knows the
 * first ones, `cutoffs[0]`, and a number for each cluster of rarer ones, and each cluster has a smaller layer of its own.
 * (Grave et al., "Efficient softmax approximation for GPUs", 2017.)
 *
 * @param cutoffs - where clusters begin, ascending, below numClasses
 *
 * A target's cluster is known to the GPU alone, so each cluster is computed for all samples: parameters are saved, as in
 * PyTorch, but not work.
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  head: Linear;
  tail: ModuleList<Sequential>;
  /** With numClasses at the end. */
  readonly cutoffs: readonly number[];

  constructor(
    readonly inFeatures: number,
    readonly numClasses: number,
    cutoffs: readonly number[],
    options?: AdaptiveLogSoftmaxOptions,
  ) {
    super();
    const op = "AdaptiveLogSoftmaxWithLoss";
    const { divValue = 4, headBias = false } = checkOptions(op, options, ["divValue", "headBias"]);
    checkWhole(op, { inFeatures, numClasses, cutoffs }, 1);
    const ends = [...cutoffs, numClasses];
    if (cutoffs.length === 0 || ends.some((end, i) => i > 0 && end <= ends[i - 1]!)) {
      const problem = `cutoffs must rise and stay below the ${numClasses} classes, got ${describe(cutoffs)}`;
      throw new OutOfRangeError(op, problem);
    }
    this.cutoffs = ends;
    this.head = new Linear(inFeatures, ends[0]! + cutoffs.length, { bias: headBias });
    const clusters = cutoffs.map((start, i) => {
      const features = Math.floor(inFeatures / divValue ** (i + 1));
      const [into, out] = [new Linear(inFeatures, features, { bias: false }), ends[i + 1]! - start];
      return new Sequential(into, new Linear(features, out, { bias: false }));
    });
    this.tail = new ModuleList(clusters);
  }

  /**
   * @param x - [N, inFeatures] or [inFeatures]
   * @param target - int32 [N] or []
   * @returns the logarithm of the probability of each target, [N] or [], and the loss, which is minus their mean
   */
  forward(x: Tensor, target: Tensor): [output: Tensor, loss: Tensor] {
    checkTensor("AdaptiveLogSoftmaxWithLoss", x);
    checkTensor("AdaptiveLogSoftmaxWithLoss", target);
    if (x.ndim !== target.ndim + 1 || x.ndim > 2 || (x.ndim === 2 && x.shape[0] !== target.shape[0])) {
      const problem = "must be [N, inFeatures] and [N], or [inFeatures] and []";
      throw new ShapeError("AdaptiveLogSoftmaxWithLoss", [x.shape, target.shape], problem);
    }
    const [rows, labels] = [x.reshape([-1, this.inFeatures]), target.reshape([-1])];
    const heads = F.logSoftmax(this.head.forward(rows), 1);
    // A target outside of all clusters stays what it is, and is refused as an index of the head.
    let place = labels;
    let inCluster: Tensor | undefined;
    for (const [i, cluster] of [...this.tail].entries()) {
      const [start, end] = [this.cutoffs[i]!, this.cutoffs[i + 1]!];
      const isHere = labels.ge(start).logicalAnd(labels.lt(end));
      place = place.maskedFill(isHere, this.cutoffs[0]! + i);
      const index = labels.sub(start).where(isHere, 0).unsqueeze(1);
      const logs = F.logSoftmax(cluster.forward(rows), 1).gather(1, index).squeeze(1).where(isHere, 0);
      inCluster = inCluster === undefined ? logs : inCluster.add(logs);
    }
    const inHead = heads.gatherAs(place.unsqueeze(1), { dim: 1, op: "AdaptiveLogSoftmaxWithLoss" }).squeeze(1);
    const output = (inCluster === undefined ? inHead : inHead.add(inCluster)).reshape(target.shape);
    return [output, output.mean().neg()];
  }

  /** The logarithms of the probabilities of all classes: [N, inFeatures] -> [N, numClasses]. */
  logProb(x: Tensor): Tensor {
    const heads = F.logSoftmax(this.head.forward(x), 1);
    const first = this.cutoffs[0]!;
    const clusters = [...this.tail].map((cluster, i) => {
      return F.logSoftmax(cluster.forward(x), 1).add(heads.narrow(1, first + i, 1));
    });
    return cat([heads.narrow(1, 0, first), ...clusters], 1);
  }

  /** The most probable class of each sample: [N, inFeatures] -> int32 [N]. */
  predict(x: Tensor): Tensor {
    return this.logProb(x).argmax(1);
  }

  protected override extraRepr(): string {
    return `${this.inFeatures}, ${this.numClasses}, cutoffs=[${this.cutoffs.slice(0, -1).join(", ")}]`;
  }
}
