// Methods of tensors that change them.

import * as arithmetic from "../../ops/arithmetic.js";
import * as shaping from "../../ops/shape.js";
import { change, type Operand } from "../construct.js";
import type { Tensor } from "../tensor.js";
import { CreationMethods } from "./creation.js";

// biome-ignore format: one line per method
export abstract class InPlaceMethods extends CreationMethods {
  add_(other: Operand): this { return change(arithmetic.add, [this, other]) as this; }
  sub_(other: Operand): this { return change(arithmetic.sub, [this, other]) as this; }
  mul_(other: Operand): this { return change(arithmetic.mul, [this, other]) as this; }
  div_(other: Operand): this { return change(arithmetic.div, [this, other]) as this; }
  clamp_(min?: number | null, max?: number | null): this { return change(arithmetic.clamp, [this], { min: min ?? undefined, max: max ?? undefined }) as this; }
  copy_(source: Tensor): this { return change(shaping.copy, [this, source]) as this; }
  fill_(value: number): this { return change(shaping.copy, [this, value]) as this; }
  zero_(): this { return this.fill_(0); }
}
