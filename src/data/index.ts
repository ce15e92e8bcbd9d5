// The namespace `data`.

export { type Collated, defaultCollate, type Field } from "./collate.js";
export * from "./dataset.js";
export { DataLoader, type DataLoaderOptions } from "./loader.js";
