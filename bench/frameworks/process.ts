// The parent's end of a framework's process.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer, Question } from "./child.js";
import type { FrameworkName } from "./framework.js";

const child = fileURLToPath(new URL("child.ts", import.meta.url));
type Reply<Q extends Question> = Extract<Answer, { kind: Q["kind"] }>;

export class FrameworkProcess {
  readonly #process: ChildProcess;
  #stderr = "";

  constructor(framework: FrameworkName, workload: string, env: NodeJS.ProcessEnv) {
    this.#process = fork(child, [framework, workload], {
      env,
      execArgv: ["--import", "tsx"],
      serialization: "advanced", // sends typed arrays
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#process.stderr!.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-2000);
    });
  }

  /** @throws Error when the framework fails, its process ends, or the answer takes longer than `patience` milliseconds */
  ask<Q extends Question>(question: Q, patience: number): Promise<Reply<Q>> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#process.off("message", onMessage).off("exit", onExit);
        finish();
      };
      const onMessage = (answer: Answer): void =>
        settle(() => (answer.kind === "error" ? reject(new Error(answer.message)) : resolve(answer as Reply<Q>)));
      const onExit = (code: number | null): void =>
        settle(() => reject(new Error(`the process ended with ${code}: ${this.#stderr.trim().slice(-500)}`)));
      const timer = setTimeout(() => {
        this.end(); // a late answer would be taken for the next one
        settle(() => reject(new Error(`no answer within ${patience / 1000} s`)));
      }, patience);
      this.#process.on("message", onMessage).on("exit", onExit);
      if (!this.#process.connected) onExit(this.#process.exitCode);
      else this.#process.send(question, (error) => error && onExit(this.#process.exitCode));
    });
  }

  end(): void {
    this.#process.kill("SIGKILL"); // Dawn keeps a process alive
  }
}
