// The namespace `data`.

export * as augment from "./augment/index.js";
export { type Collated, defaultCollate, type Field } from "./collate/collate.js";
export { CIFAR10, CIFAR100, type CIFAROptions } from "./datasets/cifar.js";
export {
  CSVDataset,
  type CSVDatasetOptions,
  type CSVOptions,
  type CSVRow,
  CSVRows,
  type CSVRowsOptions,
} from "./datasets/csv.js";
export { SyntheticDigits, type SyntheticDigitsOptions } from "./datasets/digits.js";
export type { DownloadOptions } from "./datasets/download.js";
export type { DownloadProgress } from "./datasets/download-progress.js";
export type { SampleOptions } from "./datasets/grey-images.js";
export { ImageFolder } from "./datasets/image-folder.js";
export { FashionMNIST, KMNIST, MNIST, type MNISTOptions } from "./datasets/mnist.js";
export { CharacterCorpus, type CharacterCorpusOptions, TextLines, type TextLinesOptions } from "./datasets/text.js";
export * from "./host.js";
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from "./loader/loader.js";
export { TensorDataset } from "./tensor-dataset.js";
export { type Remote, RemoteDataset, RemoteIterableDataset, remote } from "./workers/remote.js";
