// What a fusion binds. Leaves that lie in one block and are read alike share a binding; a leaf that is overwritten in
// place is read through the outputs' binding, because WebGPU forbids one buffer as both readable and writable.

import { type DType, dtypes } from "../../core/dtype.js";
import type { Block } from "../../runtime/block.js";
import type { KernelSource } from "../../runtime/kernel.js";
import type { NDArray } from "../array.js";
import { isSamePlace, type Output } from "./output.js";
import type { Walk } from "./walk.js";

interface Binding {
  readonly name: string;
  readonly type: string;
  readonly block: Block;
}

export class Bindings {
  readonly #reads: Binding[] = [];
  readonly #write: Binding | undefined;
  readonly #names = new Map<NDArray, string>();

  /**
   * @param walks - of the leaves, then of the outputs
   * @param prefix - put before the names of what is read
   * @param out - name of what is written
   */
  constructor(
    leaves: readonly NDArray[],
    outputs: readonly Output[],
    walks: readonly Walk[],
    prefix: string,
    out: string,
  ) {
    leaves.forEach((leaf, l) => {
      const isInPlace = outputs.some((output) => isSamePlace(leaf, output));
      this.#names.set(leaf, isInPlace ? out : this.#bind(leaf, walks[l]!, prefix));
    });
    const [first] = outputs;
    if (first === undefined) return;
    const type = bufferType(first.array.dtype, walks[leaves.length]!);
    this.#write = { name: out, type, block: first.storage.block };
  }

  #bind({ block, dtype }: NDArray, walk: Walk, prefix: string): string {
    const type = bufferType(dtype, walk);
    let binding = this.#reads.find((other) => other.block === block && other.type === type);
    if (binding === undefined) {
      binding = { name: `${prefix}b${this.#reads.length}`, type, block };
      this.#reads.push(binding);
    }
    return binding.name;
  }

  /** The name of the binding a leaf is read from. */
  nameOf(leaf: NDArray): string {
    return this.#names.get(leaf)!;
  }

  /** In step with `blocks`. */
  get buffers(): KernelSource["buffers"] {
    const reads = this.#reads.map(({ name, type }) => ({ name, access: "read" as const, type }));
    if (this.#write === undefined) return reads;
    return [...reads, { name: this.#write.name, access: "write", type: this.#write.type }];
  }

  get blocks(): Block[] {
    const blocks = this.#reads.map(({ block }) => block);
    return this.#write === undefined ? blocks : [...blocks, this.#write.block];
  }
}

function bufferType(dtype: DType, { isVector }: Walk): string {
  const { stored } = dtypes[dtype];
  return isVector ? `array<vec4<${stored}>>` : `array<${stored}>`;
}
