// Parameters in a list.

import { checkTensor } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { Members } from "./container.js";
import { Parameter } from "./parameter.js";

/** Parameters whose names are their positions. Tensors become parameters. */
export class ParameterList extends Members<Parameter, Tensor> {
  constructor(parameters: Iterable<Tensor> = []) {
    super();
    this.extend(parameters);
  }

  forward(): never {
    throw new TapegradError("ParameterList", "has no forward of its own; use the parameters in it");
  }

  protected override accepted(tensor: Tensor): Parameter {
    return parameterOf("ParameterList", tensor);
  }

  protected override extraRepr(): string {
    return [...this].map(({ shape }, i) => `${i}: [${shape.join(", ")}]`).join(", ");
  }
}

/** @internal The tensor as a parameter. */
export function parameterOf(op: string, tensor: Tensor): Parameter {
  checkTensor(op, tensor);
  return tensor instanceof Parameter ? tensor : new Parameter(tensor);
}
