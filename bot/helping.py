"""What `--help` says, in one language: the matching half of a command's help, the translation of an option's.

A command's docstring holds both languages, "Việt / English", so that they change together. Options are described in
English and translated in `locales/help/vi.po`, the names of arguments in `locales/help/vi-arguments.po`; the library's own
words, such as "Usage", in `locales/help/vi-typer.po`. These files are read only when Vietnamese help is shown.
"""

import re
from functools import cache, partial
from typing import Any, Final, TypeVar

import typer

from bot.option_types import LARGEST_ID
from handlers.wording import FOLDER

BETWEEN: Final = " / "
Command = TypeVar("Command", bound=Any)
PANELS: Final = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commands",
    "REQUIRED_LONG_STRING": "[required]",
    "DEFAULT_STRING": "[default: {}]",
}
"""The words of `typer.rich_utils`, which takes them from here when it prints."""
TAKES: Final = {
    "vi": {"int": "<số>", "str": "<chữ>", "Path": "<tệp>", "datetime": "<năm-tháng-ngày>", "bool": ""},
    "en": {"int": "<number>", "str": "<text>", "Path": "<file>", "datetime": "<year-month-day>", "bool": ""},
}
"""What stands for a value, by its type; an option that may be repeated is shown as if it took one."""
BETWEEN_NUMBERS: Final = {"vi": "từ {} đến {}", "en": "{} to {}"}
LIST: Final = re.compile(r"list\[(\w+)\]")


def translated() -> dict[str, str]:
    """The Vietnamese words of each option's English ones."""
    return read("vi")


def arguments() -> dict[str, str]:
    """The Vietnamese of each argument's name."""
    return read("vi-arguments")


def of_library() -> dict[str, str]:
    """The Vietnamese of what the library says by itself, by its English."""
    return read("vi-typer")


@cache
def read(name: str) -> dict[str, str]:
    # Help in English needs no translation, nor a library to read one.
    from babel.messages.pofile import read_po

    with (FOLDER / "help" / f"{name}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="vi") if message.id}


class English(typer.Context):
    """A call whose help is shown in the library's own words."""

    @staticmethod
    def word(english: str) -> str:
        """One of the library's words, as it is to be shown."""
        return english

    def make_formatter(self) -> Any:
        """See `Context.make_formatter`; it is asked for whenever help or usage is about to be shown."""
        # It takes a while to load, and most calls ask for no help.
        from typer import rich_utils

        for name, words in PANELS.items():
            setattr(rich_utils, name, self.word(words))
        formatter: Any = super().make_formatter()
        formatter.write_usage = partial(formatter.write_usage, prefix=self.word("Usage: "))
        return formatter


class Vietnamese(English):
    """The same in Vietnamese."""

    @staticmethod
    def word(english: str) -> str:
        """See `English.word`."""
        return of_library()[english]


def in_language(command: Command, locale: str) -> Command:
    """`command` with everything below it, its help in this language."""
    command.help = half(command.help or "", locale)
    command.context_class = English
    for param in (*command.params, command.get_help_option(typer.Context(command))):
        say_values(param, locale)
    if locale == "vi":
        in_vietnamese(command)
    for child in getattr(command, "commands", {}).values():
        in_language(child, locale)
    return command


def say_values(param: Any, locale: str) -> None:
    """Show in plain words what a parameter takes, instead of the program's types and signs."""
    if param.type_descriptor.is_choice:
        return
    kind = LIST.sub(r"\1", param.bare_type())
    shown = TAKES[locale][kind], between(param, locale)
    param.display_type = lambda _: shown[0]
    param._get_number_range_help_str = lambda: shown[1]  # the library's only way to its own "1<=x<=9"


def between(param: Any, locale: str) -> str:
    """Return the range of a parameter's numbers; "" if only the database sets an end."""
    if param.max is None or param.max >= LARGEST_ID:
        return ""
    return BETWEEN_NUMBERS[locale].format(param.min, param.max)


def in_vietnamese(command: Any) -> None:
    """Translate the parts of a command that are not its help: options, arguments and the library's words."""
    command.context_class = Vietnamese
    command.options_metavar = of_library()[command.options_metavar]
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = of_library()[command.subcommand_metavar]
    for param in (*command.params, command.get_help_option(typer.Context(command))):
        words = getattr(param, "help", "")
        param.help = translated().get(words) or of_library().get(words, words)
        if param.param_type_name == "argument":
            param.metavar = arguments()[param.name]


def half(text: str, locale: str) -> str:
    """The Vietnamese or the English part of a help text."""
    vietnamese, _, english = text.partition(BETWEEN)
    return english if locale == "en" and english else vietnamese
