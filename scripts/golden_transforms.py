"""What torchvision 0.14 makes of small images: the functional core of its transforms, on tensors.

Every case is one call: name, image, positional arguments, options, all as tapegrad's camelCase functions take them, and
the result. float32 elements are base64; bytes are numbers.
"""
import base64
import json

import numpy as np
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

torch.manual_seed(0)
rng = np.random.default_rng(1)


def smooth(c, h, w):
    """Not noise: neighbours are alike, with some edges."""
    y, x = np.mgrid[0:h, 0:w]
    planes = [np.sin(0.9 * x + k) * np.cos(0.7 * y - k) + 0.3 * rng.standard_normal((h, w)) for k in range(c)]
    image = np.stack(planes)
    return (image - image.min()) / (image.max() - image.min())


def images(c, h, w):
    values = smooth(c, h, w)
    return torch.from_numpy((values * 255.999).astype(np.uint8)), torch.from_numpy(values.astype(np.float32))


colour, colour_f = images(3, 4, 5)
colour[:, 0, 0] = 77  # a grey pixel has no hue
grey, grey_f = images(1, 6, 8)
odd, odd_f = images(2, 5, 7)
inputs = {
    "colour": colour, "colourFloat": colour_f, "grey": grey, "greyFloat": grey_f, "odd": odd, "oddFloat": odd_f,
}

SNAKE = {
    "paddingMode": "padding_mode", "maxSize": "max_size", "numOutputChannels": "num_output_channels",
}
NAMES = {
    "centerCrop": "center_crop", "resizedCrop": "resized_crop", "gaussianBlur": "gaussian_blur",
    "rgbToGrayscale": "rgb_to_grayscale", "adjustBrightness": "adjust_brightness", "adjustContrast": "adjust_contrast",
    "adjustSaturation": "adjust_saturation", "adjustHue": "adjust_hue",
}


def encoded(tensor):
    tensor = tensor.contiguous()
    if tensor.dtype == torch.uint8:
        return {"shape": list(tensor.shape), "bytes": tensor.flatten().tolist()}
    return {"shape": list(tensor.shape), "floats": base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()}


cases = []


def add(name, names, *args, **options):
    for image in names.split():
        passed = {SNAKE.get(key, key): value for key, value in options.items()}
        if "interpolation" in passed:
            passed["interpolation"] = InterpolationMode(passed["interpolation"])
        x = inputs[image]
        if name == "erase":
            i, j, h, w, v = args
            result = F.erase(x, i, j, h, w, torch.tensor(v).reshape(-1, 1, 1))
        elif name == "toTensor":
            result = F.to_tensor(x.permute(1, 2, 0).numpy())
        else:
            result = getattr(F, NAMES.get(name, name))(x, *args, **passed)
        cases.append({"name": name, "image": image, "args": args, "options": options, **encoded(result)})


add("toTensor", "colour colourFloat")
add("normalize", "colourFloat", [0.4, 0.5, 0.45], [0.2, 0.25, 0.3])
add("normalize", "greyFloat", [0.1307], [0.3081])
for size in ([3, 4], [9, 6], [5]):
    add("resize", "odd", size)
add("resize", "oddFloat", [3, 10])
add("resize", "odd oddFloat", [2, 3], antialias=True)
add("resize", "grey", [9, 5], antialias=True)
add("resize", "odd", [3, 10], interpolation="nearest")
add("resize", "grey", [4, 3], interpolation="nearest")
add("resize", "odd", [4], maxSize=5)
add("crop", "odd", 1, 2, 3, 4)
add("crop", "odd", -2, 4, 4, 6)
add("centerCrop", "odd", [2, 4])
add("centerCrop", "odd", [3, 3])
add("centerCrop", "grey", [7, 3])
add("resizedCrop", "odd", 1, 1, 3, 4, [4, 4])
for mode in ("constant", "edge", "reflect", "symmetric"):
    add("pad", "odd", [1, 2, 3, 0], paddingMode=mode, fill=9 if mode == "constant" else 0)
add("pad", "oddFloat", [1, 2], fill=0.5)
add("pad", "odd", [-1, 1, 2, -2])
add("pad", "odd", [-1, 1, 2, -2], paddingMode="symmetric")
add("hflip", "odd")
add("vflip", "oddFloat")
add("rotate", "odd", 30.0)
add("rotate", "odd oddFloat", 30.0, interpolation="bilinear")
add("rotate", "odd", 90.0)
add("rotate", "grey", 90.0, expand=True)
add("rotate", "odd", -35.0, expand=True, interpolation="bilinear", fill=[7.0])
add("rotate", "odd", 45.0, center=[1, 1], fill=[3.0, 200.0])
add("affine", "odd", 20.0, [1, -1], 0.8, [10.0, -5.0])
add("affine", "odd oddFloat", 20.0, [1, -1], 1.3, [10.0, 5.0], interpolation="bilinear", fill=[0.25])
add("affine", "grey", 0.0, [0, 0], 0.5, [0.0, 0.0])
add("affine", "grey", 0.0, [2, 0], 2.0, [0.0, 0.0], center=[0, 0])
add("affine", "oddFloat", -70.0, [0, 2], 0.6, [0.0, 0.0], interpolation="bilinear")
add("rgbToGrayscale", "colour colourFloat")
add("rgbToGrayscale", "colour", numOutputChannels=3)
for factor in (0.4, 1.7):
    for name in ("adjustBrightness", "adjustContrast", "adjustSaturation"):
        add(name, "colour colourFloat", factor)
add("adjustContrast", "grey", 1.3)
add("adjustSaturation", "grey", 1.3)
for factor in (-0.37, 0.21):
    add("adjustHue", "colour colourFloat", factor)
add("gaussianBlur", "odd oddFloat", [3, 5], sigma=[0.8, 1.5])
add("gaussianBlur", "grey", [5, 3])
add("erase", "colour", 1, 1, 2, 3, [1, 2, 3])
add("erase", "oddFloat", 0, 4, 3, 3, [0.5])

print(json.dumps({"torchvision": "0.14.1", "images": {k: encoded(v) for k, v in inputs.items()}, "cases": cases}, separators=(",", ":")))
