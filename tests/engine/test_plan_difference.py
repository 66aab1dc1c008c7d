from goodheart.engine.plan_difference import SHOWN_LINES, plan_difference


def test_equal_plans_do_not_differ() -> None:
    assert plan_difference({"seed": 1, "digest": "a"}, {"seed": 1, "digest": "a"}) == ()


def test_a_long_list_is_told_by_its_length() -> None:
    assert plan_difference({"trials": [0] * 120}, {"trials": [0] * 240}) == ("trials: 120 -> 240 entries",)


def test_a_short_list_is_shown() -> None:
    assert plan_difference({"models": ["a"]}, {"models": ["a", "b"]}) == ('models: ["a"] -> ["a", "b"]',)


def test_long_values_are_shortened() -> None:
    (line,) = plan_difference({"text": "x" * 200}, {"text": "y"})
    assert len(line) < 80
    assert line.endswith('... -> "y"')


def test_many_differences_are_counted_and_not_listed() -> None:
    lines = plan_difference({f"f{i:02}": 0 for i in range(40)}, {f"f{i:02}": 1 for i in range(40)})
    assert len(lines) == SHOWN_LINES
    assert lines[-1] == "and 29 more"
