"""Each row of "Where to add" in CONTRIBUTING.md is walked: what it says is enough, and what is forgotten is found.

The walks add to a copy of the data, or to a registry for as long as the test lasts.
"""

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from bot.cli import program
from bot.commands import COMMANDS, CommandEntry
from bot.lazy import real
from handlers import wording
from handlers.buttons import Presses
from handlers.tables import COMMANDS_MENU, PRESSES, commands_menu
from plans.checks import check
from plans.faults import PlanFault
from plans.plans import Plans
from plans.reading import FOLDER, read_plans
from queries.frames import FRAMES, Intent
from questionnaires.answers.phrases import Words
from questionnaires.faults import FormRefused, WordsFault
from questionnaires.xlsform import compile_form
from storage import outbox, totals
from storage.tables import now
from tests.docs.telling import ROOT

CONTRIBUTING: Final = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CONTRACTS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
CODE: Final = re.compile(r"`([^`]+)`")
ROOMS: Final = ("bot", "handlers", "figures", "storage", "reports", "queries", "questionnaires", "plans")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of CONTRIBUTING.md, without the table's head."""
    section = CONTRIBUTING.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


# --- the tables themselves ------------------------------------------------------------------------------


def test_the_table_of_rooms_names_each_room_with_what_it_may_import() -> None:
    [layers] = [contract["layers"] for contract in CONTRACTS if contract["name"].startswith("Rooms")]
    below = {
        room: {other for lower in layers[place + 1 :] for other in lower.split(" | ")}
        for place, layer in enumerate(layers)
        for room in layer.split(" | ")
    }
    below["reports"].remove("questionnaires")  # a contract of its own
    told = {
        CODE.findall(room)[0].strip("/"): set(CODE.findall(imports)) for room, _, imports in rows("The rooms")
    }
    assert set(told) == {*ROOMS, "locales"}
    assert {room: told[room] for room in ROOMS} == below


