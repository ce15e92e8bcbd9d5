/** The package's version; what was measured with another one is measured again. A test compares it with package.json. */
export const VERSION = "0.1.0";
