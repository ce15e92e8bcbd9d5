// nn.init: first values of parameters. Each function fills a tensor, outside of the tape, and returns it.

export * from "./init/constant.js";
export * from "./init/fans.js";
export * from "./init/kaiming.js";
export * from "./init/orthogonal.js";
export * from "./init/random.js";
export * from "./init/xavier.js";