@pytest.mark.parametrize("row", rows("Where to add"), ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    paths = [code for cell in row[1:] for code in CODE.findall(cell) if "/" in code]
    assert paths
    for path in paths:
        assert list(ROOT.glob(path)), path


def test_each_row_is_walked() -> None:
    """By a test of this file that bears its name, or by the file that the row names as its proof."""
    walks = {name for name in globals() if name.startswith("test_add_")}
    here = "tests/docs/test_where_to_add.py"
    unwalked = [row[0] for row in rows("Where to add") if here in row[2] and not walk_of(row[0]) & walks]
    assert unwalked == []
    assert all(CODE.search(row[2]) for row in rows("Where to add"))


def walk_of(what: str) -> set[str]:
    words = re.sub(r"^(a|an|something) ", "", what.lower())
    return {"test_add_" + re.sub(r"\W+", "_", words).strip("_")}


# --- data: no Python ------------------------------------------------------------------------------------

FORM: Final = """
| survey | | | | | | | |
| | type | name | label::Tiếng Việt (vi) | label::English (en) | required | bind::ask | bind::unit |
| | integer | cho_so_con | Thôn có bao nhiêu con chó? | How many dogs are there? | yes | count | con |
| settings | | | |
| | form_id | title_vi | title_en |
| | cho | Đàn chó | Dogs |
"""
INDICATOR: Final = """
[indicator.dan-cho]
name = { vi = "Đàn chó", en = "Dogs" }
domain = "nuoc"
level = "thon"
unit = { vi = "con", en = "dogs" }
better = "up"
numerator = ["cho_so_con"]
source = "Thôn"
definition = { vi = "Số chó của thôn.", en = "The dogs of the village." }
"""
ASKED: Final = """
[[asked]]
form = "cho"
level = "thon"
period = "year"
month = 5
day = 22
within = 7
questions = 1
"""


@pytest.fixture(scope="module")
def questions() -> dict[str, list[str]]:
    """The questions of the bundled questionnaires by form."""
    folder = ROOT / "questionnaires" / "forms"
    forms = [compile_form(path.read_bytes(), path.name) for path in sorted(folder.glob("*.md"))]
    return {form.name: [question.name for question in form.questions] for form in forms}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the plans' data, to be added to."""
    for path in FOLDER.rglob("*"):
        if path.suffix in (".toml", ".csv"):
            copy = tmp_path / path.relative_to(FOLDER)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_add_questionnaire() -> None:
    form = compile_form(FORM.encode(), "cho.md")
    assert [question.name for question in form.questions] == ["cho_so_con"]
    with pytest.raises(FormRefused):
        compile_form(FORM.replace("integer", "number").encode(), "cho.md")


@pytest.mark.parametrize("forgotten", ["", "question", "schedule", "definition"])
def test_add_indicator(forgotten: str, folder: Path, questions: dict[str, list[str]]) -> None:
    asked = {} if forgotten == "question" else {"cho": ["cho_so_con"]}
    words = (
        INDICATOR.replace(', en = "The dogs of the village."', "") if forgotten == "definition" else INDICATOR
    )
    append(folder / "indicators" / "nuoc.toml", words)
    if forgotten not in ("schedule", "question"):
        append(folder / "schedule.toml", ASKED)
    faults = check(read_plans(folder), questions | asked)
    codes = {
        "": [],
        "question": ["no_question"],
        "schedule": ["not_scheduled"],
        "definition": ["no_definition"],
    }
    assert [fault.code for fault in faults] == codes[forgotten]


@pytest.mark.parametrize("forgotten", ["", "clause"])
def test_add_plan(forgotten: str, folder: Path, questions: dict[str, list[str]]) -> None:
    before = len(read_plans(FOLDER).programmes)
    new = folder / "programmes" / "ke-hoach-moi"
    shutil.copytree(folder / "programmes" / "bach-thong-2023", new)
    targets = new / "targets.csv"
    if forgotten:
        text = targets.read_text(encoding="utf-8")
        targets.write_text(
            text.replace("muc-dich-dbkk-2023,trend,I.1,", "muc-dich-dbkk-2023,trend,,"), encoding="utf-8"
        )
    plans: Plans = read_plans(folder)
    assert len(plans.programmes) == before + 1
    fault = PlanFault("ke-hoach-moi/muc-dich-dbkk-2023", "empty", "clause")
    assert check(plans, questions) == ([fault] if forgotten else [])


WORD_FILES: Final = sorted(
    str(path.relative_to(ROOT)) for room in ROOMS for path in (ROOT / room).rglob("words/*.toml")
)


@pytest.mark.parametrize("file", WORD_FILES)
def test_add_word(file: str, tmp_path: Path) -> None:
    copy = tmp_path / "words.toml"
    table = '\n[tu-moi]\nphrases = ["một từ [rất] mới"]\n'
    copy.write_text((ROOT / file).read_text(encoding="utf-8") + table, encoding="utf-8")
    assert set(Words.read(copy).phrases("tu-moi")) == {"một từ rất mới", "một từ mới"}
    append(copy, 'sai = ["thừa ngoặc)"]\n')
    with pytest.raises(WordsFault, match="tu-moi"):
        Words.read(copy)


# --- code -----------------------------------------------------------------------------------------------


def test_add_broadcast_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = outbox.QueuedLetter("tham-thon:1", 1, {"text": "a"}, 2, now())
    with pytest.raises(ValueError, match=r"tham-thon is missing in storage\.totals\.KINDS"):
        outbox.row_of(letter)
    monkeypatch.setattr(totals, "KINDS", (*totals.KINDS, "tham-thon"))
    assert outbox.row_of(letter)["natural_key"] == "tham-thon:1"
    with pytest.raises(wording.UnknownMessage):  # its name, which `thonbao outbox --figures` shows
        wording.wording("vi")("outbox.kind.tham-thon")


def test_add_command_for_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("bot.commands.chao")

    def chao(ten: str = "") -> None:
        print(f"chào {ten}")

    module.register = lambda app: app.command("chao")(chao)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bot.commands.chao", module)
    monkeypatch.setitem(COMMANDS, "chao", CommandEntry("chao", "Chào / say hello."))
    for locale, told in (("vi", "Chào"), ("en", "say hello.")):
        assert real(program(locale).commands["chao"]).help == told


def test_add_command_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file has a place among the others, and both languages say what it is for."""
    [inside] = [contract for contract in CONTRACTS if contract.get("containers") == ["handlers"]]
    placed = {name for layer in inside["layers"] for name in re.split(r" [|:] ", layer)}
    files = {
        path.stem
        for path in (ROOT / "handlers").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert files - placed == {"__init__"}
    assert (files | {"chao"}) - placed == {"__init__", "chao"}
    assert inside["exhaustive"]
    monkeypatch.setitem(COMMANDS_MENU, "village", (*COMMANDS_MENU["village"], "chao"))
    with pytest.raises(wording.UnknownMessage):
        commands_menu("village", "vi")


def test_add_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(wording.FOLDER, tmp_path / "locales")
    shutil.copytree(wording.FOLDER / "en", tmp_path / "locales" / "fr")
    monkeypatch.setattr(wording, "FOLDER", tmp_path / "locales")
    monkeypatch.setattr(wording, "LOCALES", (*wording.LOCALES, "fr"))
    wording.catalogue.cache_clear()
    try:
        assert incomplete() == {}
        common = tmp_path / "locales" / "fr" / "common.po"
        common.write_text(
            common.read_text(encoding="utf-8").replace('"common.fault"', '"common.faute"'), encoding="utf-8"
        )
        wording.catalogue.cache_clear()
        assert incomplete() == {"fr": {"common.fault", "common.faute"}}
    finally:
        wording.catalogue.cache_clear()


def incomplete() -> dict[str, set[str]]:
    """The keys that a language lacks or has beside those of Vietnamese."""
    keys = {locale: set(wording.catalogue(locale)) for locale in wording.LOCALES}
    return {locale: own ^ keys["vi"] for locale, own in keys.items() if own != keys["vi"]}


def test_each_language_has_every_sentence() -> None:
    assert incomplete() == {}


def test_add_question_kind() -> None:
    """Every kind is a class of its own, found by its intent."""
    text = (ROOT / "queries" / "frames.py").read_text(encoding="utf-8")
    known = {kind.__name__ for kind in FRAMES.values()}
    assert set(FRAMES) == set(Intent)
    assert kinds_in(text) == known
    added = "\nclass Map(Asking):\n    intent: ClassVar[Intent] = Intent.MAP\n"
    assert kinds_in(text + added) == known | {"Map"}


def kinds_in(text: str) -> set[str]:
    """The classes that give themselves an intent."""
    classes = text.split("\nclass ")[1:]
    return {part.partition("(")[0] for part in classes if "\n    intent: ClassVar[Intent] = " in part}


def test_add_button() -> None:
    """A class without a handler is found by comparing what is declared with what is answered."""
    declared = set(button_classes(ROOT / "handlers"))
    assert declared - {kind.__name__ for kind in PRESSES.answers} == set()
    assert declared - {kind.__name__ for kind in Presses().answers} == declared


def button_classes(folder: Path) -> Iterator[str]:
    """The names of the classes that are declared with a button's text."""
    for path in folder.rglob("*.py"):
        yield from re.findall(
            r"^@button\(.*\)\n(?:@.*\n)*class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
