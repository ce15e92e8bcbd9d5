"""Writes training runs by PyTorch into a folder, in the format that parity/training.ts reads: golden_parity.py FOLDER [SEED].

Each run is repeated in float64 (the reference) and four times in float32: plain, with the rows of each batch in another
order, with initial weights that are off by one unit in the last place, and both. `drift` is the largest distance of those
from the reference.
"""
import base64
import copy
import json
import pathlib
import sys

import numpy as np
import torch

MODELS = {
    "MLP": '''class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 7), nn.ReLU(), nn.Linear(7, 3))

    def forward(self, x):
        return self.net(x)
''',
    "CNN": '''class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(3)
        self.conv2 = nn.Conv2d(3, 4, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4 * 2 * 2, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        return self.fc(x.flatten(1))
''',
    "VAE": '''class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(10, 8)
        self.mu = nn.Linear(8, 2)
        self.logvar = nn.Linear(8, 2)
        self.dec1 = nn.Linear(2, 8)
        self.dec2 = nn.Linear(8, 10)

    def forward(self, x, eps):
        h = F.relu(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + eps * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.dec2(F.relu(self.dec1(z)))), mu, logvar
''',
    "ConvAE": '''class ConvAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.e1 = nn.Conv2d(1, 3, 3, stride=2, padding=1)
        self.e2 = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.d1 = nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1)
        self.d2 = nn.ConvTranspose2d(3, 1, 4, stride=2, padding=1)

    def forward(self, x):
        h = F.relu(self.e2(F.relu(self.e1(x))))
        return torch.sigmoid(self.d2(F.relu(self.d1(h))))
''',
    "LSTMClassifier": '''class LSTMClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 5, batch_first=True)
        self.fc = nn.Linear(5, 3)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])
''',
    "TransformerLM": '''class TransformerLM(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(9, 8)
        self.pos = nn.Parameter(torch.randn(6, 8) * 0.02)
        layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=12, dropout=0.0, activation="gelu", batch_first=True,
                                           norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, norm=nn.LayerNorm(8))
        self.head = nn.Linear(8, 9)

    def forward(self, ids):
        T = ids.shape[1]
        mask = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
        return self.head(self.encoder(self.tok(ids) + self.pos[:T], mask))
''',
    "ContractiveAE": '''class ContractiveAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.e1 = nn.Linear(6, 5)
        self.e2 = nn.Linear(5, 3)
        self.d = nn.Linear(3, 6)

    def encode(self, x):
        return torch.tanh(self.e2(torch.tanh(self.e1(x))))

    def forward(self, x):
        h = self.encode(x)
        return h, self.d(h)
''',
}
LOSSES = {
    "class": '''def loss_of(m, d):
    return F.cross_entropy(m(d["x"]), d["y"])
''',
    "VAE": '''def loss_of(m, d):
    rec, mu, logvar = m(d["x"], d["eps"])
    bce = F.binary_cross_entropy(rec, d["x"], reduction="sum")
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return (bce + kl) / d["x"].shape[0]
''',
    "ConvAE": '''def loss_of(m, d):
    return F.mse_loss(m(d["x"]), d["x"])
''',
    "TransformerLM": '''def loss_of(m, d):
    logits = m(d["tokens"][:, :-1])
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), d["tokens"][:, 1:].reshape(-1))
''',
    "ContractiveAE": '''def loss_of(m, d):
    x = d["x"].detach().requires_grad_(True)
    h, rec = m(x)
    frob2 = 0.0
    for j in range(h.shape[1]):
        (gx,) = torch.autograd.grad(h[:, j].sum(), x, create_graph=True)
        frob2 = frob2 + (gx * gx).sum()
    frob2 = frob2 / x.shape[0]
    return F.mse_loss(rec, x) + 0.1 * frob2
''',
}
ROWS, BATCH, STEPS = 24, 8, 5
RUNS = [
    ("mlp_sgd_nesterov", "MLP", {"optimizer": {"name": "SGD", "args": {"lr": 0.1, "momentum": 0.9, "nesterov": True}}}),
    ("accumulation", "MLP", {"optimizer": {"name": "SGD", "args": {"lr": 0.1, "momentum": 0.9}}, "microBatches": 4}),
    ("cnn_adamw", "CNN", {"optimizer": {"name": "AdamW", "args": {"lr": 0.003, "weight_decay": 0.05}}}),
    ("vae", "VAE", {"optimizer": {"name": "Adam", "args": {"lr": 0.003}}}),
    ("convae_rmsprop", "ConvAE", {"optimizer": {"name": "RMSprop", "args": {"lr": 0.001, "centered": True, "momentum": 0.5}}}),
    ("lstm_adagrad_clip", "LSTMClassifier", {"optimizer": {"name": "Adagrad", "args": {"lr": 0.05}}, "clipGradNorm": 0.1}),
    ("transformer_lm", "TransformerLM", {"optimizer": {"name": "AdamW", "args": {"lr": 0.003, "betas": [0.9, 0.95]}},
     "scheduler": {"name": "CosineAnnealingLR", "args": {"eta_min": 0.0001, "T_max": STEPS}}}),
    ("contractive_ae", "ContractiveAE", {"optimizer": {"name": "Adam", "args": {"lr": 0.01}}}),
]
NOISY = {"CNN": ["conv1.bias", "bn1.running_mean", "conv2.bias", "bn2.running_mean"],
         "TransformerLM": ["encoder.layers.0.self_attn.in_proj_bias"]}  # before batch norm, and the keys'


