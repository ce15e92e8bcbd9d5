// Waiting in Node without keeping a core busy. While an answer of Dawn's is due, its bindings look for it in every turn of
// the event loop: a timer does not let the thread sleep then, only stopping it does.

/** Milliseconds: shorter rests are as good as over when a thread has gone to sleep and waked. */
const SHORTEST_REST = 0.5;
/** Timers count whole milliseconds; what is shorter than a few of them stops the thread. */
const SHORTEST_TIMEOUT = 3;
/** For which the thread is stopped at the most where Dawn has to look again and again. */
const LONGEST_STOP = 10;
const IS_PRECISE = process.platform !== "win32"; // clocks of Windows tick every 16 ms
const never = new Int32Array(new SharedArrayBuffer(4));

/** As Platform.nextTask. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** As Platform.rest; no answer is due yet. */
export function rest(milliseconds: number): Promise<boolean> | boolean {
  if (!IS_PRECISE || milliseconds < SHORTEST_REST) return false;
  if (milliseconds >= SHORTEST_TIMEOUT)
    return new Promise((resolve) => setTimeout(resolve, Math.floor(milliseconds), true));
  Atomics.wait(never, 0, 0, milliseconds);
  return true;
}

/** As Platform.restUntil; an answer is due. */
export async function restUntil(isDone: Promise<unknown>): Promise<void> {
  let goesOn = IS_PRECISE;
  const end = (): void => {
    goesOn = false;
  };
  isDone.then(end, end);
  const start = performance.now();
  while (goesOn) {
    await nextTask(); // in which Dawn looks
    if (goesOn) Atomics.wait(never, 0, 0, Math.min((performance.now() - start) / 8, LONGEST_STOP));
  }
  await isDone;
}
