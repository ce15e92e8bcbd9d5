// A sheet of small pictures with captions, as a PNG file.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { encode } from "fast-png"; // pure JavaScript, typed, and kept well
import { data } from "tapegrad";

/** Letters of 3 x 5 dots: five rows, each an octal digit of three bits. */
const LETTERS: Readonly<Record<string, string>> = {
  A: "25755", B: "65656", C: "34443", D: "65556", E: "74647", F: "74644", G: "34553", H: "55755", I: "72227", J: "11152",
  K: "55655", L: "44447", M: "57755", N: "65555", O: "25552", P: "65644", Q: "25563", R: "65655", S: "34216", T: "72222",
  U: "55557", V: "55552", W: "55775", X: "55255", Y: "55222", Z: "71247", "0": "75557", "1": "26227", "2": "61247",
  "3": "61216", "4": "55711", "5": "74616", "6": "34752", "7": "71222", "8": "25252", "9": "25716", ".": "00002",
  ",": "00024", "-": "00700", "+": "02720", "=": "07070", ":": "02020", "(": "24442", ")": "42224",
}; // biome-ignore format: a table
const DOT = 2; // pixels
const GAP = 4; // pixels between pictures

/** Pictures in rows, each row with a caption over it, in columns of rows. */
export class CaptionedSheet {
  readonly #rows: { readonly caption: string; readonly images: readonly data.HostArray[] }[] = [];

  /** @param side - height and width that a picture is given on the sheet, in pixels */
  constructor(
    readonly side: number,
    readonly perRow: number,
  ) {}

  /** Adds a row of images [1 or 3, H, W], uint8 or float32 from 0 to 1. */
  add(caption: string, images: readonly data.HostArray[]): void {
    this.#rows.push({ caption, images });
  }

  /** Writes the sheet, with its rows in two columns. */
  async write(path: string): Promise<void> {
    const lineHeight = 5 * DOT + 6;
    const [rowHeight, columnWidth] = [lineHeight + this.side + GAP, this.perRow * (this.side + GAP) + 3 * GAP];
    const perColumn = Math.ceil(this.#rows.length / 2);
    const [width, height] = [2 * columnWidth + GAP, perColumn * rowHeight + 2 * GAP];
    const pixels = new Uint8Array(width * height * 3).fill(255);
    this.#rows.forEach(({ caption, images }, i) => {
      const [left, top] = [2 * GAP + Math.floor(i / perColumn) * columnWidth, GAP + (i % perColumn) * rowHeight];
      write(pixels, width, caption, left, top + 2);
      images.forEach((image, k) => this.#draw(pixels, width, image, left + k * (this.side + GAP), top + lineHeight));
    });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, encode({ width, height, channels: 3, depth: 8, data: pixels }));
  }

  #draw(pixels: Uint8Array, width: number, image: data.HostArray, left: number, top: number): void {
    const {
      data: values,
      shape,
      dtype,
    } = data.transforms.functional.resize(image, [this.side, this.side], {
      interpolation: "nearest",
    });
    const size = this.side * this.side;
    for (let i = 0; i < size; i++) {
      const at = ((top + Math.floor(i / this.side)) * width + left + (i % this.side)) * 3;
      for (let c = 0; c < 3; c++) {
        const value = values[(shape[0] === 1 ? 0 : c * size) + i]!;
        pixels[at + c] = dtype === "uint8" ? value : Math.min(Math.max(value, 0), 1) * 255;
      }
    }
  }
}

function write(pixels: Uint8Array, width: number, text: string, left: number, top: number): void {
  [...text.toUpperCase()].forEach((letter, k) => {
    const rows = LETTERS[letter] ?? "00000";
    for (let y = 0; y < 5 * DOT; y++) {
      for (let x = 0; x < 3 * DOT; x++) {
        const bit = (Number(rows[Math.floor(y / DOT)]) >> (2 - Math.floor(x / DOT))) & 1;
        if (bit === 1)
          pixels.fill(
            40,
            ((top + y) * width + left + k * 4 * DOT + x) * 3,
            ((top + y) * width + left + k * 4 * DOT + x) * 3 + 3,
          );
      }
    }
  });
}
