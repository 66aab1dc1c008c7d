"""The headline, the claim, the problems that surfaced, and what a page says where a study has none of them."""

import html
import re
from dataclasses import replace
from functools import partial
from xml.etree import ElementTree

import pytest

from goodheart.engine.runs_ledger import RunCount, Runs
from goodheart.records import Claim, ClaimLevel, Estimate, Findings, NotEstimable, Surfaced
from goodheart.report import render_page
from goodheart.report.claims import LADDER, claim_line, ladder_line, rung_of
from goodheart.report.figures.depends import SPLIT, depends_figure
from goodheart.report.figures.draw import draw
from goodheart.report.figures.facets import facets_figure
from goodheart.report.figures.scales import UNDRAWN, points_axis
from goodheart.report.headline import headline_lines
from goodheart.report.page import subject_of
from goodheart.report.subject import Subject
from goodheart.report.surfaced import no_problems_line, problems_of
from tests.report.conftest import made, rendered
from tests.report.moved import REMEDY, full, plain
from tests.report.outline import outline, words_of
from tests.report.test_hostile import ALL


def _subject(findings: Findings | None = None) -> Subject:
    study, given, observations, replies = full()
    one = findings or given[0]
    return subject_of(study=study, findings=one, number=1, observations=observations, replies=replies)[0]


def _page(findings: Findings) -> str:
    study, _, observations, replies = full()
    return render_page(study=study, findings=(findings,), observations=observations, replies=replies)


def test_the_share_of_the_circumstance_is_divided_into_mood_others_and_itself() -> None:
    figure = depends_figure(_subject())
    assert figure
    heading = next(place for place, row in enumerate(figure.rows) if row.label == SPLIT[0])
    assert [row.marks[0].x for row in figure.rows[heading + 1 :]] == [0.31, 0.42, 0.27]
    assert [row.label for row in figure.rows[heading + 1 :]] == [label for _, label in SPLIT[1]]
    assert sum(0.31 in (mark.x for mark in row.marks) for row in figure.rows) == 1


def test_without_the_division_its_heading_is_left_out() -> None:
    figure = depends_figure(_subject(plain(full()[1][0])))
    assert figure
    assert SPLIT[0] not in [row.label for row in figure.rows]


def test_fixed_facets_are_drawn_level_by_level_with_their_range() -> None:
    figure = facets_figure(_subject(), UNDRAWN)
    assert figure
    assert figure.title == "Of all ways of asking, its rating moves most over framings: by 0.44 [0.34, 0.54] points"
    assert [(row.label, [mark.x for mark in row.marks]) for row in figure.rows] == [
        ("Framings", []),
        ("range", [0.44]),
        ("curious", [0.25]),
        ("hostile", [-0.19]),
        ("Cheer beforehand", []),
        ("range", [0.12]),
        ("a cheerful line before", [0.06]),
    ]
    assert "nothing is generalised beyond them" in figure.how
    table = {row[0].text: [cell.text for cell in row[1:3]] for row in figure.table.rows}
    assert table["framings: SD between levels"] == ["0.19", "[0.09, 0.29]"]
    assert table["cheer beforehand: range"] == ["0.12", "none"]


def test_facts_are_never_called_the_way_of_asking_that_moves_most() -> None:
    given = full()[1][0]
    facts = tuple(
        replace(one, about=(("facet", "evidence"),)) if one.name == "facet_range" and isinstance(one, Estimate) else one
        for one in given.estimates
    )
    figure = facets_figure(_subject(replace(given, estimates=facts)), UNDRAWN)
    assert figure
    assert figure.title == "How far the way of asking moves its rating cannot be given with an interval"


def test_no_facet_estimated_gives_no_figure_and_no_sentence() -> None:
    subject = _subject(plain(full()[1][0]))
    assert facets_figure(subject, UNDRAWN) is None
    assert not any("In points" in line for line in headline_lines(subject))


def test_g_and_phi_stand_beside_the_shares_with_their_intervals() -> None:
    subject = _subject()
    g = next(one for one in subject.findings.estimates if one.name == "g_single")
    assert isinstance(g, Estimate)
    line = next(line for line in headline_lines(subject) if "(G)" in line)
    assert f"for one asking G {g.value:.2f} [{g.low:.2f}, {g.high:.2f}] and \u03a6 " in line
    assert "for this whole design G" in line
    assert "consistency and not truth" in line


