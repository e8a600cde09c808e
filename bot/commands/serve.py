"""`thonbao serve`: the bot on its platforms, until it is stopped."""

import asyncio
import sys

import typer
import uvloop

from bot.administration import problem_of
from bot.problems import Problem
from bot.serve import serve
from bot.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("serve")(serve_command)


def serve_command() -> None:
    """Run the bot until it is stopped."""
    settings = load_settings()
    run = asyncio.run
    if sys.platform != "win32":
        run = uvloop.run
    try:
        run(serve(settings))
    except Problem:
        raise
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from None
