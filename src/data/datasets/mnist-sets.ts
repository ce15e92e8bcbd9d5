// Where MNIST and the sets in its format are published, and the MD5 sums of their files.

import type { IdxSet } from "./mnist-files.js";

/** @internal Handwritten digits. */
export const MNIST_FILES: IdxSet = {
  name: "MNIST",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
  checksums: {
    "train-images-idx3-ubyte.gz": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte.gz": "md5:d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte.gz": "md5:9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte.gz": "md5:ec29112dd5afa0611ce80d1b7f02629c",
  },
};

/** @internal Clothes. */
export const FASHION_MNIST: IdxSet = {
  name: "FashionMNIST",
  mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  checksums: {
    "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
  },
};

/** @internal Cursive characters. */
export const KMNIST_FILES: IdxSet = {
  name: "KMNIST",
  mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
  checksums: {
    "train-images-idx3-ubyte.gz": "md5:bdb82020997e1d708af4cf47b453dcf7",
    "train-labels-idx1-ubyte.gz": "md5:e144d726b3acfaa3e44228e80efcd344",
    "t10k-images-idx3-ubyte.gz": "md5:5c965bf0a639b31b8f53240b1b52f4d7",
    "t10k-labels-idx1-ubyte.gz": "md5:7320c461ea6c1c855c0b718fb2a4b134",
  },
};
