// The compiled kernels of attention, for a device's variant and a result's width.

import { type DType, dtypes } from "../core/dtype.js";
import type { Device } from "../runtime/device.js";
import type { Kernel, KernelSource } from "../runtime/kernel.js";
import { type AttentionDropout, dropoutAdditions } from "./attention-dropout.js";
import type { MaskKind } from "./attention-mask.js";
import { AttentionText, type AttentionTextOptions } from "./attention-text.js";
import { ALONE, type AttentionConstants } from "./attention-variants.js";
import { type Additions, kernelSource } from "./source.js";
import attentionWgsl from "./wgsl/attention.js";
import gradientWgsl from "./wgsl/attention-gradient.js";

export interface AttentionAttributes {
  /** What scores are multiplied by. */
  readonly scale: number;
  /** Position l attends to positions 0 to l alone. */
  readonly isCausal: boolean;
  /** Of the operand `mask`. */
  readonly mask: MaskKind;
  /** Of the weights. Default none. */
  readonly dropout?: AttentionDropout | undefined;
}

/**
 * A kernel, and how many workgroups a number of groups of lanes makes.
 * @param size - elements in a row of the result
 */
export function planOf(
  device: Device,
  dtype: DType,
  size: number,
  { mask, dropout }: AttentionAttributes,
  constants: AttentionConstants,
  name: "attention" | "attention-gradient",
): { kernel: Kernel; workgroups: (groups: number) => number } {
  const { lanes } = constants;
  const sourceOf = name === "attention" ? forwardSource : gradientSource;
  const options = { ...constants, width: Math.ceil(size / 4 / lanes), mask, hasDropout: dropout !== undefined };
  const variant = `${dtype} ${lanes} ${constants.rows} ${options.width} ${mask} ${options.hasDropout ? "dropout" : ""}`;
  const kernel = device.kernel(`${name} ${variant}`, () => sourceOf(new AttentionText(options), options, dtype));
  return { kernel, workgroups: (groups) => (lanes === 1 ? Math.ceil(groups / ALONE) : groups) };
}

function additionsOf(options: AttentionTextOptions, dtype: DType): Additions {
  const { params = [], buffers = [] } = maskAdditions(options, dtype);
  if (!options.hasDropout) return { params, buffers };
  return { params: [...params, ...dropoutAdditions.params!], buffers, imports: dropoutAdditions.imports! };
}

function maskAdditions({ mask }: AttentionTextOptions, dtype: DType): Additions {
  if (mask === "none") return {};
  const params = ["offset", "batch", "head", "row", "column"].map((name) => ({
    name: `mask_${name}`,
    type: "u32" as const,
  }));
  const type = `array<${mask === "float" ? dtypes[dtype].stored : "u32"}>`;
  return { params, buffers: [{ name: "mask", access: "read" as const, type }] };
}

function forwardSource(text: AttentionText, options: AttentionTextOptions, dtype: DType): KernelSource {
  const [a, b] = [
    { binding: "q", name: "a" },
    { binding: "k", name: "b" },
  ];
  return kernelSource(attentionWgsl, {
    types: { S: dtypes[dtype].stored },
    slots: {
      functions: text.functions("v", "true"),
      place: text.place(),
      declarations: `${text.declarations()}\n${text.statistics()}`,
      scores: text.dots("t", a, b, "p.E"),
      weights: text.weights(),
      products: text.products(),
      sums: text.sums(),
      store: text.store(true),
    },
    additions: additionsOf(options, dtype),
  });
}

function gradientSource(text: AttentionText, options: AttentionTextOptions, dtype: DType): KernelSource {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => ({ binding: name, name })) as [Named, Named, Named, Named];
  return kernelSource(gradientWgsl, {
    types: { S: dtypes[dtype].stored },
    slots: {
      functions: text.functions("m", "p.query_rows != 0"),
      place: text.place(),
      declarations: text.declarations(),
      scores: text.dots("t", a, b, "p.E"),
      dots: text.dots("u", c, d, "select(0u, p.C, p.has_dots != 0)"),
      weights: text.gradients(),
      products: text.products(),
      store: text.store(false),
    },
    additions: additionsOf(options, dtype),
  });
}

interface Named {
  readonly binding: string;
  readonly name: string;
}
