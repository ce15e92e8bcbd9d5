// The namespace `data`.

export { type Collated, defaultCollate, type Field } from "./collate.js";
export * from "./dataset.js";
export { SyntheticDigits, type SyntheticDigitsOptions } from "./digits.js";
export { DataLoader, type DataLoaderOptions } from "./loader.js";
export { MNIST, type MNISTOptions } from "./mnist.js";
