// A small data set of one's own: which of four arms of a spiral does a point lie on?

import { data } from "tapegrad";

export class MyDataset extends data.Dataset {
  constructor(
    readonly x: readonly number[][],
    readonly y: readonly number[],
  ) {
    super();
  }

  getItem(index: number) {
    return [this.x[index]!, this.y[index]!] as const;
  }

  get length() {
    return this.y.length;
  }
}

/** Points of the spiral, [2000, 10]: five harmonics of the angle, each as cosine and sine. */
export const xTrain: number[][] = [];
/** Their arms, [2000], from 0 to 3. */
export const yTrain: number[] = [];
export const epochs = 10;

for (let i = 0; i < 2000; i++) {
  const arm = i % 4;
  const radius = 0.2 + (0.8 * i) / 2000;
  const angle = 2 * radius + (arm * Math.PI) / 2;
  yTrain.push(arm);
  xTrain.push([1, 2, 3, 4, 5].flatMap((k) => [radius * Math.cos(k * angle), radius * Math.sin(k * angle)]));
}
