"""The program `goodheart`: assembles the commands and turns what goes wrong into a message and an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import typer

from goodheart.cli.audit import audit
from goodheart.cli.choose import choose
from goodheart.cli.code import code
from goodheart.cli.compare import compare
from goodheart.cli.conduct import conduct
from goodheart.cli.doctor import doctor
from goodheart.cli.fetch import fetch
from goodheart.cli.inject import inject
from goodheart.cli.lineage import lineage
from goodheart.cli.overview import overview
from goodheart.cli.probe import probe
from goodheart.cli.probe_circumstances import circumstances
from goodheart.cli.probe_preferences import preferences
from goodheart.cli.rank import rank
from goodheart.cli.report import report
from goodheart.cli.terminal import plain
from goodheart.cli.validate import validate
from goodheart.errors import UserError

MENDABLE: Final = 2
INTERRUPTED: Final = 130
BUG: Final = 1

app = typer.Typer(
    name="goodheart",
    help="Ask a language model how it rates its circumstances, and audit whether that report can be believed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its traces show local variables, which may hold keys
    rich_markup_mode=None,  # plain help needs no Rich, and a third of the time
)
app.command()(audit)
app.command()(choose)
app.command()(conduct)
app.command()(report)
app.command()(compare)
app.command()(lineage)
app.command()(overview)
app.command()(code)
app.command()(rank)
app.command()(inject)
app.command()(validate)
probe.command()(circumstances)
probe.command()(preferences)
app.add_typer(probe)
app.command()(fetch)
app.command()(doctor)


@app.callback(invoke_without_command=True)
def _root(*, version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        from goodheart import __version__

        typer.echo(f"goodheart {__version__}")
        raise typer.Exit


def run() -> None:
    """Run the command line of this process; the console script."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run a command line.

    Args:
        arguments: Without the program's name.

    Returns:
        0 done; 1 a bug; 2 something that the user can mend, said on standard error; 130 interrupted.
    """
    try:
        app(args=list(arguments), prog_name="goodheart")
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            return _interrupted()
        return ended.code if isinstance(ended.code, int) else 0
    except KeyboardInterrupt:
        return _interrupted()
    except UserError as error:
        _to_stderr(str(error))
        return MENDABLE
    except BrokenPipeError:
        # Whoever read the output has left. Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BUG
    except Exception:
        _to_stderr(traceback.format_exc())
        _to_stderr("This is a bug in goodheart. Please report it with the lines above; no reply that arrived is lost.")
        return BUG
    return 0


def _interrupted() -> int:
    _to_stderr("\nStopped. Nothing is lost; the same command goes on.")
    return INTERRUPTED


def _to_stderr(text: str) -> None:
    print(plain(text), file=sys.stderr, flush=True)  # noqa: T201  the command line prints
