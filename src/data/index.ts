// The namespace `data`.

export * as augment from "./augment/index.js";
export { type Collated, defaultCollate, type Field } from "./collate/collate.js";
export { SyntheticDigits, type SyntheticDigitsOptions } from "./datasets/digits.js";
export { MNIST, type MNISTOptions } from "./datasets/mnist.js";
export * from "./host.js";
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from "./loader/loader.js";
export { TensorDataset } from "./tensor-dataset.js";
export { type Remote, RemoteDataset, RemoteIterableDataset, remote } from "./workers/remote.js";
