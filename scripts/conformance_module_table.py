"""What conformance_modules.py tries: module, arguments, options, inputs of forward, training or not.

The names of options are PyTorch's. An input is a shape (normal numbers that want a gradient) or (kind, ...).
"""

import torch

CASES = []
TURN = ("none", "mean", "sum")  # one of them, which depends on the seed


def case(name, *args, inputs, training=False, **kwargs):
    CASES.append((name, args, kwargs, inputs, training))


weights = torch.tensor([0.5, 2.0, 1.0, 0.25])
x = [2, 3, 5]

# activations
for name in "Hardshrink Softshrink Tanhshrink RReLU ELU CELU LeakyReLU Hardtanh Softplus GELU Softmax LogSoftmax Softmin".split():
    case(name, inputs=[x])
for name in "ReLU ReLU6 SELU SiLU Mish Hardsigmoid Hardswish".split():
    case(name, inplace=False, inputs=[x])
case("Hardshrink", 0.8, inputs=[x])
case("Softshrink", lambd=0.3, inputs=[x])
case("RReLU", 0.1, 0.4, inputs=[x])
case("RReLU", lower=0.25, upper=0.25, training=True, inputs=[x])
case("CELU", alpha=2.0, inputs=[[4]])
case("LeakyReLU", negative_slope=0.3, inputs=[[]])
case("Hardtanh", min_val=-0.25, inputs=[x])
case("Softplus", beta=0.5, inputs=[x])
case("Softplus", threshold=0.5, inputs=[x])
case("GELU", approximate="tanh", inputs=[x])
case("PReLU", 3, 0.1, inputs=[x])
case("PReLU", init=0.5, inputs=[[4]])
case("Threshold", -0.5, 2.0, inplace=False, inputs=[x])
case("GLU", inputs=[[3, 4]])
case("Softmax", 0, inputs=[x])
case("LogSoftmax", dim=2, inputs=[x])
case("Softmin", inputs=[[3, 4]])
case("Softmax2d", inputs=[[2, 3, 2, 2]])
case("Softmax2d", inputs=[[3, 2, 2]])

case("AdaptiveLogSoftmaxWithLoss", 5, 9, [3, 6], div_value=2.0, head_bias=True, inputs=[[4, 5], ("index", 0, 9, [4])])
case("AdaptiveLogSoftmaxWithLoss", 8, 4, [2], inputs=[[8], ("values", 3)])

# linear maps and shapes
case("Linear", 3, 4, bias=True, inputs=[[2, 2, 3]])
case("Bilinear", 3, 2, 4, inputs=[[2, 2, 3], [2, 2, 2]])
case("Identity", inputs=[x])
case("Flatten", start_dim=0, inputs=[x])
case("Flatten", 0, 1, inputs=[x])
case("Unflatten", 1, (3, 2), inputs=[[2, 6, 2]])
case("Unflatten", -1, (2, -1), inputs=[[3, 6]])
case("PixelShuffle", 3, inputs=[[9, 2, 3]])
case("PixelUnshuffle", 2, inputs=[[2, 3, 4, 6]])
case("ChannelShuffle", 2, inputs=[("plain", [2, 6, 2, 3])])

# convolutions
for mode in ("reflect", "replicate", "circular"):
    case("Conv1d", 2, 3, 3, padding=2, padding_mode=mode, inputs=[[2, 2, 6]])
    case("Conv2d", 2, 3, (3, 2), padding=(1, 2), padding_mode=mode, stride=(1, 2), inputs=[[2, 2, 5, 4]])
