"""What the page of an overview says, and that it says nothing of its own."""

from dataclasses import replace

import pytest

from goodheart.report.overview import render_overview
from goodheart.report.overview.words import agreement_line, in_short, ladder_line
from tests.report.outline import outline, words_of
from tests.report.overview.pages import APART, overview_named, page_of

CASES = ("planted", "parted", "alone", "no audit")


@pytest.mark.parametrize("case", CASES)
def test_every_page_is_whole_has_the_statement_and_no_score(case: str) -> None:
    page = page_of(case)
    found = outline(page)
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    text = words_of(page)
    assert text.count("No result here is evidence for or against moral patienthood") == 2
    assert "not for training" in text
    assert " feels" not in text
    assert "nan" not in text.lower().split()


def test_the_lead_names_the_rung_the_next_one_and_how_channels_go_together() -> None:
    lead = in_short(overview_named("planted"))[0]
    assert lead.startswith("All runs together reach C0 on the claim ladder: it reacts to text. C1 ")
    assert "is not shown." in lead
    assert (
        "On 18 circumstances that three channels measured: stated report and unprompted expression go together" in lead
    )


def test_a_circumstance_on_which_the_report_stands_apart_is_named_with_its_difference() -> None:
    overview = overview_named("parted")
    apart = {one.cluster for pair in overview.agreement.pairs for one in pair.partings if one.found}
    assert apart == {APART}
    text = in_short(overview)[1]
    assert text.startswith("Channels part more than on the others, exploratory: ")
    assert "stated report minus unprompted expression is +" in text
    assert "stated report minus internal reading is +" in text
    assert "unprompted expression minus internal reading" not in text
    assert "parts" in words_of(page_of("parted"))


def test_without_a_second_channel_it_says_why_nothing_is_compared() -> None:
    assert "not known: only one channel is valid" in agreement_line(overview_named("alone").agreement)
    assert "not known: no audit is among the folders" in agreement_line(overview_named("no audit").agreement)
    found = outline(page_of("no audit"))
    assert "places" not in found.ids
    assert "together" not in found.ids
    assert "places" in outline(page_of("alone")).ids


def test_the_ladder_ends_where_there_is_no_higher_rung() -> None:
    overview = overview_named("planted")
    shown = replace(overview, ladder=tuple(replace(rung, state="shown") for rung in overview.ladder))
    assert (
        ladder_line(shown)
        == "All runs together reach C3 on the claim ladder: it agrees with conduct. There is no higher rung."
    )
    assert "reach no rung" in ladder_line(overview_named("no audit"))


def test_names_from_outside_are_shown_and_have_no_effect() -> None:
    overview = overview_named("alone")
    name = "<script>alert(1)</script>\u202e"
    hostile = replace(
        overview,
        respondent=name,
        sources=tuple(replace(one, folder=name, respondent=name) for one in overview.sources),
        channels=tuple(replace(row, folder=row.folder and name, measured=name) for row in overview.channels),
    )
    page = render_overview(hostile)
    assert "<script>" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_equal_input_gives_equal_pages() -> None:
    assert render_overview(overview_named("parted")) == page_of("parted")
