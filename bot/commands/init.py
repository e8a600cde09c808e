"""`thonbao init`: a fresh database, or an older one brought to this version."""

import asyncio
from typing import Annotated

import typer

from bot.administration import problem_of
from bot.printing import print_json
from bot.problems import WrongCall
from bot.settings import load_settings
from bot.setup import set_up
from bot.teller import Teller
from storage.database import DatabaseLost


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("init")(init)


def init(
    new: Annotated[
        bool, typer.Option("--new", help="make an empty database though the old one is gone")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Make the database or bring it to this version."""
    settings = load_settings()
    say = Teller(settings.locale)
    try:
        done = asyncio.run(set_up(settings, anew=new))
    except DatabaseLost as lost:
        raise WrongCall(str(problem_of(lost, say))) from None
    if json:
        print_json(done.to_json())
        return
    print(say("admin.init.done", database=done.database, revision=done.revision))
    print(say("admin.init.forms", names=", ".join(done.forms)))
    print(say("admin.init.places", n=done.places))
    print(say("admin.init.next"))
