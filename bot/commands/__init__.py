"""One file a group of commands; each has a function `register(app)`. A newcomer adds a file and a line."""

import typer


def register(app: typer.Typer) -> None:
    """Add every command to `app`."""
    from bot.commands import form, read

    for group in (form, read):
        group.register(app)
