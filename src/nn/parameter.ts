// Tensors that modules find in their fields.

import { keep } from "../autograd/scope.js";
import { Variable } from "../autograd/variable.js";
import { Tensor } from "../tensor/tensor.js";

/** A tensor that a module learns: found in its fields, listed by parameters(), saved in state dicts. */
export class Parameter extends Tensor {
  constructor(data: Tensor, { requiresGrad = true }: { readonly requiresGrad?: boolean } = {}) {
    data.array.realize();
    super(data.array.retain(), requiresGrad ? new Variable() : undefined, "Parameter");
    keep(this);
  }
}

/** A tensor that belongs to a module's state but is not learned, such as running statistics. */
export class Buffer extends Tensor {
  constructor(data: Tensor) {
    data.array.realize();
    super(data.array.retain(), undefined, "Buffer");
    keep(this);
  }
}
