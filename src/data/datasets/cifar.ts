// CIFAR-10 and CIFAR-100: small colour pictures (Krizhevsky 2009), in their binary version.

import { Dataset, outOfRange } from "../dataset.js";
import { type Image, imageOf } from "../transforms/image.js";
import { toTensor } from "../transforms/to-tensor.js";
import { applyTransform, type TransformLike } from "../transforms/transform.js";
import { type CIFARArrays, type CifarSet, loadCifar, PIXELS, readCifarNow, SIDE } from "./cifar-files.js";
import { CIFAR_MIRRORS, CIFAR10_FILES, CIFAR100_FILES } from "./cifar-sets.js";
import type { DownloadOptions } from "./download.js";
import type { SampleOptions } from "./grey-images.js";

export interface CIFAROptions<X = Image> extends SampleOptions<X>, DownloadOptions {
  /** The 50,000 pictures to train on, or the 10,000 to test on. Default true. */
  readonly train?: boolean;
  /** Gets the archive if it is missing (`load` only). Default false. */
  readonly download?: boolean;
  /** URLs of folders with the archive, in the order to try. Default: the author's. */
  readonly mirrors?: readonly string[];
  /** "md5:..." or "sha256:..." of the archive. Default: that of the author's, unless `mirrors` names others. */
  readonly checksum?: string;
}

abstract class Pictures<X> extends Dataset<readonly [image: X, label: number]> {
  /** [N, 3, 32, 32] */
  readonly images: Uint8Array;
  /** [N] */
  readonly labels: Uint8Array;
  readonly #transform: TransformLike<Image, X>;
  readonly #targetTransform: (label: number) => number;

  constructor(set: CifarSet, root: string | CIFARArrays, options: CIFAROptions<X>) {
    super();
    const {
      transform = toTensor as TransformLike<Image, X>,
      targetTransform = (label) => label,
      train = true,
    } = options;
    const { images, labels } = typeof root === "string" ? readCifarNow(set, root, train) : root;
    this.images = images;
    this.labels = labels;
    this.#transform = transform;
    this.#targetTransform = targetTransform;
  }

  get length(): number {
    return this.labels.length;
  }

  /** @throws OutOfRangeError */
  getItem(index: number): readonly [image: X, label: number] {
    const label = this.labels[index];
    if (label === undefined) {
      throw outOfRange(this.constructor.name, index, this.length);
    }
    const image = imageOf(this.images.slice(index * PIXELS, (index + 1) * PIXELS), 3, SIDE, SIDE);
    return [applyTransform(this.#transform, image), this.#targetTransform(label)];
  }
}

function arrays<X>(set: CifarSet, root: string, options: CIFAROptions<X>): Promise<CIFARArrays> {
  const { train = true, download = false, mirrors, checksum, timeout, progress } = options;
  return loadCifar(set, root, train, {
    mirrors: download ? (mirrors ?? CIFAR_MIRRORS) : [],
    checksum: checksum ?? (mirrors === undefined ? set.checksum : undefined),
    ...(timeout !== undefined && { timeout }),
    ...(progress !== undefined && { progress }),
  });
}

/**
 * CIFAR-10, 60,000 pictures of ten classes, as [image, label]: image float32 [3, 32, 32] from 0 to 1 on the host, or what
 * `transform` makes of a uint8 one; label 0 to 9.
 *
 *     const { Compose, RandomCrop, RandomHorizontalFlip, ToTensor } = data.transforms;
 *     const transform = new Compose([new RandomCrop(32, { padding: 4 }), new RandomHorizontalFlip(), new ToTensor()]);
 *     const train = await data.CIFAR10.load("data", { train: true, download: true, transform });
 *
 * The binary version's files may lie in its archive, cifar-10-binary.tar.gz, or in the folder that unpacks to.
 */
export class CIFAR10<X = Image> extends Pictures<X> {
  /** Names of the labels. */
  static readonly classes: readonly string[] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
  ];

  /**
   * Reads the files at once, which works in Node; in a browser, or to download them, use `await CIFAR10.load(root)`.
   *
   * @param root - the folder of the archive, or pictures and labels
   * @throws FileFormatError if the files are missing, truncated or not what they should be
   */
  constructor(root: string | CIFARArrays, options: CIFAROptions<X> = {}) {
    super(CIFAR10_FILES, root, options);
  }

  /**
   * Reads the files, and downloads the archive first if `download` is given and it is missing.
   * @throws FileFormatError if they are missing, truncated or not what they should be, or no mirror has the archive
   */
  static async load<X = Image>(root: string, options: CIFAROptions<X> = {}): Promise<CIFAR10<X>> {
    return new CIFAR10(await arrays(CIFAR10_FILES, root, options), options);
  }
}

/** CIFAR-100, 60,000 pictures of a hundred classes (the fine labels), with CIFAR-10's options and samples. */
export class CIFAR100<X = Image> extends Pictures<X> {
  /** As `new CIFAR10`. */
  constructor(root: string | CIFARArrays, options: CIFAROptions<X> = {}) {
    super(CIFAR100_FILES, root, options);
  }

  /** As `CIFAR10.load`. */
  static async load<X = Image>(root: string, options: CIFAROptions<X> = {}): Promise<CIFAR100<X>> {
    return new CIFAR100(await arrays(CIFAR100_FILES, root, options), options);
  }
}
