// Methods of tensors that pick or place elements.

import { madeTogether } from "../../autograd/sharing.js";
import { type Optional, optional } from "../../core/options.js";
import type { Shape } from "../../core/shape.js";
import * as indexing from "../../ops/indexing.js";
import * as meeting from "../../ops/scatter-reduction.js";
import * as placing from "../../ops/scattering.js";
import * as shaping from "../../ops/shape.js";
import * as args from "../arguments.js";
import { dimOf } from "../base.js";
import { apply, applyMulti, make, type Operand } from "../construct.js";
import { type Index, onHost } from "../index-values.js";
import { indexTensor, pickRows } from "../indexing.js";
import { maskedSelect, type NonzeroOptions, nonzero } from "../masks.js";
import { narrow } from "../reshaping.js";
import * as scattering from "../scattering.js";
import { argsort, type SortOptions, sort, type TopKOptions, topk, type ValuesAndIndices } from "../sorting.js";
import type { Tensor } from "../tensor.js";
import { ShapeMethods } from "./shape.js";

// biome-ignore format: one line per method
export abstract class IndexingMethods extends ShapeMethods {
  /**
   * x[...] of Python: numbers, slice(), null, ellipsis, booleans, and int32 tensors, masks or lists, several of which
   * broadcast together. Views where it can be. x.index(0, [1, 2]) is x[0, [1, 2]], x.index([[0, 1], [1, 2]]) is x[[0, 1], [1, 2]].
   * @throws DTypeError for a mask that was computed on the GPU: await x.indexAsync(...)
   */
  index(...indices: readonly Index[]): Tensor { return indexTensor(this.self, indices); }
  /** index() with masks that were computed on the GPU, which it waits for. */
  async indexAsync(...indices: readonly Index[]): Promise<Tensor> { return indexTensor(this.self, await Promise.all(indices.map(onHost))); }
  /** x[.., index, ..] along `dim`, without that dimension; a negative index counts from the end. A view. */
  select(dim: number, index: number): Tensor {
    const at = dimOf(this, "select", dim);
    return apply(shaping.select, [this], { dim: at, index: args.selected(this.shape, at, index).start });
  }
  /** `length` elements of dimension `dim` from `start` on: a view, unless only the GPU knows `start`. */
  narrow(dim: number, start: number | Tensor, length: number): Tensor { return narrow(this.self, dimOf(this, "narrow", dim), start, length); }
  /** @internal */
  sliced(attributes: shaping.SliceAttributes): Tensor { return apply(shaping.slice, [this], attributes); }
  /** @internal */
  sliceInto(shape: Shape, attributes: shaping.SliceAttributes): Tensor { return apply(shaping.sliceInto, [this], { ...attributes, shape }); }
  /** @internal Rows by index; on the host as long as the tensor has not been used on the GPU. */
  rows(indices: Int32Array): Tensor { return pickRows(this.self, indices, make); }
  /** y[.., j, ..] = x[.., index[j], ..] along `dim`; the index is int32 and has one dimension. */
  indexSelect(dim: number, index: Tensor): Tensor { return scattering.indexSelect(this.self, dimOf(this, "indexSelect", dim), index); }
  /** @internal */
  indexSelectAs(index: Tensor, attributes: indexing.IndexAttributes): Tensor { return apply(indexing.indexSelect, [this, index], attributes); }
  /** @internal */
  indexSum(index: Tensor, attributes: indexing.IndexAttributes & { readonly size: number }): Tensor { return apply(indexing.indexSum, [this, index], attributes); }
  /** y[o, j, i] = x[o, index[o, j, i], i], where j runs along `dim`: the result has the index's shape. */
  gather(dim: number, index: Tensor): Tensor { return scattering.gather(this.self, dimOf(this, "gather", dim), index); }
  /** @internal */
  gatherAs(index: Tensor, attributes: indexing.GatherAttributes): Tensor { return apply(indexing.gather, [this, index], attributes); }
  /** @internal */
  scatterSum(index: Tensor, attributes: indexing.GatherAttributes & { readonly shape: Shape }): Tensor { return apply(indexing.scatterSum, [this, index], attributes); }
  /** @internal */
  scatterCombine(index: Tensor, attributes: meeting.CombineAttributes & { readonly kind: "max" | "min" }): Tensor { return apply(meeting.scatterCombine, [this, index], attributes); }
  /** @internal */
  scatterProd(index: Tensor, attributes: meeting.CombineAttributes): Tensor { return apply(meeting.scatterProd, [this, index], attributes); }
  /** @internal */
  scatterAs(index: Tensor, src: Tensor, attributes: indexing.IndexAttributes): Tensor { return apply(placing.scatter, [this, index, src], attributes); }
  /** @internal */
  joinedPosition(other: Tensor, attributes: placing.JoinedAttributes): Tensor { return apply(placing.joinedPosition, [this, other], attributes); }
  /** @internal 0, 1, 2 ... along a dimension, of size 1 in all others. */
  positionsAlong(dim: number): Tensor { return apply(placing.positionsAlong, [this], dim); }
  /** @internal The corner of this shape. */
  narrowedTo(shape: Shape): Tensor { return shape.reduce((y, size, dim) => (size === y.shape[dim] ? y : y.narrow(dim, 0, size)), this.self); }
  /** @internal In the corner of zeros. */
  paddedTo(shape: Shape): Tensor { return scattering.padded(this.self, shape); }
  /**
   * This tensor with src[o, j, i] at (o, index[o, j, i], i), where j runs along `dim`. Where several elements go to one place
   * the last one stays; with reduce "add" or "multiply" they are combined with what was there.
   */
  scatter(dim: number, index: Tensor, src: Operand | boolean, options: scattering.ScatterOptions = {}): Tensor { return scattering.scatter("scatter", this.self, dimOf(this, "scatter", dim), index, src, options); }
  /** This tensor plus, at each index along `dim`, the source's elements. Deterministic. */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor { return scattering.scatterAdd("scatterAdd", this.self, dimOf(this, "scatterAdd", dim), index, src); }
  /** This tensor plus, at each index along `dim`, a slice of the source times `alpha` (default 1). Deterministic. */
  indexAdd(dim: number, index: Tensor, source: Tensor, options: scattering.IndexAddOptions = {}): Tensor { return scattering.indexAdd("indexAdd", this.self, dimOf(this, "indexAdd", dim), index, source, options); }
  /** The elements in ascending order along `dim` (default: the last), and where each was. Stable; NaN comes after all numbers. */
  sort(dim?: number | SortOptions | null, options: SortOptions = {}): ValuesAndIndices { return sort(this.self, dim, options); }
  /** Where the elements of sort() are. */
  argsort(dim?: number | SortOptions | null, options: SortOptions = {}): Tensor { return argsort("argsort", this.self, dim, options); }
  /** The k largest elements along `dim` (default: the last), the largest first, and where they are. */
  topk(k: number, dim?: number | TopKOptions | null, options: TopKOptions = {}): ValuesAndIndices { return topk(this.self, k, dim, options); }
  /** The elements where the mask holds, in one dimension; both broadcast. Asynchronous: how many is known only on the GPU. */
  async maskedSelect(mask: Tensor): Promise<Tensor> { return maskedSelect(this.self, mask); }
  /** The indices of the elements that are not zero, int32 [count, ndim], in row-major order. Asynchronous likewise. */
  async nonzero(options?: { readonly asTuple?: false }): Promise<Tensor>;
  /** The same as one tensor for each dimension. */
  async nonzero(options: { readonly asTuple: true }): Promise<Tensor[]>;
  async nonzero(options: NonzeroOptions = {}): Promise<Tensor | Tensor[]> { return nonzero(this.self, options); }
  /** @internal */
  joinedWith(others: readonly Tensor[], dim: number): Tensor { return others.length === 0 ? this.self : apply(shaping.cat, [this, ...others], dim); }
  /** @internal Pieces that follow each other and are the whole. */
  cut(pieces: readonly shaping.SliceAttributes[]): Tensor[] {
    const [first] = pieces;
    return first === undefined ? [] : madeTogether(applyMulti(shaping.split, [this], { dim: first.dim, sizes: pieces.map(({ length }) => length) }));
  }
  /** Pieces of `size` along `dim` (the last may be smaller), or of the sizes given. Views. */
  split(size: number | readonly number[], dim?: Optional<"dim", number>): Tensor[] { return this.cut(args.pieces(this.shape, size, args.cutDim("split", this.shape, optional(dim, "dim", 0)))); }
  /** At most `chunks` pieces of equal size along `dim` (the last may be smaller). Views. */
  chunk(chunks: number, dim?: Optional<"dim", number>): Tensor[] { return this.cut(args.chunks(this.shape, chunks, args.cutDim("chunk", this.shape, optional(dim, "dim", 0)))); }
  /** All slices along `dim`, without that dimension. Views. */
  unbind(dim?: Optional<"dim", number>): Tensor[] {
    const at = args.cutDim("unbind", this.shape, optional(dim, "dim", 0));
    return madeTogether(Array.from({ length: this.shape[at]! }, (_, i) => this.select(at, i)));
  }
}
