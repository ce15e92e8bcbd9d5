// Tensors that modules find in their fields.

import { keep } from "../autograd/scope.js";
import { Variable } from "../autograd/variable.js";
import { checkTensor } from "../core/check.js";
import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { refuseInStep } from "../runtime/recording.js";
import { Tensor } from "../tensor/tensor.js";

/** A tensor that a module learns: found in its fields, listed by parameters(), saved in state dicts. */
export class Parameter extends Tensor {
  constructor(data: Tensor, options?: { readonly requiresGrad?: boolean }) {
    const { requiresGrad = true } = checkOptions("Parameter", options, ["requiresGrad"]);
    checkTensor("Parameter", data);
    if (requiresGrad && !isFloatingPoint(data.dtype)) {
      const fix = 'data.to("float32"), { requiresGrad: false }, or an nn.Buffer';
      const problem = `only floating-point tensors can require grad, this one is ${data.dtype} (${fix})`;
      throw new DTypeError("Parameter", problem);
    }
    refuseInStep("makes a parameter", "make it before");
    data.array.realize();
    super(data.array.retain(), requiresGrad ? new Variable() : undefined, "Parameter");
    keep(this);
  }
}

/** A tensor that belongs to a module's state but is not learned, such as running statistics. */
export class Buffer extends Tensor {
  constructor(data: Tensor) {
    checkTensor("Buffer", data);
    data.array.realize();
    super(data.array.retain(), undefined, "Buffer");
    keep(this);
  }
}
