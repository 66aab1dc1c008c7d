"""The trained coder as it ships, made when first needed."""

from functools import cache
from importlib.resources import as_file

from goodheart.whitebox.coding.artifacts import FOLDER, HEADS, WEIGHTS
from goodheart.whitebox.coding.coder import TrainedCoder
from goodheart.whitebox.coding.heads import unpack_heads
from goodheart.whitebox.load import load_model
from goodheart.whitebox.local_model import LocalModel
from goodheart.whitebox.weights import EMBEDDED


@cache
def shipped_trained() -> TrainedCoder:
    """Load the coder; some seconds, and the memory of one more embedded model.

    Raises:
        ModelError: the embedded weights are not there.
    """
    with as_file(FOLDER.joinpath(WEIGHTS)) as path:
        return TrainedCoder(
            LocalModel(load_model(f"{EMBEDDED}@{path}")), unpack_heads(FOLDER.joinpath(HEADS).read_bytes())
        )
