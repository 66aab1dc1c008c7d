"""Both halves of the gold replies, read once."""

from importlib.resources import files

from goodheart.reading.codes.gold import parse_gold

_FOLDER = files("goodheart.items").joinpath("public", "codes")
DEVELOPMENT = parse_gold(_FOLDER.joinpath("development.jsonl").read_text(encoding="utf-8"))
SEALED = parse_gold(_FOLDER.joinpath("sealed.jsonl").read_text(encoding="utf-8"))