def stored(tensor):
    tensor = tensor.detach()
    tensor = tensor.int() if tensor.dtype == torch.int64 else tensor.float()
    data = base64.b64encode(tensor.numpy().tobytes()).decode()
    return {"t": {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "data": data}}


def data_for(kind):
    if kind == "TransformerLM":
        return {"tokens": torch.randint(0, 9, (ROWS, 7))}
    shape = {"CNN": (1, 8, 8), "ConvAE": (1, 8, 8), "LSTMClassifier": (4, 3), "VAE": (10,)}.get(kind, (6,))
    x = torch.rand(ROWS, *shape) if kind in ("VAE", "ConvAE") else torch.randn(ROWS, *shape)
    data = {"x": x}
    if kind in ("MLP", "CNN", "LSTMClassifier"):
        data["y"] = torch.randint(0, 3, (ROWS,))
    if kind == "VAE":
        data["eps"] = torch.randn(STEPS, BATCH, 2)
    return data


def train(model, loss_of, data, batches, hyper, dtype, order=None):
    model = copy.deepcopy(model).to(dtype).train()
    data = {k: v.to(dtype) if v.is_floating_point() else v for k, v in data.items()}
    optimizer = getattr(torch.optim, hyper["optimizer"]["name"])(model.parameters(), **hyper["optimizer"]["args"])
    scheduler = hyper.get("scheduler")
    if scheduler:
        scheduler = getattr(torch.optim.lr_scheduler, scheduler["name"])(optimizer, **scheduler["args"])
    parts = hyper.get("microBatches", 1)
    losses = []
    for step in range(STEPS):
        rows = torch.arange(BATCH) if order is None else order[step]
        optimizer.zero_grad()
        total = 0.0
        for part in rows.chunk(parts):
            own = {k: v[step][part] if k == "eps" else v[batches[step][part]] for k, v in data.items()}
            loss = loss_of(model, own) / parts
            loss.backward()
            total += float(loss)
        if "clipGradNorm" in hyper:
            torch.nn.utils.clip_grad_norm_(model.parameters(), hyper["clipGradNorm"])
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(total)
    return losses, model.state_dict()


def nudged(model):
    model = copy.deepcopy(model)
    with torch.no_grad():
        for p in model.parameters():
            up = torch.from_numpy(np.nextafter(p.numpy(), np.float32(np.inf)))
            p.copy_(torch.where(torch.rand_like(p) < 0.5, up, p))
    return model


def run(name, kind, hyper, seed):
    torch.manual_seed(seed)
    source = MODELS[kind] + "\n" + LOSSES.get(kind, LOSSES["class"])
    space = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    exec(source, space)
    model = space[kind]()
    data = data_for(kind)
    batches = torch.stack([torch.randperm(ROWS)[:BATCH] for _ in range(STEPS)])
    order = [torch.randperm(BATCH) for _ in range(STEPS)]
    loss64, final64 = train(model, space["loss_of"], data, batches, hyper, torch.float64)
    drift = {"loss": [0.0] * STEPS, "param": {k: 0.0 for k, v in final64.items() if v.is_floating_point()}}
    for start in (model, nudged(model)):
        for rows in (None, order):
            losses, final = train(start, space["loss_of"], data, batches, hyper, torch.float32, rows)
            drift["loss"] = [max(d, abs(a - b)) for d, a, b in zip(drift["loss"], losses, loss64)]
            for k in drift["param"]:
                drift["param"][k] = max(drift["param"][k], float((final[k].double() - final64[k]).abs().max()))
    digits = lambda v: float(f"{v:.3g}")
    tol = {"loss": [digits(max(1e-4 * max(1, abs(v)), 30 * d)) for v, d in zip(loss64, drift["loss"])],
           "param": {k: digits(max(1e-4, 30 * d)) for k, d in drift["param"].items()}}
    drift = {"loss": [digits(d) for d in drift["loss"]], "param": {k: digits(d) for k, d in drift["param"].items()}}
    return {
        "name": name, "torch": torch.__version__, "steps": STEPS, "mode": "train", "hyper": hyper, "source": source,
        "data": {k: stored(v) for k, v in {**data, "batches": batches}.items()},
        "stateDict": {k: stored(v) for k, v in model.state_dict().items()},
        "loss64": [float(f"{v:.12g}") for v in loss64],
        "finalStateDict64": {k: stored(v) for k, v in final64.items()},
        "drift": drift, "tol": tol, "noisyParameters": NOISY.get(kind, []),
    }


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, kind, hyper in RUNS:
    golden = run(name, kind, hyper, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    (folder / f"train_{name}.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
