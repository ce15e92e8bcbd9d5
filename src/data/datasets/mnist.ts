// MNIST and the sets in its format: 28 x 28 grey images of ten classes.

import { ShapeError } from "../../core/errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { DownloadOptions } from "./download.js";
import { GreyImages, PIXELS, type SampleOptions } from "./grey-images.js";
import { type IdxSet, loadMnist, type MNISTArrays, readMnistNow } from "./mnist-files.js";
import { FASHION_MNIST, KMNIST_FILES, MNIST_FILES } from "./mnist-sets.js";

export interface MNISTOptions<X = Tensor> extends SampleOptions<X>, DownloadOptions {
  /** The 60,000 images to train on, or the 10,000 to test on. Default true. */
  readonly train?: boolean;
  /** Gets files that are missing from a mirror (`load` only). Default false. */
  readonly download?: boolean;
  /** URLs of folders with the gzipped files, in the order to try. Default: the public ones, `MNIST.mirrors`. */
  readonly mirrors?: readonly string[];
  /** "md5:..." or "sha256:..." by the file's name. Default: those of the public files, unless `mirrors` names others. */
  readonly checksums?: Readonly<Record<string, string>>;
}

abstract class IdxImages<X> extends GreyImages<X> {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;

  constructor(set: IdxSet, root: string | MNISTArrays, options: MNISTOptions<X>) {
    super(options);
    const { images, labels } = typeof root === "string" ? readMnistNow(set, root, options.train ?? true) : root;
    if (images.length !== labels.length * PIXELS) {
      throw new ShapeError(set.name, [], `${images.length} pixels are not 28 x 28 for each of ${labels.length} labels`);
    }
    this.images = images;
    this.labels = labels;
  }
}

function arrays<X>(set: IdxSet, root: string, options: MNISTOptions<X>): Promise<MNISTArrays> {
  const { train = true, download = false, mirrors, checksums, timeout, progress } = options;
  return loadMnist(set, root, train, {
    mirrors: download ? (mirrors ?? set.mirrors) : [],
    checksums: checksums ?? (mirrors === undefined ? set.checksums : {}),
    ...(timeout !== undefined && { timeout }),
    ...(progress !== undefined && { progress }),
  });
}

/**
 * MNIST, 70,000 handwritten digits (LeCun, Cortes and Burges 1998), as [image, label]: image float32 [1, 28, 28] from 0 to
 * 1, or what `transform` makes of a uint8 one; label 0 to 9.
 *
 *     const train = await data.MNIST.load("data", { train: true, download: true });
 *     for await (const [images, labels] of new data.DataLoader(train, { batchSize: 64, shuffle: true })) ...
 *
 * Files may be gzipped or not, and in the folder itself or, as torchvision leaves them, in its MNIST/raw.
 */
export class MNIST<X = Tensor> extends IdxImages<X> {
  static readonly mirrors: readonly string[] = MNIST_FILES.mirrors;
  /** Names of the labels. */
  static readonly classes: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

  /**
   * Reads the files at once, which works in Node; in a browser, or to download them, use `await MNIST.load(root)`.
   *
   * @param root - the folder of the files, or their contents
   * @throws FileFormatError if a file is missing, truncated or not what it should be; ShapeError if contents do not
   *   belong together
   */
  constructor(root: string | MNISTArrays, options: MNISTOptions<X> = {}) {
    super(MNIST_FILES, root, options);
  }

  /**
   * Reads the files, and downloads them first if `download` is given and they are missing.
   *
   * @param root - the folder of the files; in a browser its URL
   * @throws FileFormatError if a file is missing, truncated or not what it should be, or no mirror has it
   */
  static async load<X = Tensor>(root: string, options: MNISTOptions<X> = {}): Promise<MNIST<X>> {
    return new MNIST(await arrays(MNIST_FILES, root, options), options);
  }
}

/** Fashion-MNIST, 70,000 articles of clothing (Xiao, Rasul and Vollgraf 2017), with MNIST's options and samples. */
export class FashionMNIST<X = Tensor> extends IdxImages<X> {
  static readonly mirrors: readonly string[] = FASHION_MNIST.mirrors;
  /** Names of the labels. */
  static readonly classes: readonly string[] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ];

  /** As `new MNIST`. */
  constructor(root: string | MNISTArrays, options: MNISTOptions<X> = {}) {
    super(FASHION_MNIST, root, options);
  }

  /** As `MNIST.load`. */
  static async load<X = Tensor>(root: string, options: MNISTOptions<X> = {}): Promise<FashionMNIST<X>> {
    return new FashionMNIST(await arrays(FASHION_MNIST, root, options), options);
  }
}

/** Kuzushiji-MNIST, 70,000 cursive Japanese characters (Clanuwat and others 2018), with MNIST's options and samples. */
export class KMNIST<X = Tensor> extends IdxImages<X> {
  static readonly mirrors: readonly string[] = KMNIST_FILES.mirrors;
  /** Names of the labels. */
  static readonly classes: readonly string[] = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

  /** As `new MNIST`. */
  constructor(root: string | MNISTArrays, options: MNISTOptions<X> = {}) {
    super(KMNIST_FILES, root, options);
  }

  /** As `MNIST.load`. */
  static async load<X = Tensor>(root: string, options: MNISTOptions<X> = {}): Promise<KMNIST<X>> {
    return new KMNIST(await arrays(KMNIST_FILES, root, options), options);
  }
}
