// The options that reduction has replaced.

import { isOptions } from "../../core/options.js";
import { Configured } from "../configured.js";
import type { LossOptions } from "../functional/loss.js";

/** What losses took before there was reduction, and take instead of it as PyTorch's still do. */
export interface LegacyReduction {
  /** @deprecated false is reduction "sum". */
  readonly sizeAverage?: boolean | null;
  /** @deprecated false is reduction "none". */
  readonly reduce?: boolean | null;
}

/** @internal A loss that takes those, too. */
export abstract class Loss<Options extends object> extends Configured<Options> {
  constructor(options?: (Options & LegacyReduction) | null) {
    super(withReduction<Options>(options));
  }
}

function withReduction<Options extends object>(options: (Options & LegacyReduction) | null | undefined) {
  if (!isOptions<Options & LegacyReduction>(options)) return options;
  const { sizeAverage, reduce, ...others } = options;
  if ((sizeAverage ?? reduce ?? null) === null) return others as unknown as Options;
  const reduction: LossOptions["reduction"] = reduce === false ? "none" : sizeAverage === false ? "sum" : "mean";
  return { ...others, reduction } as unknown as Options;
}
