// Methods of tensors that concern the tape.

import { assertNoInference, isInferenceModeEnabled } from "../../autograd/modes.js";
import { assertHistory } from "../../autograd/sharing.js";
import { BACKWARD_OPTIONS, type BackwardOptions, playBack } from "../../autograd/tape.js";
import { type GradHook, Variable } from "../../autograd/variable.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { AutogradError, DTypeError, ShapeError } from "../../core/errors.js";
import { checkOptions, isOptions } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { TensorBase } from "../base.js";
import { factory, make, seed } from "../construct.js";
import type { Tensor } from "../tensor.js";

export abstract class AutogradMethods extends TensorBase {
  /** Whether operations on this tensor are recorded. */
  get requiresGrad(): boolean {
    return this.variable !== undefined;
  }

  set requiresGrad(wanted: boolean) {
    this.requiresGrad_(wanted);
  }

  /** Whether the tensor was made by the user rather than by a recorded operation. */
  get isLeaf(): boolean {
    return this.variable?.node === undefined;
  }

  /** The gradient that backward() has accumulated so far; null if there is none. */
  get grad(): Tensor | null {
    if (this.variable !== undefined) this.variable.isGradShared = true;
    return this.variable?.grad ?? null;
  }

  set grad(grad: Tensor | null) {
    if (grad !== null && !sameShape(grad.shape, this.shape)) {
      throw new ShapeError("grad", [this.shape, grad.shape], "a gradient has the shape of its tensor");
    }
    if (this.variable === undefined) throw new AutogradError("grad", "this tensor does not require grad");
    this.variable.setGrad(grad ?? undefined);
  }

  /** Whether operations on this leaf are recorded from now on. Throws for integers and bools. */
  requiresGrad_(wanted = true): this {
    if (wanted === this.requiresGrad) return this;
    if (!this.isLeaf) throw new AutogradError("requiresGrad_", "only leaves can stop requiring grad; use detach()");
    if (wanted && !isFloatingPoint(this.dtype)) {
      throw new DTypeError("requiresGrad_", `only floating-point tensors can require grad, this one is ${this.dtype}`);
    }
    if (wanted && !isInferenceModeEnabled()) assertNoInference("requiresGrad_", this.self);
    this.variable = wanted ? new Variable() : undefined;
    if (this.share?.kind === "base") this.share.sharing.requiresGrad = wanted;
    return this;
  }

  /**
   * Computes dL/dx of every leaf x that this tensor was computed from, and adds it to x.grad.
   * @param gradient - dL/d(this); may be left out for a single element, where it is 1
   * @throws AutogradError for more than one element without `gradient`, for a tape that was already played back, and for
   *   a saved tensor that was changed in place since
   */
  backward(gradient?: Tensor | null, options?: BackwardOptions): void;
  backward(options: BackwardOptions): void;
  backward(gradient?: Tensor | BackwardOptions | null, given?: BackwardOptions): void {
    if (isOptions<BackwardOptions>(gradient)) {
      this.backward(null, gradient);
      return;
    }
    const options = checkOptions("backward", given, BACKWARD_OPTIONS);
    assertHistory("backward", this.self);
    if (this.variable === undefined) {
      throw new AutogradError(
        "backward",
        "this tensor does not require grad: it was computed from no leaf with requiresGrad, or under noGrad",
      );
    }
    playBack([{ variable: this.variable, grad: seed(this.self, gradient) }], undefined, options, factory);
  }

  /** The same values, cut off from the tape. Memory is shared. */
  detach(): Tensor {
    return make(this.array.retain(), undefined, "detach");
  }

  /** @internal This view of a tensor that nobody was given, as a tensor that is no view. */
  asBase(): this {
    this.share = undefined;
    return this;
  }

  /** Calls `hook` with the gradient of this tensor whenever it is computed; what it returns replaces the gradient. */
  registerHook(hook: GradHook): { remove(): void } {
    assertHistory("registerHook", this.self);
    if (this.variable === undefined) throw new AutogradError("registerHook", "this tensor does not require grad");
    return this.variable.registerHook(hook);
  }

  /** Makes backward() keep the gradient of this tensor in `.grad` although it is not a leaf. */
  retainGrad(): void {
    const { variable } = this;
    assertHistory("retainGrad", this.self);
    if (variable === undefined) throw new AutogradError("retainGrad", "this tensor does not require grad");
    if (variable.node !== undefined) variable.node.retained[variable.index] = variable;
  }
}
