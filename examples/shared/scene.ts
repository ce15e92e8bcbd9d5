// A picture drawn by a program: a house under the sun, in colours of its own, so that every change of it can be seen.

import { data } from "tapegrad";

type Colour = readonly [red: number, green: number, blue: number];

const WALL: Colour = [220, 190, 160];
const ROOF: Colour = [180, 50, 50];
const GRASS: Colour = [90, 160, 60];
const SUN: Colour = [255, 215, 60];
const DARK: Colour = [70, 60, 60];

/** A uint8 image [3, side, side]. */
export function scene(side: number): data.HostArray {
  const pixels = new Uint8Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
    colourAt(x, y).forEach((value, c) => {
      pixels[c * side * side + i] = value;
    });
  }
  return data.hostArray(pixels, { shape: [3, side, side] });
}

/** The colour of a point; x to the right and y down, from 0 to 1. */
function colourAt(x: number, y: number): Colour {
  const isIn = (left: number, top: number, right: number, bottom: number): boolean =>
    x >= left && x < right && y >= top && y < bottom;
  if (isIn(0.48, 0.66, 0.58, 0.85) || isIn(0.28, 0.6, 0.4, 0.72)) return DARK; // a door, a window
  if (isIn(0.2, 0.5, 0.66, 0.85)) return WALL;
  if (y >= 0.28 && y < 0.5 && Math.abs(x - 0.43) < (y - 0.28) * 1.3) return ROOF;
  if (Math.hypot(x - 0.8, y - 0.2) < 0.11) return SUN;
  if (y >= 0.78) return GRASS;
  return [110 + 100 * y, 170 + 50 * y, 240]; // the sky
}
