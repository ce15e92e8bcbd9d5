// GradScaler: keeps small gradients from becoming 0 in float16.

import { withGradEnabled } from "../autograd/modes.js";
import { describe } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { zeros } from "../tensor/create.js";
import { changeGradients, type GradientPart, gradientParts, ownOr } from "../tensor/gradient-parts.js";
import type { Tensor } from "../tensor/tensor.js";
import { tidy } from "../tensor/tidy.js";
import { type GradScalerState, LossScale, type LossScaleOptions, lasting } from "./loss-scale.js";
import type { Optimizer } from "./optimizer.js";
import { mayBeSkipped } from "./skipping.js";

/** Options of GradScaler. */
export interface GradScalerOptions extends LossScaleOptions {
  /** Whether anything is scaled: false makes all methods do what they would without a scaler. Default true. */
  readonly enabled?: boolean;
}

export type { GradScalerState };

type AnyOptimizer = Pick<Optimizer<object>, "paramGroups" | "step">;

/** What a scaler knows of an optimizer. */
interface Followed {
  /** [overflow, steps taken] */
  readonly flags: Tensor;
  stage: "scaled" | "unscaled" | "stepped";
}

/**
 * Multiplies the loss, so that gradients that would be 0 in float16 are not, and divides the gradients by the same number
 * before the optimizer sees them. Where a gradient is not finite, the step is skipped and the scale falls; after many steps
 * without, it rises. (Micikevicius et al., "Mixed precision training", 2018, section 3.2; the rule is PyTorch's.)
 *
 *     const scaler = new GradScaler();
 *     const loss = autocast(() => F.crossEntropy(net.forward(x), labels));
 *     scaler.scale(loss).backward();
 *     scaler.unscale_(optimizer); // only to clip gradients
 *     clipGradNorm_(net.parameters(), 1);
 *     scaler.step(optimizer);
 *     scaler.update();
 *
 * Nothing is read back: scale, overflow and the decision to skip stay on the GPU. The host therefore counts skipped steps as
 * steps, in the bias corrections of Adam and its like and in schedules.
 */
export class GradScaler {
  readonly #scale: LossScale;
  readonly #followed = new Map<AnyOptimizer, Followed>();
  readonly #isEnabled: boolean;

  constructor({ enabled = true, ...options }: GradScalerOptions = {}) {
    this.#scale = new LossScale(options);
    this.#isEnabled = enabled;
  }

  isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** The outputs times the scale, in float32. */
  scale<T extends Tensor | readonly Tensor[]>(outputs: T): T {
    if (!this.#isEnabled) return outputs;
    const scaled = (output: Tensor): Tensor => output.to("float32").mul(this.#scale.value);
    return (Array.isArray(outputs) ? outputs.map(scaled) : scaled(outputs as Tensor)) as T;
  }

  /**
   * Divides the gradients of the optimizer's parameters by the scale, and finds out on the GPU whether all are finite. step()
   * does it unless it was done.
   * @throws TapegradError if it was done since the last update()
   */
  unscale_(optimizer: AnyOptimizer): void {
    if (!this.#isEnabled) return;
    const followed = this.#follow(optimizer);
    if (followed.stage !== "scaled") {
      const problem = followed.stage === "unscaled" ? "was called already" : "comes before step()";
      throw new TapegradError("unscale_", `${problem}; update() begins the next step`);
    }
    followed.stage = "unscaled";
    withGradEnabled(false, () =>
      tidy(() => {
        const parts = gradientParts(optimizer.paramGroups.flatMap(({ params }) => params));
        if (parts.length === 0) throw new TapegradError("unscale_", "the optimizer's parameters have no gradients");
        const overflow = parts
          .map(hasOverflow)
          .reduce((a, b) => a.logicalOr(b))
          .to("float32");
        followed.flags.narrow(0, 0, 1).copy_(overflow);
        const factor = this.#scale.value.reciprocal();
        for (const part of parts) changeGradients(part, (values) => void values.mul_(ownOr(part, factor, 1)));
      }),
    );
  }

  /**
   * optimizer.step() with the gradients as they are without the scale; the GPU skips it if one of them is not finite.
   * @throws TapegradError if it was called since the last update(), or if the optimizer cannot skip a step (LBFGS)
   */
  step(optimizer: AnyOptimizer): void {
    if (!this.#isEnabled) {
      optimizer.step();
      return;
    }
    const followed = this.#follow(optimizer);
    if (followed.stage === "stepped")
      throw new TapegradError("step", "was called already; update() begins the next step");
    if (followed.stage === "scaled") this.unscale_(optimizer);
    followed.stage = "stepped";
    if (!mayBeSkipped(followed.flags, () => optimizer.step())) {
      throw new TapegradError("step", `${optimizer.constructor.name} has no step that can be skipped on the GPU`);
    }
    withGradEnabled(false, () =>
      tidy(() => {
        const [overflow, taken] = followed.flags.split(1, 0) as [Tensor, Tensor];
        taken.add_(overflow.neg().add(1));
      }),
    );
  }

  /**
   * Lowers the scale after an overflow, raises it after growthInterval steps without, and begins the next step.
   * @param newScale - to be used instead
   */
  update(newScale?: number | Tensor): void {
    if (!this.#isEnabled) return;
    const stepped = [...this.#followed.values()].filter(({ stage }) => stage !== "scaled");
    for (const followed of stepped) followed.stage = "scaled";
    withGradEnabled(false, () =>
      tidy(() => {
        if (newScale !== undefined) this.#scale.set(newScale);
        else if (stepped.length === 0) throw new TapegradError("update", "no step() or unscale_() came before it");
        else
          this.#scale.follow(
            stepped
              .map(({ flags }) => flags.select(0, 0))
              .reduce((one, other) => one.maximum(other))
              .gt(0),
          );
      }),
    );
  }

  /** The scale now; 1 where nothing is scaled. */
  async getScale(): Promise<number> {
    return this.#isEnabled ? this.#scale.value.item() : 1;
  }

  stateDict(): GradScalerState {
    return this.#scale.state;
  }

  loadStateDict(state: GradScalerState): void {
    this.#scale.state = state;
  }

  #follow(optimizer: AnyOptimizer): Followed {
    const known = this.#followed.get(optimizer);
    if (known !== undefined) return known;
    if (!Array.isArray(optimizer?.paramGroups)) {
      throw new TapegradError("GradScaler", `takes an optimizer, got ${describe(optimizer)}`);
    }
    const followed: Followed = { flags: lasting(zeros([2])), stage: "scaled" };
    this.#followed.set(optimizer, followed);
    return followed;
  }
}

/** Whether an element of a gradient is infinite or NaN: bool, shape []. */
function hasOverflow(part: GradientPart): Tensor {
  const { values, isOwn } = part;
  const overflow = (isOwn === undefined ? values : values.where(isOwn, 0)).isfinite().logicalNot().any();
  overflow.array.realize(); // before the gradients change
  return overflow;
}
