// Where CIFAR's binary version is published, and the MD5 sums of its archives.

import type { CifarSet } from "./cifar-files.js";

/** @internal The author's folder. */
export const CIFAR_MIRRORS: readonly string[] = ["https://www.cs.toronto.edu/~kriz/"];

/** @internal Ten classes. */
export const CIFAR10_FILES: CifarSet = {
  name: "CIFAR10",
  archive: "cifar-10-binary.tar.gz",
  checksum: "md5:c32a1d4ab5d03f1284b67883e8d87530",
  folder: "cifar-10-batches-bin",
  train: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`),
  test: ["test_batch.bin"],
  counts: [10_000, 10_000],
  labels: [10],
};

/** @internal A hundred classes, in twenty groups. */
export const CIFAR100_FILES: CifarSet = {
  name: "CIFAR100",
  archive: "cifar-100-binary.tar.gz",
  checksum: "md5:03b5dce01913d631647c71ecec9e9cb8",
  folder: "cifar-100-binary",
  train: ["train.bin"],
  test: ["test.bin"],
  counts: [50_000, 10_000],
  labels: [20, 100],
};
