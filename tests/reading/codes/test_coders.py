"""The table in docs/coders.md is what the coders do."""

import pytest

from tests.contracts.sources import ROOT
from tests.reading.codes.measure_coders import lines


@pytest.mark.slow
def test_the_table_of_agreement_is_the_one_in_the_document() -> None:
    page = (ROOT / "docs" / "coders.md").read_text(encoding="utf-8")
    assert [line for line in lines() if line not in page] == []
