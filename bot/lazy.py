"""Commands whose files are imported only when called, so that `--help` answers at once.

The files themselves import what they need at the top: the database, the plans, the questionnaires. That takes a second
or more; the list of all commands needs none of it.
"""

from functools import cached_property
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from bot.commands import COMMANDS, CommandEntry
from bot.helping import in_language


class LazyCommand(TyperCommand):
    """One command or group as the list shows it. A call goes to the real one."""

    def __init__(self, name: str, entry: CommandEntry) -> None:
        super().__init__(name, help=entry.help)
        self.entry = entry
        self.locale = ""
        """The language of its help; "" for both."""

    @cached_property
    def real(self) -> TyperCommand | TyperGroup:
        """The command with its options. Imports its file."""
        app = typer.Typer()
        import_module(f"bot.commands.{self.entry.module}").register(app)
        command: TyperCommand | TyperGroup = typer.main.get_group(app).commands[str(self.name)]  # type: ignore[assignment]
        command.help = self.entry.help
        return in_language(command, self.locale) if self.locale else command

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """See `TyperCommand.make_context`."""
        return self.real.make_context(*args, **extra)


class LazyGroup(TyperGroup):
    """The commands of the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in COMMANDS.items():
            self.add_command(LazyCommand(name, entry), name)

    def speak(self, locale: str) -> None:
        """Show all help in this language."""
        in_language(self, locale)
        for command in self.commands.values():
            if isinstance(command, LazyCommand):
                command.locale = locale


def real(command: Any) -> Any:
    """The command itself, whether or not it was loaded before."""
    return command.real if isinstance(command, LazyCommand) else command
