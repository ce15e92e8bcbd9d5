// How well an autoencoder gives back what it was given: in a number, and in a picture.

import { data, F, noGrad, stack, type Tensor } from "tapegrad";
import { type Digits, someOfEach } from "./digits.js";
import { writeSheet } from "./sheet.js";

/** Maps images [B, 1, 28, 28] to images. */
type Reconstruct = (images: Tensor) => Tensor;

/** The mean squared error of a pixel over all digits, without gradients. */
export async function squaredError(digits: Digits, reconstruct: Reconstruct): Promise<number> {
  let error = 0;
  for await (const [images] of new data.DataLoader(digits, { batchSize: 200 })) {
    const loss = noGrad(() => F.mseLoss(reconstruct(images), images));
    error += (await loss.item()) * images.shape[0]!;
  }
  return error / digits.length;
}

/** Draws one of each digit above what becomes of it, in out/reconstructions.png, and prints the error of all digits. */
export async function showReconstructions(digits: Digits, out: string, reconstruct: Reconstruct): Promise<void> {
  const images = someOfEach(digits);
  const rows = noGrad(() => stack([images, reconstruct(images)])); // [2, 10, 1, 28, 28]
  await writeSheet(`${out}/reconstructions.png`, rows.squeeze(2));
  const error = await squaredError(digits, reconstruct);
  console.log(
    `squared error of a test pixel ${error.toFixed(4)}; digits and reconstructions in ${out}/reconstructions.png`,
  );
}
