"""Every class of buttons: its text, which chats keep for years, and that nothing made up passes for one."""

from collections.abc import Iterator
from string import printable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from handlers import (
    alarms,
    asked_reason,
    cries,
    emergency,
    exchange,
    laid_aside,
    language,
    lists,
    navigation,
    open_alarms,
    remarks,
    which_emergency,
)
from handlers.asking import saved
from handlers.asking import ways as answers
from handlers.broadcasts import announced, announcing, choosing, own_line, second_officer, until, which_words
from handlers.buttons import MOST_BYTES, Button, Position, RowId, Word, button, choice, short_name
from handlers.interviewing import paper, practice, returned, sent, starting, ways
from handlers.membership import (
    about_me,
    account,
    channels,
    connect,
    deputising,
    enrol,
    leave,
    naming,
    numbers,
    rights,
)
from handlers.officers import checking, replacing, staffing
from handlers.screens import amounts, difficulties, due, older, progress, reported, targets, tasks, village
from handlers.screens import answers as sent_answers
from handlers.screens import checking as check
from handlers.screens import locking as lock
from handlers.tables import PRESSES
from plans.period import from_key
from plans.rollup import Status
from queries.frames import WhichTasks
from storage.requests import RequestKind

EXAMPLES: dict[str, Button] = {
    "ds:y:12": lists.LoadList(12),
    "ds:n:12": lists.DropList(12),
    "n:a:nuoc-sach:2026-11:c:12": sent_answers.ShowAnswers("nuoc-sach", from_key("2026-11"), 12, 12),
    "n:b:nuoc-sach:2026-11:c:12": sent_answers.ShowAnswersByUnit("nuoc-sach", from_key("2026-11"), 12, 12),
    "n:l:nuoc-sach:2026-11:c": sent_answers.AnswersSheet("nuoc-sach", from_key("2026-11"), 12),
    "a:s:12": account.SpeakAs(12),
    "a:people": account.ChoosePerson(),
    "a:name": account.CorrectName(),
    "a:cancel": account.NeverMind(),
    "a:kept": account.ShowKept(),
    "a:agreed": about_me.ShowAgreed(),
    "a:connect": navigation.ConnectPhone(),
    "a:cut": connect.Disconnect(),
    "a:cutyes": connect.DisconnectNow(),
    "f:p:12:0:8": navigation.ShowUnit(12, 0, 8),
    "f:v:12:3:0": navigation.ShowVillage(12, 3),
    "f:s:12:0:nuoc-sach": reported.ShowSums(12, 0, "nuoc-sach"),
    "f:m:12:60:nuoc-sach": reported.ShowMissing(12, 60, "nuoc-sach"),
    "f:n:12:0:*": navigation.Remind(12, 0, "*"),
    "f:d:12:0:4": difficulties.ShowDifficulties(12, 4),
    "f:r:12:0:0": village.ReportFor(12),
    "f:h:12:0:0": village.AskNewHead(12),
    "f:i:12:0:7": replacing.ReplaceHead(12, 7),
    "f:u:12:0:7": replacing.UndoReplacing(12, 7),
    "t:c": navigation.ShowProgress(12),
    "t:c:p": navigation.DrawProgress(12),
    "t:c:p:nuoc": navigation.DrawProgress(12, "nuoc"),
    "t:c:d:nuoc": progress.ShowDomain(12, "nuoc"),
    "t:c:g:4": progress.ShowDomains(12, 4),
    "t:c:a": navigation.ShowAmounts(12),
    "t:c:a:10": navigation.ShowAmounts(12, 10),
    "t:c:n": navigation.ShowTasks(12),
    "t:c:n:6": navigation.ShowTasks(12, 6),
    "t:c:w:done": tasks.ShowTasksThat(12, WhichTasks.DONE),
    "t:c:w:overdue:6": tasks.ShowTasksThat(12, WhichTasks.OVERDUE, 6),
    "t:c:ap:10": amounts.DrawAmounts(12, 10),
    "t:c:ax": amounts.SheetAmounts(12),
    "v:c": navigation.ShowTargets(12),
    "v:c:behind": targets.ShowTargetsOf(12, Status.BEHIND),
    "v:c:no_data:6": targets.ShowTargetsOf(12, Status.NO_DATA, 6),
    "vy:c:2025:over:6": targets.ShowTargetsDue(12, 2025, Status.OVER, 6),
    "j:a:12": saved.AskSaved(12),
    "j:w:12": saved.TurnWeekly(12),
    "j:y:12": saved.StartWeekly(12),
    "j:s:12": saved.StopWeekly(12),
    "j:f:12": saved.Forget(12),
    "n:p:12:": announcing.AskAudience(12),
    "n:t:12:heads": announcing.WriteTo(12, "heads"),
    "n:f:12:": announcing.ListForms(12),
    "n:g:12:thiet-hai": announcing.AskForm(12, "thiet-hai"),
    "n:s:12:": announcing.SendAnnouncement(12),
    "n:e:12:": announcing.WriteAgain(12),
    "n:d:12:": announcing.Drop(12),
    "n:c:12:": announcing.Confirm(12),
    "n:x:12:": announcing.Stop(12),
    "n:k:new": which_words.KeepWords("new"),
    "n:r:12:": announcing.HaveRead(12),
    "n:v:12:": navigation.ShowAnnouncement(12),
    "u:w:12": navigation.MendAnnouncement(12),
    "u:t:12": navigation.WithdrawAnnouncement(12),
    "u:y:12": announced.SendMended(12),
    "u:n:12": announced.DropMended(12),
    "u:a:12:1a2b3c4d": second_officer.AgreeToWords(12, "1a2b3c4d"),
    "u:d:12:1a2b3c4d": second_officer.DropNewWords(12, "1a2b3c4d"),
    "n:u:12:today": until.SetUntil(12, "today"),
    "w:": navigation.ChooseWeekly(),
    "w:d:6": choosing.TakeDay(6),
    "w:h:450": choosing.TakeHour(450),
    "w:pic:1": choosing.TakePicture(1),
    "w:get:0": choosing.TakeSummary(0),
    "w:p:": choosing.TurnPicture(),
    "w:s:": choosing.TurnOff(),
    "y:": navigation.WriteOwnLine(),
    "y:w:12": own_line.WriteFor(12),
    "y:d:12": own_line.DropLine(12),
    "y:k:12": own_line.KeepLine(12),
    "y:f:12": own_line.ForgetLine(12),
    "z:d:12": cries.IsOver(12),
    "z:o": cries.IsAnother(),
    "z:p:12": emergency.AskKind(12),
    "z:k:12:lu-quet": emergency.Raise(12, "lu-quet"),
    "a:ch:zalo-oa": channels.LettersOn("zalo-oa"),
    "a:tp:1": channels.LettersByPhone(1),
    "a:phone": navigation.GiveNumber(),
    "a:phone:0": numbers.DropNumber(),
    "z:y": cries.IsEmergency(),
    "z:y:t7": cries.IsEmergency(1051),
    "z:n": cries.IsNone(),
    "z:r:t7": cries.IsNoneOf(1051),
    "z:t": laid_aside.TakeUp(),
    "z:c:12": cries.CriedAt(12),
    "z:a:12": alarms.Acknowledge(12),
    "z:v:12": open_alarms.ShowEmergency(12),
    "z:f:12": open_alarms.CloseForRaiser(12),
    "z:g:12": navigation.CloseWithThese(12),
    "z:j:12": open_alarms.CloseWithHeld(12),
    "z:h:12": navigation.PassOn(12),
    "z:i": which_emergency.AskFigures(),
    "z:u": which_emergency.AnswersAsked(),
    "z:b": which_emergency.AnnounceHeld(),
    "z:l": navigation.DropWords(),
    "z:n:12": emergency.RaiseAnother(12),
    "z:t:12:3": emergency.RaiseApart(12, 3),
    "z:w:12": emergency.TakeBack(12),
    "z:q:12:3": emergency.CountsPeople(12, 3),
    "z:x:12": emergency.SaidAll(12),
    "z:s:12": navigation.StillOpen(12),
    "z:e:12": navigation.CloseIt(12),
    "d:": navigation.ShowDue(),
    "d:b:c:1f:2026-11": navigation.BeginReport(12, 51, from_key("2026-11")),
    "d:n:c:1f:2026-Q4S": starting.BeginAnyway(12, 51, from_key("2026-Q4S")),
    "d:t:c:1f:2026-W47": practice.Practise(12, 51, from_key("2026-W47")),
    "d:e:c": due.ShowAll(12),
    "d:o:c": starting.ShowOther(12),
    "d:v:c": navigation.ShowReport(12),
    "d:c:c": sent.CorrectReport(12),
    "c:l:6": check.ShowAwaiting(6),
    "c:d:12": check.ShowMonday(12),
    "c:r:c": check.CheckReport(12),
    "c:a:c": check.Approve(12),
    "c:u:c": check.Reopen(12),
    "c:f:*": check.ApproveClear("*"),
    "c:i:c.d": check.ApproveFirst((12, 13)),
    "c:v:12": check.ApproveVillage(12),
    "c:o:c": check.UndoApproving(12),
    "c:p:c": check.PickFigure(12),
    "c:b:c:2": check.ReturnFigure(12, 2),
    "c:w:c:2:1": checking.ReturnBecause(12, 2, 1),
    "c:e:c": check.ApproveContested(12),
    "c:x:12": checking.WithdrawReturn(12),
    "c:m:12": navigation.CorrectReturned(12),
    "c:k:12": navigation.KeepReturned(12),
    "c:j:12:1": returned.KeptBecause(12, 1),
    "c:y:c": navigation.SayRight(12),
    "c:n:c": navigation.SayWrong(12),
    "c:h:c:3": navigation.ShowHistory(12, 3),
    "h:a:12": navigation.AskDeputy(12),
    "h:n:12:2": deputising.NameDeputy(12, 2),
    "h:e:12:7": deputising.EndDeputy(12, 7),
    "h:g:12:7": deputising.NameAgain(12, 7),
    "h:u:12:7": deputising.DropDeputyCode(12, 7),
    "d:k:c": starting.TakeOver(12),
    "r:s:12": navigation.ShowStaff(12),
    "r:i:12": staffing.InviteOfficer(12),
    "r:e:12:7": staffing.EndOfficer(12, 7),
    "r:y:12": staffing.AgreeToRequest(12),
    "r:n:12": staffing.RefuseRequest(12),
    "d:p:c": paper.AddPaper(12),
    "d:q:c": paper.SeePaper(12),
    "x:w:c:3": navigation.WriteAboutReport(12, 3),
    "x:n:12": navigation.WriteAboutAnnouncement(12),
    "x:v:12": exchange.ShowExchange(12),
    "x:a:12": exchange.AnswerExchange(12),
    "x:s:12": exchange.StopExchange(12),
    "x:o:12": exchange.GoOnExchange(12),
    "x:p:12": exchange.SayThis(12),
    "x:q": remarks.AskInstead(),
    "y:y": asked_reason.IsReason(),
    "y:n": asked_reason.IsNoReason(),
    "c:g:12": navigation.ShowQuality(12),
    "a:r": navigation.ShowRights(),
    "a:r:see": rights.AskRight(RequestKind.SEE),
    "a:ry": rights.WithdrawConsent(),
    "a:rw": rights.EnterWords(),
    "o:l:8": navigation.ShowHanded(8),
    "o:p:nuoc-sach:2026-11:8": lock.ShowPeriod("nuoc-sach", from_key("2026-11"), 8),
    "o:z:8": lock.ShowOldPeriods(8),
    "o:k:c:nuoc-sach:2026-11": lock.LockUnit(12, "nuoc-sach", from_key("2026-11")),
    "o:a:nuoc-sach:2026-11": lock.LockReady("nuoc-sach", from_key("2026-11")),
    "o:n:12": lock.RefuseReopening(12),
    "o:u:c": lock.UndoLocking(12),
    "o:o:12": navigation.AskReopening(12),
    "o:b:12:1": lock.ReopenBecause(12, 1),
    "c:z:8": older.ShowOlder(8),
    "o:m:12:1": lock.RefuseBecause(12, 1),
    "o:s:12": lock.ReopenAsAsked(12),
    "o:g:12": lock.LockAgain(12),
    "q:1f:-:I1": ways.InPlaceBecause(51, "-", 1),
    "q:r": ways.ResumeHere(),
    "q:1f:0:r": ways.GoOn(51, "0"),
    "q:1f:3.2:g": ways.AskAgain(51, "3.2"),
    "q:1f:3.2:w": ways.Replied(51, "3.2"),
    "q:1f:3:b": ways.StepBack(51, "3"),
    "q:1f:3:s": ways.SkipIt(51, "3"),
    "q:1f:3:p": ways.AsBefore(51, "3"),
    "q:1f:3:y": ways.Keep(51, "3"),
    "q:1f:3:z": ways.LookDoubted(51, "3"),
    "q:1f:3:t": ways.RightSo(51, "3"),
    "q:1f:3:f": ways.MendDoubted(51, "3"),
    "q:1f:3:q": ways.AskWhy(51, "3"),
    "q:1f:3:W": ways.WordsAreReason(51, "3"),
    "q:1f:3:j2": ways.Because(51, "3", 2),
    "q:1f:3:c0": ways.Choose(51, "3", 0),
    "q:1f:3:k": ways.TakeMarked(51, "3"),
    "q:1f:3:v1": ways.Meant(51, "3", 1),
    "q:1f:3.2:a": ways.AddRow(51, "3.2"),
    "q:1f:3:d": ways.NoMore(51, "3"),
    "q:1f:3:h": ways.AskOfficer(51, "3"),
    "q:1f:3:u": ways.Unchanged(51, "3"),
    "q:1f:3:U": ways.SendUnchanged(51, "3"),
    "q:1f:3:o": ways.RestAsBefore(51, "3"),
    "q:1f:3:e": ways.Explain(51, "3"),
    "q:1f:3:m": ways.TakeSeveral(51, "3"),
    "q:1f:3:N": ways.NotSeveral(51, "3"),
    "q:1f:3:n": ways.LookSeveral(51, "3"),
    "q:1f:3:F117": ways.FigureOf(51, "3", "117"),
    "q:1f:3:i": ways.Changed(51, "3"),
    "q:1f:3:l": ways.Later(51, "3"),
    "q:1f:-:x": ways.GiveUp(51, "-"),
    "q:1f:-:X": ways.GiveUpNow(51, "-"),
    "q:1f:-:S": ways.Send(51, "-"),
    "q:1f:-:T": ways.SendOver(51, "-"),
    "q:1f:-:O": ways.SendSettled(51, "-"),
    "q:1f:5.2:R": ways.LookRows(51, "5.2"),
    "q:1f:5.2.1:Q": ways.LookRow(51, "5.2.1"),
    "q:1f:5:A": ways.NewRowOf(51, "5"),
    "q:1f:5.2.1:D": ways.AskDrop(51, "5.2.1"),
    "q:1f:5.2.1:E": ways.DropNow(51, "5.2.1"),
    "e:w:i12:3": enrol.TakenBy("i12", 3),
    "e:y:r7": enrol.Agree("r7"),
    "e:n:i12": enrol.Disagree("i12"),
    "e:s": naming.SkipName(),
    "a:named": naming.IsName(),
    "a:nameless": naming.IsNoName(),
    "k:0:h:": answers.AskHelp(),
    "k:3:o:1": answers.TakeOffer(3, 1),
    "k:3:m:8": answers.MoreOffers(3, 8),
    "k:3:s:": answers.SaveQuestion(3),
    "k:3:n:6": answers.NextPage(3, 6),
    "k:3:b:": answers.AskEarlier(3),
    "k:3:p:12": answers.AskPlace(3, 12),
    "k:3:d:xa": answers.AskUnits(3, "xa"),
    "k:3:g:": answers.AskTrend(3),
    "k:3:x:": answers.AskExcel(3),
    "k:3:i:ho-ngheo": answers.AskIndicator(3, "ho-ngheo"),
    "l:vi": language.Speak("vi"),
    "m:baocao": navigation.Command("baocao"),
    "x:yes:12": leave.Leave(12),
    "x:no": leave.Stay(),
}
"""The text of every class as messages out there bear it: a line changes only with a new class."""
OPENING = {"q:1f:0:r", "l:vi", "m:baocao", "w:", "z:p:12", "n:p:12:", "n:t:12:heads", "n:f:12:", "n:v:12:"}
OPENING |= {
    "k:0:h:",
    "k:3:o:1",
    "k:3:m:8",
    "k:3:n:6",
    "k:3:b:",
    "k:3:p:12",
    "k:3:d:xa",
    "k:3:g:",
    "k:3:i:ho-ngheo",
}
OPENING |= {data for data in EXAMPLES if data.startswith(("d:", "t:", "v:", "vy:", "n:a:", "n:b:"))}
OPENING |= {"z:v:12", "f:p:12:0:8", "f:v:12:3:0", "f:s:12:0:nuoc-sach", "f:m:12:60:nuoc-sach", "f:d:12:0:4"}
OPENING |= {"c:l:6", "c:d:12", "c:r:c", "c:p:c", "c:b:c:2", "c:m:12", "c:k:12", "c:h:c:3"}
OPENING |= {
    "a:r",
    "o:l:8",
    "o:z:8",
    "o:p:nuoc-sach:2026-11:8",
    "o:o:12",
    "h:a:12",
    "r:s:12",
    "c:g:12",
    "c:z:8",
}
OPENING |= {"x:w:c:3", "x:n:12", "x:v:12", "x:a:12"}
OPENING -= {"d:k:c"}
"""Part of the label presses these."""
ASCII = st.characters(codec="ascii")
"""All that the patterns of buttons match."""
KINDS = sorted(PRESSES.answers, key=lambda kind: kind.wire.text)


