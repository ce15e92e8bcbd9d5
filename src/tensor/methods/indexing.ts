// Methods of tensors that pick or place elements.

import { checkTensor, checkWhole } from "../../core/check.js";
import type { Shape } from "../../core/shape.js";
import { NDArray } from "../../kernels/array.js";
import * as indexing from "../../ops/indexing.js";
import * as shaping from "../../ops/shape.js";
import * as args from "../arguments.js";
import { dimOf } from "../base.js";
import { apply, make } from "../construct.js";
import { type Index, indexTensor, maskedSelect, nonzero, pickRows } from "../indexing.js";
import { argsort, type SortOptions, sort, type TopKOptions, topk, type ValuesAndIndices } from "../sorting.js";
import type { Tensor } from "../tensor.js";
import { ShapeMethods } from "./shape.js";

// biome-ignore format: one line per method
export abstract class IndexingMethods extends ShapeMethods {
  /** x[...] of Python: numbers, slice(), null, ellipsis and one int32 tensor. Views where it can be. */
  index(...indices: readonly Index[]): Tensor { return indexTensor(this.self, indices); }
  select(dim: number, index: number): Tensor {
    const at = dimOf(this, "select", dim);
    return this.sliced(args.selected(this.shape, at, index)).reshape(this.shape.toSpliced(at, 1));
  }
  narrow(dim: number, start: number, length: number): Tensor { return this.sliced(args.narrowed(this.shape, dimOf(this, "narrow", dim), start, length)); }
  /** @internal */
  sliced(attributes: shaping.SliceAttributes): Tensor { return apply(shaping.slice, [this], attributes); }
  /** @internal */
  sliceInto(shape: Shape, attributes: shaping.SliceAttributes): Tensor { return apply(shaping.sliceInto, [this], { ...attributes, shape }); }
  /** @internal Rows by index; on the host as long as the tensor has not been used on the GPU. */
  rows(indices: Int32Array): Tensor { return pickRows(this.self, indices, make); }
  indexSelect(dim: number, index: Tensor): Tensor { return apply(indexing.indexSelect, [this, index], { dim: dimOf(this, "indexSelect", dim) }); }
  /** @internal */
  indexSelectAs(index: Tensor, attributes: indexing.IndexAttributes): Tensor { return apply(indexing.indexSelect, [this, index], attributes); }
  /** @internal */
  indexSum(index: Tensor, attributes: indexing.IndexAttributes & { readonly size: number }): Tensor { return apply(indexing.indexSum, [this, index], attributes); }
  gather(dim: number, index: Tensor): Tensor { return apply(indexing.gather, [this, index], { dim: dimOf(this, "gather", dim) }); }
  /** @internal gather by an index that names no element twice. */
  gatherDistinct(dim: number, index: Tensor): Tensor { return apply(indexing.gather, [this, index], { dim }); }
  /** @internal */
  scatterSum(index: Tensor, attributes: indexing.IndexAttributes & { readonly shape: Shape }): Tensor { return apply(indexing.scatterSum, [this, index], attributes); }
  /** This tensor plus, at each index along `dim`, the source's elements. Deterministic. */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor {
    checkTensor("scatterAdd", src);
    return this.add(src.scatterSum(index, { dim: dimOf(this, "scatterAdd", dim), shape: this.shape }));
  }
  /** This tensor plus, at each index along `dim`, a slice of the source. Deterministic. */
  indexAdd(dim: number, index: Tensor, source: Tensor): Tensor {
    checkTensor("indexAdd", source);
    const at = dimOf(this, "indexAdd", dim);
    return this.add(source.indexSum(index, { dim: at, size: this.shape[at]!, op: "indexAdd" }));
  }
  /** The elements in ascending order along `dim` (default: the last), and where each was. Stable; NaN comes after all numbers. */
  sort(dim?: number | SortOptions | null, options: SortOptions = {}): ValuesAndIndices { return sort(this.self, dim, options); }
  /** Where the elements of sort() are. */
  argsort(dim?: number | SortOptions | null, options: SortOptions = {}): Tensor { return argsort("argsort", this.self, dim, options); }
  /** The k largest elements along `dim` (default: the last), the largest first, and where they are. */
  topk(k: number, dim?: number | TopKOptions | null, options: TopKOptions = {}): ValuesAndIndices { return topk(this.self, k, dim, options); }
  /** The elements where the mask holds, in one dimension. Asynchronous: how many there are is known only on the GPU. */
  async maskedSelect(mask: Tensor): Promise<Tensor> { return maskedSelect(this.self, mask, ints); }
  /** The indices of the elements that are not zero, int32 [count, ndim], in row-major order. Asynchronous likewise. */
  async nonzero(): Promise<Tensor> { return nonzero(this.self, ints); }
  /** Pieces of `size` along `dim` (the last may be smaller), or of the sizes given. */
  split(size: number | readonly number[], dim = 0): Tensor[] { return args.pieces(this.shape, size, dimOf(this, "split", dim)).map((piece) => this.sliced(piece)); }
  /** At most `chunks` pieces of equal size along `dim`. */
  chunk(chunks: number, dim = 0): Tensor[] {
    checkWhole("chunk", { chunks }, 1);
    return this.split(Math.max(1, Math.ceil(this.size(dim) / chunks)), dim);
  }
  unbind(dim = 0): Tensor[] { return Array.from({ length: this.size(dim) }, (_, i) => this.select(dim, i)); }
}

function ints(values: Int32Array, shape: Shape): Tensor {
  return make(NDArray.fromHost(values, "int32", shape), undefined, "nonzero");
}
