// The namespace `masked`: torch.masked.

export {};
