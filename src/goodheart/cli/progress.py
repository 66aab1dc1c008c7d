"""How far a run is, on standard error: a bar on a terminal, a line now and then elsewhere."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from goodheart.cli.terminal import console, one_line, say

if TYPE_CHECKING:
    from goodheart.engine.progress import Progress

LINES = 10
"""How many lines a respondent gets where there is no terminal."""


class Bar:
    """Shows progress while its `with` block runs; nothing else may print then."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self._live = console(stderr=True).is_terminal
        self._rich = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[state]}", markup=False),
            console=console(stderr=True),
            disable=not self._live,
            transient=True,
        )
        self._task = self._rich.add_task("getting ready", total=None, state="")
        self._said: tuple[str, int] = ("", 0)

    def __enter__(self) -> Self:
        self._rich.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._rich.stop()

    def tell(self, text: str) -> None:
        """Say one thing beside the progress, above the bar where there is one."""
        if self._live:
            self._rich.console.print(text, markup=False, highlight=False)
        else:
            say(text, stderr=True)

    def show(self, respondent: str, progress: "Progress") -> None:
        """Show one report of progress."""
        name, state = one_line(respondent, 40), _state(progress)
        if self._live:
            self._rich.update(self._task, description=name, completed=progress.done, total=progress.total, state=state)
            return
        tenth = progress.done * LINES // max(1, progress.total)
        if (name, tenth) != self._said and tenth:
            self._said = (name, tenth)
            say(f"{name}: {state}", stderr=True)


def _state(progress: "Progress") -> str:
    parts = [f"{progress.done:,} of {progress.total:,}"]
    if progress.seconds_left is not None and progress.done < progress.total:
        parts.append(f"about {duration(progress.seconds_left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Say a time in words, no finer than it is known."""
    if seconds < 55:
        return f"{max(5, round(seconds / 5) * 5)} s"
    if seconds < 90 * 60:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.1f} h"
