// How well an autoencoder gives back what it was given.

import { data, F, noGrad, type Tensor } from "tapegrad";
import type { Digits } from "./digits.js";

/** The mean squared error of a pixel over all digits; `reconstruct` maps [B, 1, 28, 28] to the same shape. */
export async function reconstructionError(digits: Digits, reconstruct: (images: Tensor) => Tensor): Promise<number> {
  let error = 0;
  for await (const [images] of new data.DataLoader(digits, { batchSize: 200 })) {
    const loss = noGrad(() => F.mseLoss(reconstruct(images), images));
    error += (await loss.item()) * images.shape[0]!;
  }
  return error / digits.length;
}
