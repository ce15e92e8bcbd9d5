// MNIST: 70,000 handwritten digits (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist).

import { ShapeError } from "../../core/errors.js";
import { GreyImages, PIXELS } from "./grey-images.js";
import { loadMnist, type MNISTArrays, readMnistNow } from "./mnist-files.js";

export interface MNISTOptions {
  /** The 60,000 images to train on, or the 10,000 to test on. Default true. */
  readonly train?: boolean;
  /** Gets files that are missing from a mirror (`MNIST.load` only). Default false. */
  readonly download?: boolean;
  /** URLs of folders with the gzipped files, in the order to try. Default: the public ones, `MNIST.mirrors`. */
  readonly mirrors?: readonly string[];
}

/**
 * MNIST as [image, label]: image float32 [1, 28, 28] from 0 to 1, label 0 to 9. The same goes for sets in its format:
 * Fashion-MNIST, KMNIST.
 *
 *     const train = await data.MNIST.load("data", { train: true, download: true });
 *     for await (const [images, labels] of new data.DataLoader(train, { batchSize: 64, shuffle: true })) ...
 *
 * Files may be gzipped or not, and in the folder itself or, as torchvision leaves them, in its MNIST/raw.
 */
export class MNIST extends GreyImages {
  static readonly mirrors: readonly string[] = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
  ];

  readonly images: Uint8Array;
  readonly labels: Uint8Array;

  /**
   * Reads the files at once, which works in Node; in a browser, or to download them, use `await MNIST.load(root)`.
   *
   * @param root - the folder of the files, or their contents
   * @throws FileFormatError if a file is missing, truncated or not what it should be; ShapeError if contents do not
   *   belong together
   */
  constructor(root: string | MNISTArrays, { train = true }: MNISTOptions = {}) {
    super();
    const { images, labels } = typeof root === "string" ? readMnistNow(root, train) : root;
    if (images.length !== labels.length * PIXELS) {
      throw new ShapeError("MNIST", [], `${images.length} pixels are not 28 x 28 for each of ${labels.length} labels`);
    }
    this.images = images;
    this.labels = labels;
  }

  /**
   * Reads the files, and downloads them first if `download` is given and they are missing.
   *
   * @param root - the folder of the files; in a browser its URL
   * @throws FileFormatError if a file is missing, truncated or not what it should be, or no mirror has it
   */
  static async load(root: string, options: MNISTOptions = {}): Promise<MNIST> {
    const { train = true, download = false, mirrors = MNIST.mirrors } = options;
    return new MNIST(await loadMnist(root, train, download ? mirrors : []), options);
  }
}
