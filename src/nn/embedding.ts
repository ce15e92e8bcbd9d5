// Layers that look vectors up in a table.

import { checkTensor, checkWhole } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { fromHost } from "../tensor/create.js";
import { randn } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured, listed } from "./configured.js";
import { paddingRow } from "./functional/embedding-table.js";
import * as F from "./functional.js";
import { Parameter } from "./parameter.js";

interface TableOptions {
  readonly paddingIdx?: number | null;
}

abstract class Table<Options extends TableOptions> extends Configured<Options> {
  weight: Parameter;

  /** @param weight - the table; without one, normal numbers, and zeros in the row of padding */
  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options?: Options,
    weight?: Parameter,
  ) {
    super(options);
    checkWhole(this.constructor.name, { numEmbeddings, embeddingDim });
    this.weight = weight ?? this.#drawn();
    paddingRow(this.constructor.name, this.weight, this.options.paddingIdx); // throws if there is no such row
  }

  #drawn(): Parameter {
    const { numEmbeddings: rows, embeddingDim } = this;
    const weight = randn([rows, embeddingDim]);
    const row = paddingRow(this.constructor.name, weight, this.options.paddingIdx);
    if (row === undefined) return new Parameter(weight);
    const isPadding = fromHost(
      Uint8Array.from({ length: rows }, (_, i) => Number(i === row)),
      [rows, 1],
      "bool",
    );
    return new Parameter(weight.maskedFill(isPadding, 0));
  }

  protected override extraRepr(): string {
    const options = listed(this.options);
    return `${this.numEmbeddings}, ${this.embeddingDim}${options && `, ${options}`}`;
  }
}

/** Options of a layer that is made from a table. */
export interface PretrainedOptions {
  /** Whether the table is not learned any more. Default true. */
  readonly freeze?: boolean;
}

/** A table of vectors by index: int32 [...] -> [..., embeddingDim]. weight [numEmbeddings, embeddingDim] starts normal. */
export class Embedding extends Table<F.EmbeddingOptions> {
  /** A layer with this table, [numEmbeddings, embeddingDim]. */
  static fromPretrained(
    embeddings: Tensor,
    { freeze = true, ...options }: F.EmbeddingOptions & PretrainedOptions = {},
  ): Embedding {
    const [rows, size] = sizesOf("Embedding.fromPretrained", embeddings);
    return new Embedding(rows, size, options, new Parameter(embeddings, { requiresGrad: !freeze }));
  }

  forward(x: Tensor): Tensor {
    return F.embedding(x, this.weight, this.options);
  }
}

/** Options of EmbeddingBag. */
export type EmbeddingBagLayerOptions = Omit<F.EmbeddingBagOptions, "offsets" | "perSampleWeights">;

/**
 * The sum, mean (the default) or maximum of the vectors of a bag: int32 [B, N], or [J] with the offsets of the bags, ->
 * [B, embeddingDim].
 */
export class EmbeddingBag extends Table<EmbeddingBagLayerOptions> {
  /** A layer with this table, [numEmbeddings, embeddingDim]. */
  static fromPretrained(
    embeddings: Tensor,
    { freeze = true, ...options }: EmbeddingBagLayerOptions & PretrainedOptions = {},
  ): EmbeddingBag {
    const [rows, size] = sizesOf("EmbeddingBag.fromPretrained", embeddings);
    return new EmbeddingBag(rows, size, options, new Parameter(embeddings, { requiresGrad: !freeze }));
  }

  forward(x: Tensor, options: Pick<F.EmbeddingBagOptions, "offsets" | "perSampleWeights"> = {}): Tensor {
    return F.embeddingBag(x, this.weight, { ...this.options, ...options });
  }
}

function sizesOf(op: string, embeddings: Tensor): readonly [number, number] {
  checkTensor(op, embeddings);
  if (embeddings.ndim === 2) return embeddings.shape as readonly [number, number];
  throw new ShapeError(op, [embeddings.shape], "the table must be [numEmbeddings, embeddingDim]");
}
