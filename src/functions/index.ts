// Functions of tensors that are rarer than its methods: the tensor comes first.

export {
  add,
  addcdiv,
  addcmul,
  div,
  floatPower,
  floorDivide,
  fmax,
  fmin,
  gcd,
  lcm,
  mul,
  positive,
  pow,
  remainder,
  rsub,
  sub,
  trueDivide,
} from "./arithmetic.js";
export {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
} from "./bitwise.js";
export {
  atleast1d,
  atleast2d,
  atleast3d,
  broadcastShapes,
  broadcastTensors,
  type MeshgridOptions,
  meshgrid,
} from "./broadcasting.js";
export { allclose, equal, heaviside, isclose, isin, isneginf, isposinf, signbit } from "./comparison.js";
export {
  type BincountOptions,
  bincount,
  type HistcOptions,
  type Histogram,
  type HistogramOptions,
  histc,
  histogram,
  histogramdd,
} from "./counting.js";
export { type LogspaceOptions, logspace, type TriangleOptions, trilIndices, triuIndices } from "./creation.js";
export { cumulativeTrapezoid, diff, trapezoid, trapz } from "./differences.js";
export { cdist } from "./distance.js";
export { einsum } from "./einsum.js";
export { erfc, erfinv, type LogitOptions, logit, sinc } from "./elementary.js";
export { angle, copysign, fill, frac, frexp, ldexp, nanToNum, nextafter, sgn } from "./floats.js";
export { digamma, i0, igamma, igammac, lgamma, mvlgamma, polygamma } from "./gamma.js";
export { gradient } from "./gradient.js";
export { argwhere, indexCopy, indexFill, indexPut, maskedScatter, put, take, takeAlongDim } from "./indexing.js";
export {
  blockDiag,
  type CombinationsOptions,
  cartesianProd,
  columnStack,
  combinations,
  dstack,
  hstack,
  kron,
  rowStack,
  vstack,
} from "./joining.js";
export { deg2rad, hypot, logaddexp, logaddexp2, rad2deg, xlogy } from "./math.js";
export { median, mode, nanmedian, nanquantile, quantile } from "./order-statistics.js";
export {
  constantPadNd,
  diagEmbed,
  diagflat,
  diagonalScatter,
  type SliceScatterOptions,
  selectScatter,
  sliceScatter,
} from "./placing.js";
export { addbmm, addmv, addr, baddbmm, chainMatmul, cross, inner, tensordot, vdot } from "./product.js";
export {
  fliplr,
  flipud,
  msort,
  narrowCopy,
  type RepeatInterleaveOptions,
  type RollOptions,
  type Rot90Options,
  repeatInterleave,
  roll,
  rot90,
  tile,
} from "./rearranging.js";
export { cummax, cummin, cumprod, logcumsumexp } from "./scan.js";
export { indexReduce, type ScatterReduceOptions, type ScatterReduction, scatterReduce } from "./scattering.js";
export { type BucketizeOptions, bucketize, type SearchsortedOptions, searchsorted } from "./searching.js";
export { type SegmentReduceOptions, type SegmentReduction, segmentReduce } from "./segments.js";
export { type KthValueOptions, kthvalue, type ValuesAndIndices } from "./sorting.js";
export { dsplit, hsplit, splitWithSizes, tensorSplit, vsplit } from "./splitting.js";
export {
  aminmax,
  corrcoef,
  countNonzero,
  cov,
  dist,
  nanmean,
  nansum,
  renorm,
  stdMean,
  trace,
  varMean,
} from "./statistics.js";
export { type Unique, type UniqueOptions, unique, uniqueConsecutive } from "./unique.js";
export {
  type DiagonalOptions,
  diagonal,
  moveaxis,
  movedim,
  ravel,
  swapaxes,
  swapdims,
  unflatten,
  unfold,
} from "./views.js";
