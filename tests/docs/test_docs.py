"""The documentation tells of every command, setting, questionnaire and make target, and of nothing else."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr
from typer.core import TyperCommand, TyperGroup

from bot.channels.channel_settings import PREFIX
from bot.channels.registry import OURS
from bot.cli import program
from bot.commands.read import official_places
from bot.lazy import real
from bot.settings import Settings
from handlers.danger import heard
from handlers.tables import COMMANDS
from handlers.vocabulary import hint_in, intent_of
from handlers.wording import catalogue
from questionnaires.answers import AnswerKind, ExpectedAnswer, Reading, read
from questionnaires.answers.places import read_place
from questionnaires.answers.text import fold
from tests.docs.telling import NOW, ROOT, documents

TEXTS: Final = {path: path.read_text(encoding="utf-8") for path in documents()}
OPERATING: Final = TEXTS[ROOT / "docs" / "operating.md"]
EVERYTHING: Final = "\n".join(TEXTS.values())
LINK: Final = re.compile(r"(?<!\!)\[[^\]\n]+\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
IN_CODE: Final = re.compile(r"`([^`\n]+)`")
FENCED: Final = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAM: Final = program("vi")


def commands(group: TyperGroup | TyperCommand, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that does something."""
    children = getattr(real(group), "commands", None)
    if children is None:
        yield words
        return
    for name, child in children.items():
        yield from commands(child, (*words, name))


COMMANDS_OF_PROGRAM: Final = set(commands(PROGRAM))


def written() -> Iterator[tuple[str, str]]:
    """(page, command line) for each `thonbao …` of the documentation."""
    for path, text in TEXTS.items():
        page = str(path.relative_to(ROOT))
        for block in FENCED.findall(text):
            for line in block.splitlines():
                if line.removeprefix("$ ").startswith("thonbao "):
                    yield page, line.removeprefix("$ ")
        for code in IN_CODE.findall(FENCED.sub("", text)):
            if code.startswith("thonbao "):
                yield page, code


WRITTEN: Final = list(dict.fromkeys(written()))


def parsed(words: list[str]) -> tuple[str, ...]:
    """The command that a line calls; raises what calling it would, where it is wrong."""
    group, path = PROGRAM, []
    while children := getattr(real(group), "commands", None):
        if not words or words[0] not in children:
            raise LookupError(f"no such command: {words[:1]}")
        path.append(words[0])
        group, words = children[words[0]], words[1:]
    if words:
        group.make_context(path[-1], list(words))
    return tuple(path)