case("Conv2d", 2, 4, 3, padding="same", dilation=(1, 2), groups=2, inputs=[[2, 2, 5, 6]])
case("Conv2d", 2, 2, (2, 4), padding="same", padding_mode="circular", inputs=[[1, 2, 4, 5]])
case("Conv2d", 2, 2, 2, padding="valid", stride=2, bias=False, inputs=[[2, 4, 5]])
case("Conv1d", 2, 2, 2, padding="same", padding_mode="reflect", inputs=[[2, 5]])
case("Conv1d", 4, 4, 3, groups=4, stride=2, dilation=2, bias=False, inputs=[[2, 4, 9]])
case("Conv3d", 2, 2, (2, 3, 1), padding=(1, 1, 0), stride=(1, 2, 1), groups=2, inputs=[[1, 2, 3, 4, 3]])
case("Conv3d", 1, 2, 2, padding=1, padding_mode="replicate", dilation=2, inputs=[[1, 1, 3, 3, 4]])
case("ConvTranspose1d", 2, 4, 3, stride=2, inputs=[[2, 2, 4]])
case("ConvTranspose1d", 2, 4, 3, stride=2, dilation=2, padding=1, inputs=[[2, 4], (10,)])
case("ConvTranspose2d", 2, 2, 3, stride=2, padding=1, inputs=[[2, 2, 3, 4], (2, 2, 6, 7)])
case("ConvTranspose2d", 2, 4, (2, 3), stride=(2, 3), groups=2, output_padding=(1, 2), inputs=[[2, 2, 3]])
case("ConvTranspose3d", 2, 2, 2, stride=2, padding=(0, 1, 0), inputs=[[1, 2, 2, 3, 2]])

# pooling
case("MaxPool1d", 2, inputs=[[3, 6]])
case("MaxPool1d", 3, 1, 1, 2, return_indices=True, inputs=[[2, 2, 7]])
case("MaxPool2d", (2, 3), stride=(2, 1), padding=(1, 0), return_indices=True, ceil_mode=True, inputs=[[2, 2, 5, 6]])
case("MaxPool3d", 2, stride=1, inputs=[[1, 2, 3, 3, 4]])
case("AvgPool1d", 2, 1, inputs=[[2, 2, 5]])
case("AvgPool2d", 2, divisor_override=3, inputs=[[2, 2, 4, 4]])
case("AvgPool3d", 2, padding=1, count_include_pad=False, inputs=[[1, 2, 3, 3, 4]])
case("AdaptiveAvgPool1d", 3, inputs=[[2, 2, 7]])
case("AdaptiveAvgPool2d", (None, 2), inputs=[[2, 3, 5]])
case("AdaptiveAvgPool3d", 2, inputs=[[1, 2, 3, 4, 5]])
case("AdaptiveMaxPool1d", 3, return_indices=True, inputs=[[2, 2, 7]])
case("AdaptiveMaxPool2d", (2, None), True, inputs=[[2, 2, 5, 3]])
case("AdaptiveMaxPool3d", 2, inputs=[[2, 3, 4, 5]])
case("LPPool1d", 2, 3, stride=2, inputs=[("unit", [2, 2, 7])])
case("LPPool2d", 3.0, (2, 1), ceil_mode=True, inputs=[("unit", [2, 2, 5, 4])])
case("MaxUnpool2d", 2, inputs=[[1, 1, 2, 2], ("values", [[[[0, 3], [8, 15]]]])])
case("MaxUnpool1d", 2, stride=3, inputs=[[1, 2, 2], ("values", [[[1, 3], [0, 4]]]), (6,)])

# padding
for n, lead in ((1, [2]), (2, [2]), (3, [])):
    size = [*lead, 2, *([4] * n)]
    case(f"ConstantPad{n}d", tuple(range(1, 2 * n + 1)), 1.5, inputs=[size])
    case(f"ReflectionPad{n}d", 1, inputs=[size])
    case(f"ReplicationPad{n}d", tuple([2, 0] * n), inputs=[size])
case("ZeroPad2d", 1, inputs=[[2, 3, 3]])
case("ConstantPad2d", (-1, 1, 0, -1), 0.5, inputs=[[2, 4, 4]])

