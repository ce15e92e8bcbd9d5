// Stands for tapegrad in the bundles of the peers, which should not wait for it to load: what workloads name at once.

class Module {}

export const nn = { Module };
export const [F, optim, tensor, noGrad, ones, zeros, init, compile] = [0, 0, 0, 0, 0, 0, 0, 0];
