// Padding layers. Each takes one width for all sides, or the widths before and after from the last dimension on:
// [left, right, top, bottom, front, back]. A negative width cuts off.

import { describe } from "../core/check.js";
import { OutOfRangeError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import * as F from "./functional.js";
import { Module } from "./module.js";

/** One width for all sides, or two for each direction. */
export type Padding = number | readonly number[];

abstract class Pad extends Module {
  readonly padding: readonly number[];

  constructor(
    count: number,
    readonly mode: F.PadMode,
    padding: Padding,
    readonly value?: number,
  ) {
    super();
    const widths = typeof padding === "number" ? new Array<number>(2 * count).fill(padding) : padding;
    if (!Array.isArray(widths) || widths.length !== 2 * count || !widths.every(Number.isSafeInteger)) {
      const problem = `padding must be a whole number or ${2 * count} of them, got ${describe(padding)}`;
      throw new OutOfRangeError(this.constructor.name, problem);
    }
    this.padding = widths;
  }

  forward(x: Tensor): Tensor {
    return F.pad(x, this.padding, { mode: this.mode, value: this.value });
  }

  protected override extraRepr(): string {
    const sides = `padding=[${this.padding.join(", ")}]`;
    return this.value === undefined ? sides : `${sides}, value=${this.value}`;
  }
}

/** A value around [N, C, L] or [C, L]. */
export class ConstantPad1d extends Pad {
  constructor(padding: Padding, value: number) {
    super(1, "constant", padding, value);
  }
}

/** A value around [N, C, H, W] or [C, H, W]. */
export class ConstantPad2d extends Pad {
  constructor(padding: Padding, value: number) {
    super(2, "constant", padding, value);
  }
}

/** A value around [N, C, D, H, W] or [C, D, H, W]. */
export class ConstantPad3d extends Pad {
  constructor(padding: Padding, value: number) {
    super(3, "constant", padding, value);
  }
}

/** Zeros around [N, C, L] or [C, L]. */
export class ZeroPad1d extends Pad {
  constructor(padding: Padding) {
    super(1, "constant", padding);
  }
}

/** Zeros around [N, C, H, W] or [C, H, W]. */
export class ZeroPad2d extends Pad {
  constructor(padding: Padding) {
    super(2, "constant", padding);
  }
}

/** Zeros around [N, C, D, H, W] or [C, D, H, W]. */
export class ZeroPad3d extends Pad {
  constructor(padding: Padding) {
    super(3, "constant", padding);
  }
}

/** [N, C, L] or [C, L], mirrored at its border, which is not repeated. */
export class ReflectionPad1d extends Pad {
  constructor(padding: Padding) {
    super(1, "reflect", padding);
  }
}

/** [N, C, H, W] or [C, H, W], mirrored at its border, which is not repeated. */
export class ReflectionPad2d extends Pad {
  constructor(padding: Padding) {
    super(2, "reflect", padding);
  }
}

/** [N, C, D, H, W] or [C, D, H, W], mirrored at its border, which is not repeated. */
export class ReflectionPad3d extends Pad {
  constructor(padding: Padding) {
    super(3, "reflect", padding);
  }
}

/** [N, C, L] or [C, L], continued with its border. */
export class ReplicationPad1d extends Pad {
  constructor(padding: Padding) {
    super(1, "replicate", padding);
  }
}

/** [N, C, H, W] or [C, H, W], continued with its border. */
export class ReplicationPad2d extends Pad {
  constructor(padding: Padding) {
    super(2, "replicate", padding);
  }
}

/** [N, C, D, H, W] or [C, D, H, W], continued with its border. */
export class ReplicationPad3d extends Pad {
  constructor(padding: Padding) {
    super(3, "replicate", padding);
  }
}

/** [N, C, L] or [C, L], continued from its other end. */
export class CircularPad1d extends Pad {
  constructor(padding: Padding) {
    super(1, "circular", padding);
  }
}

/** [N, C, H, W] or [C, H, W], continued from its other end. */
export class CircularPad2d extends Pad {
  constructor(padding: Padding) {
    super(2, "circular", padding);
  }
}

/** [N, C, D, H, W] or [C, D, H, W], continued from its other end. */
export class CircularPad3d extends Pad {
  constructor(padding: Padding) {
    super(3, "circular", padding);
  }
}
