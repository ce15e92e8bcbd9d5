// Whether operations are recorded on the tape.

let gradEnabled = true;

export function isGradEnabled(): boolean {
  return gradEnabled;
}

/** Switches recording on or off until the returned guard is disposed: `using _ = setGradEnabled(isTraining)`. */
export function setGradEnabled(enabled: boolean): Disposable {
  const before = gradEnabled;
  gradEnabled = enabled;
  return {
    [Symbol.dispose]() {
      gradEnabled = before;
    },
  };
}

/** Runs `body` with recording on or off; if it returns a promise, until that settles. */
export function withGradEnabled<R>(enabled: boolean, body: () => R): R {
  const guard = setGradEnabled(enabled);
  let isPending = false;
  try {
    const result = body();
    if (result instanceof Promise) {
      isPending = true;
      return result.finally(() => guard[Symbol.dispose]()) as R;
    }
    return result;
  } finally {
    if (!isPending) guard[Symbol.dispose]();
  }
}

/**
 * Computes without recording: results do not require grad. Either for a function, or for the rest of a block.
 *
 *     const predictions = noGrad(() => net.forward(x));
 *     using _ = noGrad();
 *
 * The switch is global: while an asynchronous `body` waits, other code does not record either.
 */
export function noGrad(): Disposable;
export function noGrad<R>(body: () => R): R;
export function noGrad<R>(body?: () => R): R | Disposable {
  return body === undefined ? setGradEnabled(false) : withGradEnabled(false, body);
}

/** Records again inside a `noGrad` region. */
export function enableGrad(): Disposable;
export function enableGrad<R>(body: () => R): R;
export function enableGrad<R>(body?: () => R): R | Disposable {
  return body === undefined ? setGradEnabled(true) : withGradEnabled(true, body);
}
