"""Shows on a terminal that a slow command is at work, and for how long already; a script sees nothing of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

COLUMNS: Final = "{task.description}"


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show `what` and the time it takes, on standard error if that is a terminal, until the block ends."""
    if not sys.stderr.isatty():
        yield
        return
    # rich takes a twentieth of a second, which only who watches need wait
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    shown = (SpinnerColumn(), TextColumn(COLUMNS), TimeElapsedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        yield
