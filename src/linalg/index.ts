// The namespace `linalg`: torch.linalg.

export {};
