import re
from pathlib import Path

import pytest

from goodheart.errors import ItemBankError
from goodheart.items import load_folder

PAGE = Path(__file__).parents[2] / "docs" / "items.md"


def test_the_example_on_the_page_lacks_nothing_but_its_digest(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "ours.yaml"
    file.write_text(example)
    with pytest.raises(ItemBankError) as caught:
        load_folder(tmp_path)
    (problem,) = caught.value.problems
    file.write_text(example.replace("none yet", problem.split('"')[1]))
    (bank,) = load_folder(tmp_path)
    assert bank.items[0].cluster == "cannot_leave"
