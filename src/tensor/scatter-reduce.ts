// scatterReduce: elements that meet in one place are summed, averaged, multiplied, or compared.

import { checkChoice, checkTensor } from "../core/check.js";
import { isFloatingPoint } from "../core/dtype.js";
import { scatterExtreme } from "../ops/scatter-reduction.js";
import { apply } from "./construct.js";
import { countAt, lifted, lowered, untouched } from "./scattering.js";
import type { Tensor } from "./tensor.js";

export type ScatterReduction = "sum" | "prod" | "mean" | "amax" | "amin";

export interface ScatterReduceOptions {
  /** Whether what is there takes part; otherwise it stays only where nothing goes. Default true. */
  readonly includeSelf?: boolean | null;
}

/** x with the elements of src at (o, index[o, j, i], i), combined with each other. */
export function scatterReduce(
  op: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: ScatterReduction,
  { includeSelf }: ScatterReduceOptions,
): Tensor {
  checkTensor(op, index);
  checkTensor(op, src);
  checkChoice(op, "reduce", reduce, ["sum", "prod", "mean", "amax", "amin"]);
  if (index.numel() === 0) return untouched(x, src);
  const [self, places, source] = [lifted(x), lifted(index), lifted(src)];
  return lowered(reduced(op, self, dim, places, source, reduce, includeSelf ?? true), x.shape);
}

function reduced(
  op: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: ScatterReduction,
  includeSelf: boolean,
): Tensor {
  const use = { op, dim, shape: x.shape };
  const own = (): Tensor => countAt(x, dim, index);
  const isFree = (): Tensor => own().eq(0);
  switch (reduce) {
    case "sum": {
      const sum = src.scatterSum(index, use);
      return includeSelf ? x.add(sum) : x.where(isFree(), sum);
    }
    case "prod": {
      const product = src.scatterProd(index, use);
      return includeSelf ? x.mul(product) : x.where(isFree(), product);
    }
    case "mean": {
      const sum = src.scatterSum(index, use);
      const count = own();
      const mean = includeSelf ? divided(x.add(sum), count.add(1)) : divided(sum, count.clamp(1));
      return includeSelf ? mean : x.where(count.eq(0), mean);
    }
    case "amax":
    case "amin": {
      const [values, source] = [x.detach(), src.detach()];
      const isMax = reduce === "amax";
      const found = source.scatterCombine(index, { ...use, kind: isMax ? "max" : "min" });
      const better = isMax ? values.maximum(found) : values.minimum(found);
      const result = includeSelf ? better : values.where(isFree(), found);
      return apply(scatterExtreme, [x, src, index, result], { dim, op, includeSelf });
    }
    default:
      return reduce satisfies never;
  }
}

function divided(sum: Tensor, count: Tensor): Tensor {
  return isFloatingPoint(sum.dtype) ? sum.div(count) : sum.floorDivide(count);
}
