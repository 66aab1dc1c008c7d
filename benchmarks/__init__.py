"""What `make bench` measures."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
