// The namespace `fft`: torch.fft.

export {};