@pytest.mark.parametrize(("page", "line"), WRITTEN, ids=[line for _, line in WRITTEN])
def test_each_command_line_is_one_that_the_program_takes(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    if "…" in words:  # a command named in a sentence, without its arguments
        words = words[: words.index("…")]
    assert parsed(words)


def test_each_command_is_told_of() -> None:
    told = {parsed(shlex.split(line, comments=True)[1:]) for _, line in WRITTEN} | set(tabled(EVERYTHING))
    assert COMMANDS_OF_PROGRAM - told == set()


def tabled(page: str) -> Iterator[tuple[str, ...]]:
    """The commands in the first column of a table: | `thonbao place list`, `show`, `find` | … |."""
    for row in page.splitlines():
        if row.startswith("| `thonbao "):
            first, *others = IN_CODE.findall(row.split("|")[1])
            words = tuple(shlex.split(first)[1:])
            named = words[:1] if words[:1] in COMMANDS_OF_PROGRAM else words[:2]
            yield named
            # A word behind it is another command of its group, or of the program.
            yield from ((*named[:-1], other) for other in others if not other.startswith("-"))


def test_the_table_for_administrators_has_each_command_once() -> None:
    rows = Counter(tabled(OPERATING))
    assert set(rows) == COMMANDS_OF_PROGRAM
    assert [named for named, times in rows.items() if times > 1] == []


def test_each_setting_is_told_of_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(THONBAO_\w+)` \| `?([^`|]*?)`? ?\|", OPERATING, re.MULTILINE))
    fields = {
        f"{prefix}{name.upper()}": field
        for prefix, kind in ((PREFIX, Settings), *((kind.prefix(), kind) for kind in OURS))
        for name, field in kind.model_fields.items()
    }
    assert set(rows) == set(fields)
    for name, field in fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        assert rows[name] == (
            "https://api.telegram.org" if name == "THONBAO_TELEGRAM_BASE_URL" else str(default)
        )
    assert set(re.findall(r"THONBAO_[A-Z_]+", EVERYTHING)) - {"THONBAO_"} <= set(fields)


def test_each_make_target_is_told_of_and_there() -> None:
    targets = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join((*FENCED.findall(EVERYTHING), *IN_CODE.findall(EVERYTHING)))
    told = set(re.findall(r"\bmake (?!-)(\w+)", code))
    assert targets == told


def test_each_example_of_an_answer_is_understood() -> None:
    page = TEXTS[ROOT / "docs" / "questionnaires.md"]
    rows = re.findall(r"^\| `(\w+)`[^|]*\| (`[^|]*`) \|", page, re.MULTILINE)
    understood = Counter(kind for kind, examples in rows for _ in examples_read(kind, examples))
    assert set(understood) == set(AnswerKind) - {AnswerKind.ONE, AnswerKind.MANY, AnswerKind.TEXT}
    assert min(understood.values()) >= 1


def examples_read(kind: str, examples: str) -> Iterator[Reading]:
    """The reading of each example; fails for one that is not understood."""
    question = ExpectedAnswer(
        AnswerKind(kind), today=NOW.date(), unit="hộ" if kind == AnswerKind.COUNT else ""
    )
    for example in IN_CODE.findall(examples):
        reading = (
            read_place(example, official_places()) if kind == AnswerKind.PLACE else read(example, question)
        )
        assert reading.status == "ok", example
        yield reading


def test_each_test_that_a_page_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", EVERYTHING))
    assert len(named) > 40
    code = {file: (ROOT / file).read_text(encoding="utf-8") for file, _ in named if (ROOT / file).exists()}
    assert [
        (file, name)
        for file, name in sorted(named)
        if f"\ndef {name}(" not in code.get(file, "").replace("async def", "def")
    ] == []


def test_each_chat_command_is_one_that_the_bot_takes() -> None:
    told = {code for code in IN_CODE.findall(EVERYTHING) if re.fullmatch(r"/[a-z]+", code)}
    assert len(told) > 5
    assert told - set(COMMANDS) - {"/vai", "/q", "/healthz", "/metrics"} == set()


def test_each_button_of_the_village_heads_guide_is_called_so() -> None:
    sentences = [fold(str(sentence)) for sentence in catalogue("vi").values()]
    guide = TEXTS[ROOT / "docs" / "huong-dan-truong-thon.md"]
    buttons = {re.split(r"[:\d]", bold)[0].strip() for bold in re.findall(r"\*\*(.+?)\*\*", guide)}
    assert len(buttons) > 10
    assert {button for button in buttons if not any(fold(button) in line for line in sentences)} == set()


TYPED: Final = re.compile(r"(?:[Gg]õ|[Nn]hắn):? [`«]([^`»]+)[`»](?:,? (?:hoặc |hay )?[`«]([^`»]+)[`»])*")
OF_SOMETHING_OPEN: Final = {
    "DONG Y",
    "OK",
    "sửa hộ 2",
    "bỏ công trình 1",
    "thêm hộ",
    "xem các mục đã ghi",
    "5: 12",
    "sửa nước",
}
"""What the pages tell people to type at a question, a review or a reminder."""


def test_what_the_vietnamese_pages_tell_people_to_type_is_heard() -> None:
    guides = ("huong-dan-truong-thon", "huong-dan-quan-tri", "tin-tu-gui", "so-lieu-tin-duoc", "sms", "zalo")
    typed = {
        " ".join(phrase.split())
        for guide in guides
        for told in TYPED.finditer(FENCED.sub("", TEXTS[ROOT / "docs" / f"{guide}.md"]))
        for phrase in re.findall(r"[`«]([^`»]+)[`»]", told.group())
        if not phrase.startswith("/")
    }
    assert len(typed) > 20
    unheard = {words for words in typed if not (intent_of(words) or hint_in(words) or heard(words))}
    assert unheard <= OF_SOMETHING_OPEN


def test_each_word_of_the_glossary_is_the_name_of_a_class() -> None:
    names = re.findall(r"^\|[^|]+\| `(\w+)` \|", TEXTS[ROOT / "docs" / "glossary.md"], re.MULTILINE)
    rooms = ("bot", "handlers", "figures", "storage", "questionnaires", "plans", "queries", "reports")
    code = "\n".join(
        path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py")
    )
    assert names
    assert [name for name in names if not re.search(rf"^class {name}\b", code, re.MULTILINE)] == []


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_leads_somewhere(page: Path) -> None:
    for groups in LINK.findall(FENCED.sub("", TEXTS[page])):
        address, _, anchor = next(filter(None, groups)).partition("#")
        if "://" in address:
            continue
        target = (page.parent / address) if address else page
        assert target.exists(), address
        if anchor:
            assert anchor in anchors(target), anchor


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings give, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