def test_interactions_are_said_not_to_be_estimated() -> None:
    assert "how two of them act together is not estimated" in headline_lines(_subject())[0]


@pytest.mark.parametrize("level", [rung for rung, _ in LADDER])
def test_the_claim_names_its_rung_its_reason_and_what_the_next_would_need(level: ClaimLevel) -> None:
    findings = replace(full()[1][0], claim=Claim(level=level, detail="a rest of -0.2 was shown."))
    assert rung_of(findings) == f"{level}, {dict(LADDER)[level].partition(',')[0]}"
    text = claim_line(findings)
    assert text.startswith("A rest of \u22120.2 was shown. ")
    following = {"C0": "C1 would need", "C1": "C2 would need", "C2": "C3 would need", "C3": "There is no higher"}
    assert following[level] in text


def test_what_the_next_rung_would_need_is_said_once() -> None:
    said = "Shown. This study cannot show more: C2 would need a state that is set without text."
    findings = replace(full()[1][0], claim=Claim(level="C1", detail=said))
    assert claim_line(findings) == said


def test_the_ladder_rises_only_with_checks_that_reach_higher() -> None:
    study = made("honest")[0]
    assert "at most C1" in ladder_line(study)
    assert "up to C2" in ladder_line(replace(study, checks=(*study.checks, "injection")))
    assert "up to C3" in ladder_line(replace(study, checks=(*study.checks, "injection", "conduct")))


def test_the_claim_stands_on_the_first_screen_and_beside_every_finding() -> None:
    page = rendered("moved")
    said = "Claim: C1, specific to itself."
    first, _, rest = page.partition("<h2>What did it say?</h2>")
    assert said in words_of_part(first)
    figures = re.findall(r"<figure.*?</figure>", page, flags=re.S)
    about_controls = [one for one in figures if 'id="r1-controls"' in one]
    assert len(about_controls) == 1
    assert all(said in one for one in figures if one not in about_controls)
    assert rest.count(said) > 7  # and with each of the checks


