"""What `make bench` measures."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the peers' weights are local; said before their libraries are loaded