# normalization
for training in (False, True):
    case("BatchNorm1d", 3, affine=False, momentum=None, training=training, inputs=[[4, 3, 2]])
    case("BatchNorm2d", 3, track_running_stats=False, affine=False, training=training, inputs=[[2, 3, 2, 2]])
    case("BatchNorm2d", 3, momentum=0.5, eps=0.1, training=training, inputs=[[2, 3, 2, 2]])
    case("BatchNorm3d", 2, training=training, inputs=[[2, 2, 2, 1, 3]])
    case("InstanceNorm1d", 3, training=training, inputs=[[2, 3, 4]])
    case("InstanceNorm1d", 3, affine=True, track_running_stats=True, training=training, inputs=[[3, 4]])
    case("InstanceNorm2d", 3, track_running_stats=True, momentum=0.3, training=training, inputs=[[2, 3, 2, 3]])
    case("InstanceNorm2d", 3, eps=0.5, training=training, inputs=[[3, 2, 3]])
    case("InstanceNorm3d", 2, affine=True, training=training, inputs=[[2, 2, 2, 2, 2]])
    case("Dropout2d", 0.0, training=training, inputs=[[2, 3, 2, 2]])
    case("AlphaDropout", p=0.0, training=training, inputs=[x])
case("LayerNorm", (3, 5), eps=0.1, inputs=[x])
case("GroupNorm", 3, 6, eps=0.1, affine=False, inputs=[[2, 6, 4]])
case("GroupNorm", 1, 2, inputs=[[3, 2]])
case("LocalResponseNorm", 2, alpha=0.1, beta=0.5, k=2.0, inputs=[[2, 4, 3]])

# tables
case("Embedding", 5, 3, padding_idx=-1, max_norm=0.7, norm_type=1.0, inputs=[("values", [[0, 4], [2, 2]])])
case("Embedding", 5, 3, scale_grad_by_freq=True, inputs=[("values", [0, 4, 0, 0, 2])])
for mode in ("sum", "mean", "max"):
    case("EmbeddingBag", 6, 3, mode=mode, inputs=[("values", [0, 4, 2, 5, 1]), ("values", [0, 2, 2])])
case("EmbeddingBag", 6, 3, mode="sum", padding_idx=2, inputs=[("values", [[0, 4, 2], [5, 1, 2]])])
case("EmbeddingBag", 6, 3, mode="sum", include_last_offset=True, inputs=[("values", [0, 4, 2, 5]), ("values", [0, 2, 4]), ("plain", [4])])
case("EmbeddingBag", 6, 3, max_norm=0.7, scale_grad_by_freq=False, inputs=[("values", [[0, 4, 2], [5, 1, 2]])])

# resizing, windows, distances
case("Upsample", (3, 5), inputs=[[1, 2, 4, 4]])
case("Upsample", scale_factor=1.5, mode="linear", recompute_scale_factor=True, inputs=[[1, 2, 5]])
case("Upsample", scale_factor=(2, 1.5), mode="bicubic", align_corners=False, inputs=[[1, 2, 3, 4]])
case("Upsample", size=4, mode="nearest-exact", inputs=[[1, 2, 3]])
case("Upsample", scale_factor=2, mode="trilinear", inputs=[[1, 1, 2, 2, 2]])
case("UpsamplingNearest2d", scale_factor=2, inputs=[[1, 2, 2, 3]])
case("UpsamplingBilinear2d", size=(5, 4), inputs=[[1, 2, 2, 3]])
case("Fold", (4, 5), (2, 2), dilation=(1, 2), padding=(1, 0), stride=(2, 1), inputs=[[2, 8, 9]])
case("Unfold", 2, dilation=2, padding=1, stride=1, inputs=[[2, 2, 4, 3]])
case("CosineSimilarity", inputs=[x, x])
case("CosineSimilarity", dim=-1, eps=0.1, inputs=[x, [3, 5]])
case("PairwiseDistance", inputs=[[4, 3], [4, 3]])
case("PairwiseDistance", p=1.0, eps=0.1, keepdim=True, inputs=[x, x])

