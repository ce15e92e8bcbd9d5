// The namespace `nn.utils`.

export * from "./clip-grad.js";
