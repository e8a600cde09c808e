"""One file a group of commands; each has a function `register(app)`. A newcomer adds a file and a line."""

import typer


def register(app: typer.Typer) -> None:
    """Add every command to `app`."""
    from bot.commands import (
        admin,
        ask,
        broadcast,
        chat,
        demo,
        export,
        form,
        init,
        invite,
        people,
        period,
        place,
        plan,
        read,
        serve,
    )

    for group in (
        demo,
        chat,
        serve,
        init,
        place,
        people,
        invite,
        form,
        plan,
        period,
        read,
        ask,
        export,
        broadcast,
        admin,
    ):
        group.register(app)
