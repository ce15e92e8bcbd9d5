// Pictures in folders, a folder for each class.

import { platform } from "#platform";
import { FileFormatError } from "../../core/errors.js";
import { Dataset, outOfRange } from "../dataset.js";
import { sampleGenerator, withSampleGenerator } from "../sample-stream.js";
import { type Image, imageOf } from "../transforms/image.js";
import { toTensor } from "../transforms/to-tensor.js";
import { applyTransform, type TransformLike } from "../transforms/transform.js";
import type { SampleOptions } from "./grey-images.js";

const EXTENSIONS = /\.(png|jpe?g)$/i;

/**
 * PNG and JPEG files as [image, label]: root/class/.../picture.png is of class `class`, and classes are numbered in
 * alphabetical order. Samples are in torchvision's order: by class, then by folder, then by file. An image is float32
 * [3, H, W] from 0 to 1 on the host, or what `transform` makes of a uint8 one.
 * Pictures that are to be one batch need one size: `Resize`, `RandomResizedCrop`.
 *
 *     const transform = new Compose([new RandomResizedCrop(64), new ToTensor()]);
 *     const pets = await data.ImageFolder.load("pets", { transform }); // pets/cat/1.jpg, pets/dog/2.png ...
 *
 * Node only. Files are decoded by the packages fast-png and jpeg-js, which have to be installed beside tapegrad. As
 * torchvision does, grey pictures get three channels, and transparency is dropped.
 */
export class ImageFolder<X = Image> extends Dataset<readonly [image: X, label: number]> {
  readonly #transform: TransformLike<Image, X>;
  readonly #targetTransform: (label: number) => number;

  constructor(
    /** Names of the classes. */
    readonly classes: readonly string[],
    /** Path and class of each picture. */
    readonly samples: readonly (readonly [path: string, label: number])[],
    { transform = toTensor as TransformLike<Image, X>, targetTransform = (label) => label }: SampleOptions<X> = {},
  ) {
    super();
    this.#transform = transform;
    this.#targetTransform = targetTransform;
  }

  /** @throws FileFormatError if there are no folders, or one has no pictures */
  static async load<X = Image>(root: string, options: SampleOptions<X> = {}): Promise<ImageFolder<X>> {
    const paths = await platform.listFiles(root);
    const folders = paths.filter((path) => path.indexOf("/") === path.length - 1);
    const classes = folders.map((folder) => folder.slice(0, -1)).sort();
    if (classes.length === 0) throw new FileFormatError(root, "has no folders of pictures, one for each class");
    const numbers = new Map(classes.map((name, label) => [name, label]));
    const pictures = paths.filter((path) => path.includes("/") && EXTENSIONS.test(path)).map(placeOf);
    pictures.sort((a, b) => {
      return compare(a.name, b.name) || compare(a.folder, b.folder) || compare(a.file, b.file);
    });
    const samples = pictures.map(({ name, folder, file }) => {
      return [`${root}/${folder}/${file}`, numbers.get(name)!] as const;
    });
    const filled = new Set(pictures.map(({ name }) => name));
    const empty = classes.filter((name) => !filled.has(name));
    if (empty.length > 0) throw new FileFormatError(root, `there are no PNG or JPEG files in ${empty.join(", ")}`);
    return new ImageFolder(classes, samples, options);
  }

  get length(): number {
    return this.samples.length;
  }

  /** @throws OutOfRangeError; FileFormatError if the file is missing, damaged or too large */
  async getItem(index: number): Promise<readonly [image: X, label: number]> {
    const sample = this.samples[index];
    if (sample === undefined) {
      throw outOfRange("ImageFolder", index, this.length);
    }
    const generator = sampleGenerator(); // after an await it would be somebody else's
    const [path, label] = sample;
    const { data, height, width } = await platform.decodePicture(path);
    const image = imageOf(data, 3, height, width);
    const input = withSampleGenerator(generator, () => applyTransform(this.#transform, image));
    return [input, this.#targetTransform(label)];
  }
}

/** Of class/.../file: the class, the folder and the file. */
function placeOf(path: string): { name: string; folder: string; file: string } {
  const last = path.lastIndexOf("/");
  return { name: path.slice(0, path.indexOf("/")), folder: path.slice(0, last), file: path.slice(last + 1) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : +(a > b);
}
