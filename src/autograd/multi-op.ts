// Ops with several results.

import type { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Meta, type Named, type Op, type Promotion, recordOf } from "./op.js";

interface MultiOpSpec<In extends string, Out extends string, Attributes> {
  readonly name: string;
  readonly inputs: readonly In[];
  readonly outputs: readonly Out[];
  readonly promotion?: Promotion;
  readonly shape: (inputs: Named<In, Meta>, attributes: Attributes) => Named<NoInfer<Out>, Meta>;
  readonly forward: (inputs: Named<In, NDArray>, attributes: Attributes) => Named<NoInfer<Out>, NDArray>;
  /** What the derivatives read. */
  readonly saves?: readonly NoInfer<In | Out>[];
  /** One derivative per input that has one, from the gradients of all outputs. */
  readonly backward?: {
    readonly [Name in NoInfer<In>]?: (
      dys: Named<NoInfer<Out>, Tensor>,
      saved: Named<NoInfer<In | Out>, Tensor>,
      attributes: Attributes,
      metas: Named<NoInfer<In>, Meta>,
    ) => Tensor;
  };
}

/** Defines an op with named operands and several results, such as eigenvalues and eigenvectors. */
export function defineMultiOp<const In extends string, const Out extends string, Attributes = void>(
  spec: MultiOpSpec<In, Out, Attributes>,
): Op<Attributes> {
  const { name, inputs, outputs, promotion, saves = [], backward } = spec;
  const named = <T>(values: readonly T[]): Named<In, T> => recordOf(inputs, values);
  const listed = <T>(values: Named<Out, T>): T[] => outputs.map((output) => values[output]);
  return {
    name,
    inputs,
    outputs,
    promotion,
    unpromoted: [],
    saves: () => saves,
    shape: (metas, attributes) => listed(spec.shape(named(metas), attributes)),
    forward: (arrays, attributes) => ({ outputs: listed(spec.forward(named(arrays), attributes)) }),
    backward:
      backward &&
      ((dys, { saved, attributes, inputs: metas, needs }) => {
        const all = recordOf(outputs, dys);
        return inputs.map((input, i) => {
          return needs[i]
            ? backward[input]?.(all, saved as Named<In | Out, Tensor>, attributes, named(metas))
            : undefined;
        });
      }),
  };
}
