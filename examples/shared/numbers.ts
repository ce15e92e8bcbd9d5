// Numbers on the command line. What is none ends the program with one line, before anything has begun.

/** The whole number that an option holds. */
export function wholeNumber(option: string, text: string, least = 1): number {
  const value = numberIn(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${option} must be a whole number from ${least} on, got "${text}"`);
}

/** The number above 0 that an option holds. */
export function positiveNumber(option: string, text: string): number {
  const value = numberIn(text);
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  return refuse(`--${option} must be a number above 0, got "${text}"`);
}

/** Ends the program, saying why. */
export function refuse(problem: string): never {
  console.error(problem);
  process.exit(1);
}

/** Number(""), too, is no number. */
function numberIn(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