def declared(kind: type[Button] = Button) -> Iterator[type[Button]]:
    """Every class of buttons in `handlers`."""
    for below in kind.__subclasses__():
        if "wire" in vars(below) and below.__module__.startswith("handlers."):
            yield below
        yield from declared(below)


def test_every_class_has_an_answer_and_stands_here_with_its_text() -> None:
    assert set(declared()) == set(KINDS)
    assert {type(example) for example in EXAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize("data", EXAMPLES)
def test_a_text_of_the_release_before_is_understood_and_written_as_it_was(data: str) -> None:
    assert PRESSES.read(data) == EXAMPLES[data]
    assert str(EXAMPLES[data]) == data
    assert EXAMPLES[data].opens == (data in OPENING)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_whatever_a_button_says_fits_and_comes_back(kind: type[Button], data: st.DataObject) -> None:
    text = data.draw(st.from_regex(kind.wire.pattern(), fullmatch=True, alphabet=ASCII))
    read = PRESSES.read(text)
    if read is not None:
        assert len(str(read).encode()) <= MOST_BYTES
        assert PRESSES.read(str(read)) == read


@given(st.one_of(st.text(max_size=64), st.text("mtvfqdxaelnuwyzjkohr" + "0123456789zZ:.*-", max_size=40)))
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
    assert short_name("x" * 25) == "~c28e601ce2572490"
    marks = {short_name(name) for name in (printable, printable[1:], "nước", "a:b", "x" * 25)}
    assert len(marks) == 5
    assert all(len(mark) <= 24 and ":" not in mark for mark in marks)


def test_a_label_is_cut_to_what_a_button_shows() -> None:
    shown = choice("x" * 100, navigation.Command("menu"))
    assert len(shown.label) == 64
    assert shown.data == "m:menu"


@pytest.mark.parametrize("name", ["Sử & Páo", "Sử <Páo>", "Sử Páo"])
def test_a_label_shows_what_a_sentence_escapes(name: str) -> None:
    labels = [choice(label, navigation.Command("menu")).label for label in (name, escape(name))]
    assert labels == [name, name]
    assert {type(label) for label in labels} == {str}
