// Layers that look vectors up in a table.

import { checkWhole } from "../core/check.js";
import { fromHost } from "../tensor/create.js";
import { randn } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { paddingRow } from "./functional/embedding-table.js";
import * as F from "./functional.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** Normal numbers [rows, size]; zeros in the row of padding. */
function table(op: string, rows: number, size: number, paddingIdx: number | null | undefined): Parameter {
  checkWhole(op, { numEmbeddings: rows, embeddingDim: size });
  const weight = randn([rows, size]);
  const row = paddingRow(op, weight, paddingIdx);
  if (row === undefined) return new Parameter(weight);
  const isPadding = fromHost(
    Uint8Array.from({ length: rows }, (_, i) => Number(i === row)),
    [rows, 1],
    "bool",
  );
  return new Parameter(weight.maskedFill(isPadding, 0));
}

/** A table of vectors by index: int32 [...] -> [..., embeddingDim]. weight [numEmbeddings, embeddingDim] starts normal. */
export class Embedding extends Module {
  weight: Parameter;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    readonly options: F.EmbeddingOptions = {},
  ) {
    super();
    this.weight = table("Embedding", numEmbeddings, embeddingDim, options.paddingIdx);
  }

  forward(x: Tensor): Tensor {
    return F.embedding(x, this.weight, this.options);
  }

  protected override extraRepr(): string {
    return `${this.numEmbeddings}, ${this.embeddingDim}${paddingOf(this.options)}`;
  }
}

/**
 * The sum, mean (the default) or maximum of the vectors of a bag: int32 [B, N], or [J] with the offsets of the bags, ->
 * [B, embeddingDim].
 */
export class EmbeddingBag extends Module {
  weight: Parameter;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    readonly options: Omit<F.EmbeddingBagOptions, "offsets" | "perSampleWeights"> = {},
  ) {
    super();
    this.weight = table("EmbeddingBag", numEmbeddings, embeddingDim, options.paddingIdx);
  }

  forward(x: Tensor, options: Pick<F.EmbeddingBagOptions, "offsets" | "perSampleWeights"> = {}): Tensor {
    return F.embeddingBag(x, this.weight, { ...this.options, ...options });
  }

  protected override extraRepr(): string {
    const { mode = "mean" } = this.options;
    return `${this.numEmbeddings}, ${this.embeddingDim}${paddingOf(this.options)}, mode=${mode}`;
  }
}

function paddingOf({ paddingIdx }: F.EmbeddingOptions): string {
  return paddingIdx === undefined || paddingIdx === null ? "" : `, paddingIdx=${paddingIdx}`;
}
