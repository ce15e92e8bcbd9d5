// The namespace `special`: torch.special.

export {};
