"""Logs that tell what happened and never about whom: one JSON object a line, or colours in a terminal.

Our own code logs kinds and counts only. This is the second line: whatever is logged, by us or by a library,
passes `clean`, which takes out secrets, what looks like a token, a phone number or a code, and fields that
could hold a person's words. Of an error only its type and the places in the code are kept, because an error's
text may quote the data it failed on.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

HIDDEN: Final = "…"
SECRET_SHAPES: Final = re.compile(
    r"\b\d{6,12}:[A-Za-z0-9_-]{30,}"  # a bot's token
    r"|(?<![\w.:-])(?:\+?84|0)(?:[ .-]?\d){9}(?![\w-])"  # a phone number
    r"|\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{1,4}){2,}\b"  # an invitation
)
PERSONAL_FIELDS: Final = {
    "text", "name", "phone", "address", "answer", "answers", "value", "values", "code", "token", "secret",
    "url", "body", "caption", "params", "person", "first_name", "last_name", "username", "message", "data",
}  # fmt: skip
QUIET: Final = ("telegram", "httpx", "httpcore", "aiohttp", "sqlalchemy", "aiosqlite", "uvicorn", "asyncio",
                "matplotlib", "alembic", "PIL")  # fmt: skip
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

known_secrets: set[str] = set()


def hide(secrets: Iterable[str]) -> None:
    """Never log these strings, wherever they stand."""
    known_secrets.update(secret for secret in secrets if len(secret) >= 8)


def without_secrets(text: str) -> str:
    """`text` without secrets and without what looks like one."""
    for secret in known_secrets:
        text = text.replace(secret, HIDDEN)
    return SECRET_SHAPES.sub(HIDDEN, text)


def cleaned(value: object) -> object:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {name: cleaned_field(str(name), item) for name, item in value.items()}
    if isinstance(value, BaseException):
        return type(value).__name__
    return without_secrets(str(value))


def cleaned_field(name: str, value: object) -> object:
    return HIDDEN if name in PERSONAL_FIELDS else cleaned(value)


def clean(_: object, __: str, event: EventDict) -> EventDict:
    """The structlog processor that keeps persons and secrets out."""
    for name in list(event):
        if name not in ("_record", "_from_structlog", "exc_info"):
            event[name] = cleaned_field(name, event[name])
    return event


def frames(error: BaseException) -> list[str]:
    """Return where an error arose, innermost last: file, line and function, no values."""
    steps = traceback.extract_tb(error.__traceback__)
    return [f"{'/'.join(step.filename.split('/')[-2:])}:{step.lineno} {step.name}" for step in steps[-8:]]


def errors_as_places(_: object, __: str, event: EventDict) -> EventDict:
    """Replace an error by its type and its places."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = frames(error)
    return event


def first_line(_: object, __: str, event: EventDict) -> EventDict:
    """Keep only the first line of a library's message: asyncio writes the error's text into the next ones."""
    event["event"] = str(event.get("event", "")).split("\n", 1)[0]
    return event


SHARED: Final[list[Processor]] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    errors_as_places,
    first_line,
    clean,
]


def forget_record(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event


def set_up_logs(secrets: Iterable[str] = (), stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log line through `clean` to `stream` (standard error). May be called again."""
    hide(secrets)
    target = stream or sys.stderr
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if target.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[forget_record, renderer])
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
