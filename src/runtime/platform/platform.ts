// What differs between Node and a browser, in one interface. `#platform` resolves to node.ts or browser.ts.

/** A file that is read piece by piece. */
export interface OpenFile {
  /** Bytes there really are. */
  readonly size: number;
  /**
   * Bytes from `offset` on, which nobody else will change.
   * @returns fewer than `length` if the file ends before
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A file that arrives piece by piece and takes its place when it is whole. */
export interface PartFile {
  /** Bytes there are so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Starts over. */
  clear(): Promise<void>;
  bytes(): Promise<Uint8Array>;
  /** The hash of these bytes, in hexadecimal digits. */
  digest(algorithm: "md5" | "sha256", bytes: Uint8Array): string;
  /** Flushes it to the disk and renames it, to its path or to another one in the same folder. */
  finish(to?: string): Promise<void>;
  /** Leaves what there is for a later run. */
  leave(): Promise<void>;
  /** Removes it, and the folders made for it. */
  discard(): Promise<void>;
}

/** A picture's bytes, [3, height, width]: red, green, blue. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface Platform {
  /**
   * The entry to WebGPU and an adapter found through it.
   * @param name - an adapter to insist on; undefined takes the best there is
   * @returns with the name that was insisted on, here or by the environment
   * @throws DeviceError saying how to get an adapter
   */
  findAdapter(name: string | undefined): Promise<{ gpu: GPU; adapter: GPUAdapter; name: string | undefined }>;
  /** Runs (or, where that is all there is, provokes) JavaScript's garbage collector. */
  collectGarbage(): void;
  /** Resolves in a later task, after finalizers of collected objects have run. */
  nextTask(): Promise<void>;
  /**
   * Lets some milliseconds go by without keeping a core busy, while the GPU works.
   * @returns false at once where that is too short, or of no use
   */
  rest(milliseconds: number): Promise<boolean> | boolean;
  /** Waits for what the threads of WebGPU's implementation do, and leaves them the cores. */
  restUntil(isDone: Promise<unknown>): Promise<void>;
  /** A file's bytes; undefined if it does not exist. In a browser the path is a URL. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /**
   * A file to be read piece by piece; undefined if it does not exist. A browser fetches it whole, and pieces are views of
   * that one copy.
   */
  openFile(path: string): Promise<OpenFile | undefined>;
  /**
   * readFile without waiting.
   * @throws TapegradError in a browser
   */
  readFileNow(path: string): Uint8Array | undefined;
  /**
   * Writes a file whole or not at all, and the folders it lies in: to a temporary file beside it, which is flushed to the
   * disk and renamed. Part by part, so that the file need not be in memory as a whole.
   * @throws TapegradError in a browser
   */
  writeFileAtomic(path: string, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Opens a file that arrives piece by piece.
   * @param goesOn - whether what an earlier run left of it is kept
   * @throws TapegradError in a browser
   */
  openPart(path: string, goesOn: boolean): Promise<PartFile>;
  /**
   * Paths of all files and folders in a folder and in those in it, from there on, with slashes; a folder's ends with one.
   * Links are followed.
   * @throws FileFormatError if there is no such folder; TapegradError in a browser
   */
  listFiles(folder: string): Promise<string[]>;
  /**
   * Decodes a PNG or JPEG file.
   * @throws FileFormatError if it is missing, damaged or too large; TapegradError in a browser
   */
  decodePicture(path: string): Promise<Picture>;
  /** Keeps a short text under a name, for later runs; may fail where there is no place for it. */
  remember(name: string, text: string): Promise<void>;
  /** What was kept under a name; undefined if there is nothing. */
  recall(name: string): Promise<string | undefined>;
  /**
   * Decompresses gzip without waiting; undefined if that takes more than `limit` bytes.
   * @throws TapegradError in a browser
   */
  gunzipNow(bytes: Uint8Array, limit: number): Uint8Array | undefined;
}
