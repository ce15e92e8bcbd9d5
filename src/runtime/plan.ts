// The commands of a recorded step, ready to be encoded again: pipelines and bind groups are looked up beforehand. Blocks
// that change from replay to replay (of inputs and results) are slots.

import type { Block } from "./block.js";
import { type Command, type Copy, type Dispatch, Words } from "./command.js";
import type { Recording } from "./recording.js";

/** A launch with all that it takes at hand. */
export interface PlannedDispatch extends Dispatch {
  readonly blocks: Block[];
  /** Undefined until all pipelines are there. */
  pipeline: GPUComputePipeline | undefined;
  /** The memory of `words`, if parameters travel as immediate data. */
  readonly immediates: ArrayBuffer | undefined;
  /** Whether they travel through the uniform ring. */
  readonly isRingUsed: boolean;
  readonly jointLayout: GPUBindGroupLayout | undefined;
  /** Of the buffers that have groups of their own. */
  readonly groups: GPUBindGroup[];
  /** Of the others; undefined until it is needed. */
  joint: GPUBindGroup | undefined;
}
type PlannedCopy = { -readonly [K in keyof Copy]: Copy[K] };

interface Slot {
  block: Block;
  readonly uses: ((block: Block, before: Block) => void)[];
}

export class Plan {
  readonly commands: (PlannedDispatch | PlannedCopy)[];
  readonly dispatches: number;
  /** Of all dispatches. */
  readonly workgroups: number;
  /** Copies between blocks. */
  readonly copies: number;
  /** Blocks other than the step's own, whose use must be known to the pool. */
  readonly foreign = new Set<Block>();
  readonly #slots: Slot[];
  readonly #again: (() => void)[] = [];
  #isCompiled = false;

  /** @param slots - blocks of the recording that other blocks take the place of */
  constructor(recorded: Recording, slots: readonly Block[]) {
    this.#slots = slots.map((block) => ({ block, uses: [] }));
    this.commands = recorded.commands.map((command) => {
      if (command.kind === "copy") return { ...command };
      const { kind, kernel, words, x, y, again } = command;
      const blocks = [...command.blocks];
      const singles = blocks.slice(0, kernel.singles).map((block, i) => groupOf(kernel.buffers[i]!.access, block));
      if (again !== undefined) {
        const live = new Words(words);
        this.#again.push(() => live.pack(kernel, again()));
      }
      const hasParams = kernel.params.length > 0;
      const immediates = hasParams && kernel.immediate ? words.buffer : undefined;
      const isRingUsed = hasParams && !kernel.immediate;
      const groups = { groups: singles, jointLayout: kernel.jointLayout, joint: undefined };
      return { kind, kernel, words, blocks, x, y, ...groups, immediates, isRingUsed, pipeline: undefined };
    });
    const launches = this.commands.filter((command) => command.kind === "dispatch");
    this.dispatches = launches.length;
    this.workgroups = launches.reduce((sum, { x, y }) => sum + x * y, 0);
    this.copies = this.commands.filter(({ kind, blocks }) => kind === "copy" && blocks.length === 2).length;
    for (const command of this.commands) {
      for (const block of command.blocks) {
        if (!recorded.reserve.has(block) && !slots.includes(block)) this.foreign.add(block);
      }
      for (const slot of this.#slots) if (command.blocks.includes(slot.block)) slot.uses.push(placing(command, slot));
    }
  }

  /** Whether all pipelines are there. */
  get isCompiled(): boolean {
    if (this.#isCompiled) return true;
    for (const command of this.commands) {
      if (command.kind === "copy") continue;
      command.pipeline = command.kernel.compilation.pipeline;
      if (command.pipeline === undefined) return false;
    }
    return (this.#isCompiled = true);
  }

  /** Puts a block into a slot. */
  place(index: number, block: Block): void {
    const slot = this.#slots[index]!;
    if (slot.block === block) return;
    for (const use of slot.uses) use(block, slot.block);
    slot.block = block;
  }

  /** Computes parameters that may have changed. */
  refresh(): void {
    for (const refresh of this.#again) refresh();
  }

  /** The commands as they are now, for a stream that cannot encode them at once. */
  copied(): Command[] {
    return this.commands.map((command) => {
      if (command.kind === "copy") return { ...command };
      return { ...command, words: command.words.slice(), blocks: [...command.blocks] };
    });
  }

  /** Notes that a batch uses the blocks that are not the step's own. */
  markUse(serial: number): void {
    for (const block of this.foreign) block.lastUse = serial;
    for (const slot of this.#slots) slot.block.lastUse = serial;
  }
}

function groupOf(access: "read" | "write", block: Block): GPUBindGroup {
  return access === "read" ? block.readGroup : block.writeGroup;
}

/** How another block gets into a command. */
function placing(command: PlannedDispatch | PlannedCopy, slot: Slot): Slot["uses"][number] {
  const first = slot.block;
  if (command.kind === "copy") {
    const [isSource, isTarget] = [command.source === first.buffer, command.target === first.buffer];
    return (block, before) => {
      command.blocks = command.blocks.map((other) => (other === before ? block : other));
      if (isSource) command.source = block.buffer;
      if (isSource) command.sourceOffset += block.offset - before.offset;
      if (isTarget) command.target = block.buffer;
      if (isTarget) command.targetOffset += block.offset - before.offset;
    };
  }
  const { kernel, blocks, groups } = command;
  const places = blocks.flatMap((block, i) => (block === first ? [i] : []));
  return (block) => {
    for (const i of places) {
      blocks[i] = block;
      if (i < kernel.singles) groups[i] = groupOf(kernel.buffers[i]!.access, block);
      else command.joint = undefined;
    }
  };
}
