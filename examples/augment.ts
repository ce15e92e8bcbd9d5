// A sheet of pictures that shows every transform and the three batch augmentations.
//
//   npx tsx examples/augment.ts                writes runs/augment.png
//
// In each row the first picture is the input, where there is one; captions of mixed batches say how much is whose.

import { parseArgs } from "node:util";
import { data, init, manualSeed, type Tensor, tensor } from "tapegrad";
import { CaptionedSheet } from "./shared/captioned-sheet.js";
import { wholeNumber } from "./shared/numbers.js";
import { scene } from "./shared/scene.js";

const { values: options } = parseArgs({
  options: { out: { type: "string", default: "runs/augment.png" }, seed: { type: "string", default: "0" } },
});

const SIDE = 64; // pixels
const PER_ROW = 7;

const {
  CenterCrop,
  ColorJitter,
  Compose,
  GaussianBlur,
  Grayscale,
  Lambda,
  Normalize,
  Pad,
  RandomAffine,
  RandomApply,
  RandomCrop,
  RandomErasing,
  RandomHorizontalFlip,
  RandomResizedCrop,
  RandomRotation,
  RandomVerticalFlip,
  Resize,
  ToTensor,
} = data.transforms;

/** Of each transform, its captions and itself. Those that are not random have one picture for each way to use them. */
const TRANSFORMS: readonly (readonly [caption: string, ...transforms: data.transforms.Transform[]])[] = [
  [
    "Resize 16: nearest, bilinear, antialias",
    new Resize(16, { interpolation: "nearest" }),
    new Resize(16),
    new Resize(16, { antialias: true }),
  ],
  ["CenterCrop 40, 90", new CenterCrop(40), new CenterCrop(90)],
  [
    "Pad: constant, edge, reflect, symmetric",
    ...(["constant", "edge", "reflect", "symmetric"] as const).map((paddingMode) => new Pad(20, { paddingMode })),
  ],
  ["RandomCrop 64, padding 16", new RandomCrop(SIDE, { padding: 16 })],
  ["RandomResizedCrop 64", new RandomResizedCrop(SIDE)],
  ["RandomHorizontalFlip", new RandomHorizontalFlip()],
  ["RandomVerticalFlip", new RandomVerticalFlip()],
  ["RandomRotation 45, bilinear", new RandomRotation(45, { interpolation: "bilinear" })],
  [
    "RandomAffine: move, scale, shear",
    new RandomAffine(20, { translate: [0.2, 0.2], scale: [0.6, 1.3], shear: 20, fill: 128 }),
  ],
  ["ColorJitter 0.6, hue 0.4", new ColorJitter({ brightness: 0.6, contrast: 0.6, saturation: 0.6, hue: 0.4 })],
  ["Grayscale 1, 3", new Grayscale(), new Grayscale(3)],
  ["GaussianBlur 9, sigma 0.1 to 4", new GaussianBlur(9, { sigma: [0.1, 4] })],
  [
    "RandomErasing: 0, then noise",
    ...[0, 0, 0, "random" as const].map((value) => new Compose([new ToTensor(), new RandomErasing({ p: 1, value })])),
  ],
  [
    "ToTensor, Normalize (shown + 0.5)",
    new ToTensor(),
    new Compose([new ToTensor(), new Normalize(0.5, 0.5), new Lambda(shifted)]),
  ],
  [
    "Lambda: inverted",
    new Lambda((image) =>
      data.hostArray(
        image.data.map((byte) => 255 - byte),
        { shape: image.shape },
      ),
    ),
  ],
  ["RandomApply blur, flip; p = 0.5", new RandomApply([new GaussianBlur(9, { sigma: 3 }), new RandomVerticalFlip(1)])],
];

function shifted(image: data.transforms.Image): data.transforms.Image {
  return data.hostArray(
    Float32Array.from(image.data, (value) => value / 2 + 0.5),
    { shape: image.shape },
  );
}

/** The images of a batch [N, 3, H, W]. */
async function apart(batch: Tensor): Promise<data.HostArray[]> {
  const [N, ...shape] = batch.shape as [number, number, number, number];
  const values = await batch.data();
  const size = values.length / N;
  return Array.from({ length: N }, (_, n) =>
    data.hostArray(Float32Array.from(values.subarray(n * size, (n + 1) * size)), { shape }),
  );
}

await init();
manualSeed(wholeNumber("seed", options.seed, 0));
const sheet = new CaptionedSheet(SIDE, PER_ROW);
const picture = scene(SIDE);
for (const [caption, ...transforms] of TRANSFORMS) {
  const isOne = transforms.length === 1 && transforms[0] !== undefined;
  const all = isOne ? Array.from({ length: PER_ROW - 1 }, () => transforms[0]!) : transforms;
  sheet.add(caption, [picture, ...all.map((transform) => transform.forward(picture))]);
}

const { adjustHue, toTensor } = data.transforms.functional;
const houses = Array.from({ length: PER_ROW }, (_, i) => toTensor(adjustHue(picture, i / PER_ROW - 0.4)));
const batch = tensor(Float32Array.from(houses.flatMap(({ data: pixels }) => [...pixels]))).reshape([
  PER_ROW,
  3,
  SIDE,
  SIDE,
]);
const labels = tensor([0, 1, 2, 3, 4, 5, 6], { dtype: "int32" });

sheet.add("A batch", houses);
const { cutmix, cutout, mixup } = data.augment;
for (const [name, mix] of [
  ["mixup", mixup],
  ["cutmix", cutmix],
] as const) {
  for (const alpha of [0.4, 1]) {
    const [images, soft] = mix(batch, labels, { alpha, numClasses: PER_ROW });
    const share = Math.max(...(await soft.data()).filter((part) => part < 1));
    const rest = share > 0 ? `: ${share.toFixed(2)} + ${(1 - share).toFixed(2)}` : "";
    sheet.add(`${name}, alpha ${alpha}${rest}`, await apart(images));
  }
}
sheet.add("cutout 24", await apart(cutout(batch, { length: 24 })));
await sheet.write(options.out);
console.log(`pictures in ${options.out}`);
