"""Which weights a direction belongs to."""

import hashlib

import torch
from torch import nn


def weights_digest(model: nn.Module) -> str:
    """Digest a model's weights: SHA-256 over the name, type, shape and bytes of every parameter, in order of names.

    The same weights in another float type have another digest: what is fitted in one does not quite fit the other.
    """
    digest = hashlib.sha256()
    for name, weight in sorted(model.named_parameters()):
        digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}\n".encode())
        digest.update(weight.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()
