"""`goodheart doctor`: what works here, and what to type where something does not."""

import typer


def doctor() -> None:
    """Check that `goodheart audit` would run on this machine; exit 2 if something has to be mended."""
    from goodheart.cli.doctor_checks import CHECKS
    from goodheart.cli.terminal import say

    broken = 0
    for check in CHECKS:
        finding = check()
        broken += finding.type_next is not None and finding.needed
        word = "ok" if finding.type_next is None else "MEND" if finding.needed else "note"
        say(f"{word:<5} {finding.what}")
        if finding.type_next:
            say(f"      type: {finding.type_next}")
    if broken:
        raise typer.Exit(2)