# losses
case("NLLLoss", weight=weights, ignore_index=1, reduction=TURN, inputs=[("logs", [2, 4, 3]), ("index", 0, 4, [2, 3])])
case("CrossEntropyLoss", weight=weights, ignore_index=1, label_smoothing=0.2, reduction=TURN, inputs=[[2, 4, 3], ("index", 0, 4, [2, 3])])
case("CrossEntropyLoss", weight=weights, label_smoothing=0.2, reduction=TURN, inputs=[[3, 4], ("classes", [3, 4])])
case("BCELoss", weight=weights, reduction=TURN, inputs=[("unit", [3, 4]), ("target", [3, 4])])
case("BCEWithLogitsLoss", weight=weights, pos_weight=weights, reduction=TURN, inputs=[[3, 4], ("target", [3, 4])])
case("KLDivLoss", log_target=True, reduction=TURN, inputs=[[3, 4], ("plain", [3, 4])])
case("PoissonNLLLoss", log_input=False, full=True, eps=0.1, reduction=TURN, inputs=[("unit", [3, 4]), ("index", 0, 5, [3, 4])])
case("GaussianNLLLoss", full=True, eps=0.3, reduction=TURN, inputs=[[3, 4], [3, 4], ("unit", [3, 4])])
case("CosineEmbeddingLoss", margin=0.2, reduction=TURN, inputs=[[4, 3], [4, 3], ("sign", [4])])
case("TripletMarginLoss", margin=0.5, p=1.0, eps=0.01, swap=True, reduction=TURN, inputs=[[4, 3], [4, 3], [4, 3]])
case("HingeEmbeddingLoss", margin=0.7, reduction=TURN, inputs=[[4, 3], ("sign", [4, 3])])
case("MarginRankingLoss", margin=0.3, reduction=TURN, inputs=[[4], [4], ("sign", [4])])
case("SoftMarginLoss", reduction=TURN, inputs=[[4, 3], ("sign", [4, 3])])
case("MultiMarginLoss", p=2, margin=0.5, weight=weights, reduction=TURN, inputs=[[3, 4], ("index", 0, 4, [3])])
case("MultiLabelMarginLoss", reduction=TURN, inputs=[[2, 4], ("values", [[3, 0, -1, 1], [1, -1, 0, 0]])])
case("MultiLabelSoftMarginLoss", weight=weights, reduction=TURN, inputs=[[3, 4], ("index", 0, 2, [3, 4])])
case("CTCLoss", blank=1, reduction=TURN, inputs=[("logs", [6, 2, 4]), ("values", [[2, 3, 2], [0, 0, 0]]), ("values", [6, 5]), ("values", [3, 2])])
case("SmoothL1Loss", beta=2.0, reduction=TURN, inputs=[[3, 4], [3, 4]])
case("HuberLoss", delta=0.5, reduction=TURN, inputs=[[3, 4], [3, 4]])
case("KLDivLoss", inputs=[[3, 4], ("classes", [3, 4])])
case("GaussianNLLLoss", inputs=[[3, 4], [3, 4], ("unit", [3])])
case("PoissonNLLLoss", full=True, inputs=[[3, 4], ("index", 0, 5, [3, 4])])
case("HingeEmbeddingLoss", inputs=[[4, 3], ("sign", [4, 3])])
case("MultiMarginLoss", inputs=[[4], ("values", 2)])
case("TripletMarginLoss", inputs=[[3], [3], [3]])
case("TripletMarginWithDistanceLoss", margin=0.5, swap=True, inputs=[[4, 3], [4, 3], [4, 3]])
case("CTCLoss", zero_infinity=True, inputs=[("logs", [3, 2, 4]), ("values", [[2, 2, 3], [1, 2, 3]]), ("values", [3, 3]), ("values", [3, 2])])
case("CTCLoss", inputs=[("logs", [5, 3]), ("values", [1, 2]), ("values", 5), ("values", 2)])
