// The namespace `masked`: torch.masked.

export { logSoftmax, normalize, softmax, softmin } from "./normalization.js";
export {
  amax,
  amin,
  argmax,
  argmin,
  cumprod,
  cumsum,
  logaddexp,
  logsumexp,
  mean,
  median,
  norm,
  prod,
  std,
  sum,
  var,
} from "./reduction.js";