def words_of_part(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", part)).split())


def test_a_problem_is_shown_by_channel_with_links_to_replies_and_a_change_of_circumstance() -> None:
    subject = _subject()
    problem = problems_of(subject)[0]
    assert problem.test == f"{REMEDY[:1].upper()}{REMEDY[1:]}."
    texts = [cell.text for cell in problem.shown]
    assert texts[0] == "Rated below made-up neutral circumstances: \u22121.30 points [\u22121.40, \u22121.20]"
    assert texts[1] == "Every free reply read as below the middle of the scale: 2.10 points, no interval"
    page = rendered("moved")
    ids = set(outline(page).ids)
    assert all(cell.href[1:] in ids for cell in problem.shown)
    section = page.partition("<h2>Problems surfaced</h2>")[2].partition("</section>\n<section")[0]
    assert "change the circumstance and not the words" in section
    assert problem.test in section


def test_without_a_problem_the_page_says_why_and_that_this_proves_nothing() -> None:
    subject = _subject(plain(full()[1][0]))
    assert problems_of(subject) == ()
    line = no_problems_line(subject)
    assert line.startswith("No circumstance was singled out in two ways out of these: rated below made-up neutral")
    assert line.endswith("That is no sign that nothing is wrong.")
    none_valid = _subject(replace(plain(full()[1][0]), instrument=None))
    assert "no form of the scale passed its controls" in no_problems_line(none_valid)


def test_an_older_study_without_any_of_this_still_has_its_page() -> None:
    page = _page(plain(full()[1][0]))
    text = words_of(page)
    assert "Claim: C0, reacts to text. Nothing was tested. C1 would need" in text
    assert 'id="r1-facets"' not in page
    assert "No circumstance was singled out in two ways" in text


def test_which_run_of_its_plan_this_is_stands_in_the_header_where_it_is_known() -> None:
    study, (findings,), observations, replies = made("constant")
    page = partial(render_page, study=study, findings=(findings,), observations=observations, replies=replies)
    count = RunCount(respondent=findings.respondent, number=2, of=3)
    known = page(runs=Runs(counts=(count,))).partition("</header>")[0]
    assert "Run 2 of 3 of this plan" in known
    assert "the ledger is torn" in page(runs=Runs(problem="the ledger is torn")).partition("</header>")[0]
    assert "of this plan" not in rendered("constant").partition("</header>")[0]


def test_other_explanations_of_a_failure_stand_in_the_first_table_and_before_its_figures() -> None:
    page = rendered("moved")
    failing = next(one for one in full()[1][0].verdicts if one.verdict == "fails")
    first, _, rest = page.partition("<h2>What did it say?</h2>")
    assert f"{failing.check} fails; it may also be that:" in words_of_part(first)
    block = rest.partition(f'id="r1-{failing.check}"')[2].partition("</section>")[0]
    assert block.index("Other explanations of this result") < block.index("<figure")
    for text in failing.alternatives:
        shown = text.replace("`", "")
        assert shown in words_of_part(first)
        assert shown in words_of_part(block)


def test_every_check_has_its_other_explanations_beside_it() -> None:
    page = rendered("moved")
    for verdict in full()[1][0].verdicts:
        block = page.partition(f'class="check" id="r1-{verdict.check}"')[2].partition("</section>")[0]
        assert all(text.replace("`", "") in words_of_part(block) for text in verdict.alternatives)


def test_checks_of_the_battery_that_were_not_asked_stand_under_the_verdicts() -> None:
    first = rendered("constant").partition("<h2>What did it say?</h2>")[0]
    assert "Left out by the preset quick: framing, audience, demand, grounds," in words_of_part(first)


def test_a_share_that_cannot_be_estimated_has_its_reason_in_the_table() -> None:
    given = full()[1][0]
    refused = NotEstimable(name="circumstance_share_self", about=(("form", "self"),), reason="too_few", detail="only 8")
    changed = tuple(refused if one.name == refused.name else one for one in given.estimates)
    figure = depends_figure(_subject(replace(given, estimates=changed)))
    assert figure
    assert any("only 8" in cell.text for row in figure.table.rows for cell in row)


def _with_text(text: str) -> str:
    """A page that holds a text in its claim, its problem, its alternatives and its ledger."""
    study, (given,), observations, replies = made("constant")
    finding = NotEstimable(name=text, reason="not_covered", detail=text, point=0.5, unit=text)
    problem = Surfaced(cluster=text, channels=(text, text), findings=(finding, finding), test=text)
    findings = replace(
        given,
        claim=Claim(level="C0", detail=text),
        surfaced=(problem,),
        verdicts=tuple(replace(one, verdict="fails", alternatives=(text,)) for one in given.verdicts),
    )
    runs = Runs(problem=text)
    return render_page(study=study, findings=(findings,), observations=observations, replies=replies, runs=runs)


def test_hostile_text_in_claims_problems_alternatives_and_the_ledger_stays_text() -> None:
    hostile, harmless = outline(_with_text(ALL)), outline(_with_text("plain"))
    assert hostile.tags == harmless.tags
    assert hostile.attributes == harmless.attributes
    assert hostile.links == harmless.links
    assert hostile.comments == []
    assert not set(_with_text(ALL)) & set("\x7f\x9b\x85\u202e\u2066\u200b\ufeff\u2028")


def test_hostile_names_of_facets_and_levels_are_drawn_as_text() -> None:
    given = full()[1][0]
    odd = tuple(
        replace(one, about=(("facet", ALL), ("level", ALL))) if one.name.startswith("facet_") else one
        for one in given.estimates
    )
    figure = facets_figure(_subject(replace(given, estimates=odd)), UNDRAWN)
    assert figure
    for drawn in draw(replace(figure, axis=points_axis())):
        found = ElementTree.fromstring(drawn)
        assert {element.tag.rpartition("}")[2] for element in found.iter()} <= {
            "svg",
            "g",
            "path",
            "line",
            "text",
            "rect",
        }
        assert not [name for element in found.iter() for name in element.attrib if name.startswith("on")]
