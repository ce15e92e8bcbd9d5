// Parameters in PyTorch's order: those required, and after | those that tapegrad takes in its trailing object.

/** A function of Python's: arguments by position and by name. */
export type Callable = (args: readonly unknown[], named: Readonly<Record<string, unknown>>) => unknown;

const POOL = "kernel_size | stride padding dilation return_indices ceil_mode";
const AVERAGE = "kernel_size | stride padding ceil_mode count_include_pad divisor_override";
const CONV = "in_channels out_channels kernel_size | stride padding dilation groups bias padding_mode";
const TRANSPOSED =
  "in_channels out_channels kernel_size | stride padding output_padding groups bias dilation padding_mode";
const NORM = "num_features | eps momentum affine track_running_stats";
const RECURRENT = "input_size hidden_size | num_layers bias batch_first dropout bidirectional proj_size";
const LOSS = "input target | weight reduction";

/** Functions, methods (their tensor first) and modules. What is not here takes what it requires, by position. */
export const SIGNATURES: Readonly<Record<string, string>> = {
  Linear: "in_features out_features | bias",
  Conv1d: CONV,
  Conv2d: CONV,
  Conv3d: CONV,
  ConvTranspose1d: TRANSPOSED,
  ConvTranspose2d: TRANSPOSED,
  ConvTranspose3d: TRANSPOSED,
  BatchNorm1d: NORM,
  BatchNorm2d: NORM,
  BatchNorm3d: NORM,
  InstanceNorm1d: NORM,
  InstanceNorm2d: NORM,
  LayerNorm: "normalized_shape | eps elementwise_affine",
  GroupNorm: "num_groups num_channels | eps affine",
  Embedding: "num_embeddings embedding_dim | padding_idx max_norm norm_type scale_grad_by_freq",
  RNN: RECURRENT.replace("num_layers", "num_layers nonlinearity"),
  GRU: RECURRENT,
  LSTM: RECURRENT,
  MultiheadAttention: "embed_dim num_heads | dropout bias add_bias_kv add_zero_attn kdim vdim batch_first",
  TransformerEncoderLayer: "d_model nhead | dim_feedforward dropout activation layer_norm_eps batch_first norm_first",
  TransformerEncoder: "encoder_layer num_layers | norm",
  Dropout: "| p inplace",
  Dropout2d: "| p inplace",
  ReLU: "| inplace",
  SiLU: "| inplace",
  GELU: "| approximate",
  ELU: "| alpha inplace",
  LeakyReLU: "| negative_slope inplace",
  Softplus: "| beta threshold",
  Flatten: "| start_dim end_dim",
  MaxPool1d: POOL,
  MaxPool2d: POOL,
  AvgPool1d: AVERAGE,
  AvgPool2d: AVERAGE,
  CrossEntropyLoss: "| weight size_average ignore_index reduce reduction label_smoothing",
  MSELoss: "| size_average reduce reduction",
  L1Loss: "| size_average reduce reduction",
  BCELoss: "| weight size_average reduce reduction",
  BCEWithLogitsLoss: "| weight size_average reduce reduction pos_weight",
  Parameter: "data | requires_grad",

  max_pool1d: `input ${POOL.replace("dilation return_indices ceil_mode", "dilation ceil_mode return_indices")}`,
  max_pool2d: `input ${POOL.replace("dilation return_indices ceil_mode", "dilation ceil_mode return_indices")}`,
  avg_pool1d: `input ${AVERAGE}`,
  avg_pool2d: `input ${AVERAGE}`,
  cross_entropy: "input target | weight size_average ignore_index reduce reduction label_smoothing",
  nll_loss: "input target | weight size_average ignore_index reduce reduction",
  binary_cross_entropy: LOSS.replace("reduction", "size_average reduce reduction"),
  binary_cross_entropy_with_logits: LOSS.replace("reduction", "size_average reduce reduction pos_weight"),
  mse_loss: "input target | size_average reduce reduction",
  l1_loss: "input target | size_average reduce reduction",
  smooth_l1_loss: "input target | size_average reduce reduction beta",
  huber_loss: "input target | reduction delta",
  kl_div: "input target | size_average reduce reduction log_target",
  dropout: "input | p training inplace",
  relu: "input | inplace",
  gelu: "input | approximate",
  elu: "input | alpha inplace",
  leaky_relu: "input | negative_slope inplace",
  softplus: "input | beta threshold",
  softmax: "input dim |",
  log_softmax: "input dim |",
  sum: "input | dim keepdim",
  mean: "input | dim keepdim",
  max: "input | dim keepdim",
  min: "input | dim keepdim",
  flatten: "input | start_dim end_dim",
  triu: "input | diagonal",
  tril: "input | diagonal",
  cat: "tensors | dim",
  stack: "tensors | dim",
  transpose: "input dim0 dim1 |",
  unsqueeze: "input dim |",
  squeeze: "input | dim",
  clamp: "input | min max",
  ones: "size | dtype",
  zeros: "size | dtype",
  randn: "size | dtype",
  rand: "size | dtype",
  full: "size fill_value | dtype",
  grad: "outputs inputs | grad_outputs retain_graph create_graph only_inputs allow_unused",

  attend: "query key value | key_padding_mask need_weights attn_mask average_attn_weights",
  encode_layer: "src | src_mask src_key_padding_mask is_causal",
  encode: "src | mask src_key_padding_mask is_causal",
  recur: "input | hx",
};

/** Signatures of modules' forward. */
export const FORWARD: Readonly<Record<string, string>> = {
  MultiheadAttention: "attend",
  TransformerEncoderLayer: "encode_layer",
  TransformerEncoder: "encode",
  RNN: "recur",
  GRU: "recur",
  LSTM: "recur",
};

/** These take a size as a list or as numbers one after another. */
export const SIZES = new Set(["ones", "zeros", "randn", "rand", "reshape", "view", "permute", "expand", "repeat"]);

/** Optional parameters that PyTorch has for old code alone. */
export const LACKING = new Set(["size_average", "reduce", "only_inputs"]);
