"""Every class of buttons: its text, which chats keep for years, and that nothing made up passes for one."""

from string import printable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import account, connect, enrol, language, leave, navigation
from handlers.buttons import MOST_BYTES, Button, Position, RowId, Word, button, choice, short_name
from handlers.tables import PRESSES

EXAMPLES: dict[str, Button] = {
    "a:s:12": account.SpeakAs(12),
    "a:people": account.ChoosePerson(),
    "a:name": account.CorrectName(),
    "a:cancel": account.NeverMind(),
    "a:kept": account.ShowKept(),
    "a:connect": navigation.ConnectPhone(),
    "a:cut": connect.Disconnect(),
    "a:cutyes": connect.DisconnectNow(),
    "e:w:i12:3": enrol.TakenBy("i12", 3),
    "e:y:r7": enrol.Agree("r7"),
    "e:n:i12": enrol.Disagree("i12"),
    "e:s": enrol.SkipName(),
    "l:vi": language.Speak("vi"),
    "m:baocao": navigation.Command("baocao"),
    "x:yes:12": leave.Leave(12),
    "x:no": leave.Stay(),
}
"""The text of every class as messages out there bear it: a line changes only with a new class."""
OPENING = {"l:vi", "m:baocao"}
"""Part of the label presses these."""
KINDS = sorted(PRESSES.answers, key=lambda kind: kind.wire.text)


def test_every_class_stands_here_with_its_text() -> None:
    assert {type(example) for example in EXAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize("data", EXAMPLES)
def test_a_text_of_the_release_before_is_understood_and_written_as_it_was(data: str) -> None:
    assert PRESSES.read(data) == EXAMPLES[data]
    assert str(EXAMPLES[data]) == data
    assert EXAMPLES[data].opens == (data in OPENING)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=30)
@given(data=st.data())
def test_whatever_a_button_says_fits_and_comes_back(kind: type[Button], data: st.DataObject) -> None:
    text = data.draw(st.from_regex(kind.wire.pattern(), fullmatch=True))
    read = PRESSES.read(text)
    if read is not None:
        assert len(str(read).encode()) <= MOST_BYTES
        assert PRESSES.read(str(read)) == read


@given(st.one_of(st.text(max_size=64), st.text("mtvfqdxaelnuwyzjk" + "0123456789zZ:.*-", max_size=40)))
def test_anything_else_is_read_without_a_fault(text: str) -> None:
    read = PRESSES.read(text)
    assert read is None or PRESSES.read(str(read)) == read


def test_leaving_is_never_pressed_by_part_of_its_label() -> None:
    assert navigation.Command("baocao").opens
    assert not navigation.Command("roi").opens


def test_a_class_whose_text_may_be_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):

        @button("zz:{one}:{two}:{three}")
        class Long(Button):
            one: Word
            two: Word
            three: Word


def test_a_class_whose_text_forgets_a_field_is_refused() -> None:
    with pytest.raises(ValueError, match="fields"):

        @button("zz:{one}")
        class Forgetful(Button):
            one: RowId
            two: Position


def test_a_long_name_gets_a_mark_of_its_own() -> None:
    assert short_name("nuoc-sach") == "nuoc-sach"
    marks = {short_name(name) for name in (printable, printable[1:], "nước", "a:b", "x" * 25)}
    assert len(marks) == 5
    assert all(len(mark) <= 24 and ":" not in mark for mark in marks)


def test_a_label_is_cut_to_what_a_button_shows() -> None:
    shown = choice("x" * 100, navigation.Command("menu"))
    assert len(shown.label) == 64
    assert shown.data == "m:menu"
