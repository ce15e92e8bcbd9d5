// The namespace `fft`: torch.fft. tapegrad has no complex dtype: spectra are pairs of real tensors, { real, imag }.

export type { Complex } from "./dft.js";
export { type FrequencyOptions, fftfreq, fftshift, ifftshift, rfftfreq } from "./frequencies.js";
export {
  type FftnOptions,
  fft2,
  fftn,
  hfft2,
  hfftn,
  ifft2,
  ifftn,
  ihfft2,
  ihfftn,
  irfft2,
  irfftn,
  rfft2,
  rfftn,
} from "./many.js";
export { type FftOptions, fft, hfft, ifft, ihfft, irfft, rfft } from "./one.js";
export type { Norm, Signal } from "./plan.js";
