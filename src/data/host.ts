// `tapegrad/data`: what a dataset's module needs, without the GPU. A worker imports it in place of the whole package.

export { Generator } from "../core/philox.js";
export { ChainDataset, ConcatDataset, Subset } from "./combined.js";
export { Dataset, type DatasetLike, IterableDataset, type IterableLike, type SampleOf } from "./dataset.js";
export { HostArray, hostArray } from "./host-array.js";
export { getWorkerInfo, sampleGenerator, type WorkerInfo } from "./sample-stream.js";
export { DistributedSampler, type DistributedSamplerOptions } from "./samplers/distributed.js";
export { RandomSampler, type RandomSamplerOptions, SubsetRandomSampler } from "./samplers/random.js";
export { BatchSampler, Sampler, type SamplerLike, SequentialSampler } from "./samplers/sampler.js";
export { WeightedRandomSampler, type WeightedRandomSamplerOptions } from "./samplers/weighted.js";
export { randomSplit } from "./split.js";
export * as transforms from "./transforms/index.js";
export { serveDataset } from "./workers/browser-port.js";
