"""The words of questions, except the names of indicators, places and periods.

They stand in `queries/words/`, in files that an official can read and correct. Here each table gets its name and the
meaning of its words in code. A file that does not fit is reported at the start (see `phrases.WordsFault`).
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from queries.frames import Format, Intent, Order, Relation
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table

FOLDER: Final = Path(__file__).parent / "words"
COURTESY, WANTED, MEASURES, WHERE_AND_WHEN = (
    Words.read(FOLDER / f"{name}.toml") for name in ("loi-le", "muon-gi", "so-sanh", "noi-va-luc")
)

# --- courtesy and grammar ---------------------------------------------------------------------------------

ABBREVIATIONS: Final = COURTESY.pairs("abbreviations")
FILLER: Final = COURTESY.flags("filler")
"""Courtesy and grammar, without effect."""
MISSABLE: Final = frozenset(COURTESY.phrases("missable"))
"""Words that may be missing from an indicator's name; "cho" is one, "chỗ" and "chợ" are not."""
INNER: Final = frozenset(map(bare, MISSABLE))
"""The same without diacritics, as they may stand within a typed name."""
REQUESTS: Final = COURTESY.flags("requests")
"""A polite request of the asker; after a noun it says what those people want."""
CONTEXT: Final = COURTESY.flags("context")
"""The purpose or recipient of an answer; only at the edges of a question."""
CLOSING: Final = COURTESY.flags("closing")
"""Without meaning at the end of a question; within it, the same letters may mean something."""
OPENING: Final = COURTESY.flags("opening")
"""Without meaning at the beginning of a question."""
MARKED_CLOSING, MARKED_OPENING = (
    Table({f"={phrase}": True for phrase in COURTESY.phrases(name)}) for name in ("closing", "opening")
)
"""The same in a question that is typed with marks, which means them: "vay" is no "vậy" there."""
THANKS: Final = COURTESY.flags("thanks")
"""Thanks, if nothing else is asked."""
WHO: Final = COURTESY.flags("who")
"""Asks for people, where something is counted."""
TELLING: Final = COURTESY.flags("telling")
"""After a request: it asks for figures."""
FOLLOW: Final = COURTESY.flags("follow")
"""Continues the question before."""
AND: Final = COURTESY.flags("and")
BOTH: Final = COURTESY.flags("both")
"""Said twice, it joins two things: "vừa thiếu nước vừa có nhà tạm"."""
HEIGHT: Final = COURTESY.flags("height")
"""Without meaning right before an indicator's name."""
TURNING: Final = frozenset(COURTESY.phrases("turning"))
"""Without one of these, a question means something else."""
PARTICLES: Final = COURTESY.flags("particles")
"""They end a question, and deny nothing there."""

# --- what is wanted ---------------------------------------------------------------------------------------

INTENTS: Final = WANTED.table("intents", Intent)
ASKED_WHAT: Final = WANTED.flags("asked_what")
"""Without meaning after a question about difficulties."""
MET: Final = WANTED.flags("met")
"""After difficulties: who has them."""
REPORTED: Final = WANTED.answers("reported")
"""Who has reported: True if it asks for those who have."""
APPROVED: Final = WANTED.flags("approved")
"""Asks what was approved or locked, of what was sent."""
DEFINED: Final = WANTED.flags("defined")
"""Beside an indicator: asks what it is, and how it is counted."""
REPORTING: Final = WANTED.flags("reporting")
"""With a "chưa" at the end: whether it was reported."""
SENT_OR_NOT: Final = WANTED.flags("sent_or_not")
"""With a "không" at the end: whether it was reported."""
SENT: Final = WANTED.flags("sent")
"""With a "rồi" at the end: who has reported."""
YET: Final = WANTED.flags("yet")
STANDINGS: Final = {
    "all": "",
    **{
        name: name
        for name in ("achieved", "behind", "on_track", "no_data", "over", "amounts", "tasks", "works")
    },
}
TARGETS: Final = WANTED.table("targets", STANDINGS.__getitem__)
"""Asks for the table of targets, and which of them: a standing as in the roll-up, "" for all, "amounts" for what plans
allot, "tasks" for how tasks stand, "works" for single works."""
TARGET_STATES: Final = WANTED.table("target_states", STANDINGS.__getitem__)
"""Behind "chỉ tiêu nào" and a place: the standing asked for."""
CLAUSES: Final = WANTED.codes("clauses")
"""Asks what the plans say: the name of a `frames.Clause`."""
OWN_FORMS: Final = WANTED.flags("own_forms")
"""Asks what the asker has to send themselves."""
STATED: Final = WANTED.flags("stated")
GOALS_SAID: Final = WANTED.flags("goals_said")
STATED_UNIT: Final = WANTED.flags("stated_unit")
"""Around a number that the asker says the plan has: "giao 632 tỷ"."""
OUT_OF: Final = WANTED.flags("out_of")
"""Between a "bao nhiêu" and the number that is all there are to do: "được bao nhiêu hộ trên 179"."""
SENDING: Final = WANTED.flags("sending")
ASKED_WHEN: Final = WANTED.flags("asked_when")
"""Together they ask for a deadline, around the name of a questionnaire."""
OF_DUTY: Final = WANTED.flags("of_duty")
"""With these, "khi nào … nộp" asks for a deadline, also where a unit is named."""
TIMELY: Final = WANTED.flags("timely")
"""How a report was sent: in time, or late."""
LAGGING: Final = WANTED.flags("lagging")
"""Asks who is most behind, which those are that have not sent."""
FINISHED: Final = WANTED.flags("finished")
"""With a word of `ASKED_WHEN`: by when a plan means to finish."""
MUST: Final = WANTED.flags("must")
"""With a "bao nhiêu" after it: asks for the value that a plan sets."""
MUST_BE_DONE: Final = WANTED.flags("must_be_done")
"""With a "bao nhiêu" and a plan's year: asks for the value that a plan sets."""
BY_PLAN: Final = WANTED.flags("by_plan")
"""With a "bao nhiêu": the same, whatever the time."""
FALLS_DUE: Final = WANTED.flags("falls_due")
"""Beside "chỉ tiêu nào" and a year: asks for the targets of that year."""
HOW_OFTEN: Final = WANTED.flags("how_often")
"""Beside a plan's name: asks for the reports that the plan wants."""
SET_BY_PLAN: Final = WANTED.flags("set_by_plan")
"""Asks what a plan sets, in one phrase: "kế hoạch bao nhiêu"."""
AGAINST_PLAN: Final = WANTED.flags("against_plan")
"""Right before such a phrase: asks how much of it was reached."""
UNCOLLECTED: Final = WANTED.codes("uncollected")
"""What nobody reports here, with the nearest indicator or domain."""
GIVEN_TO_UNIT: Final = WANTED.flags("given_to_unit")
"""Right behind a unit: asks for the capital that it was given."""
SUPPORTS: Final = WANTED.flags("supports")
"""Begins the name of a support."""
AMOUNT_ASKED: Final = WANTED.flags("amount_asked")
"""Behind a support: asks for its norm."""
SHARE_ASKED: Final = WANTED.flags("share_asked")
"""At the end of a question that begins with a support: the same."""
NO_TOPIC: Final = WANTED.flags("no_topic")
"""They say nothing about the subject: a clause need not contain them."""
TOPIC: Final = WANTED.flags("topic")
"""Phrases that begin with a word of `NO_TOPIC` and do say something about the subject."""
RHYTHMS: Final = WANTED.codes("rhythms")
"""Names of reports by the length of their period."""
PACE: Final = WANTED.flags("pace")
"""Asks how far something has come."""
GOALS: Final = WANTED.flags("goals")
"""With "bao nhiêu": asks for the value that a plan sets."""
HOW_MUCH: Final = WANTED.flags("how_much")
FORMATS: Final = WANTED.table("formats", Format)
PERSONAL: Final = WANTED.flags("personal")
"""Asks about a person or one household: refused to everybody."""
DOCUMENTS: Final = WANTED.flags("documents")
"""Asks for a written report, which nobody writes here."""
OUTSIDE: Final = WANTED.flags("outside")
"""Not a figure of ours, although part of it sounds like personal data or like a domain."""
CHANGE: Final = WANTED.flags("change")
"""Asks to change what was reported: refused to everybody."""

# --- orders, bounds and numbers ---------------------------------------------------------------------------

ORDERS: Final = MEASURES.table("orders", Order)
APART: Final = MEASURES.table("apart", Order)
"""The same around the indicator: "nhiều nhà tạm nhất"."""
LEADS: Final = MEASURES.table("leads", Order)
"""The end that comes first, of something with a better end."""
DONE: Final = MEASURES.flags("done")
"""Asks what was done about something, not what remains."""
TO_DO: Final = MEASURES.flags("to_do")
"""Says that something remains, and denies nothing: "nhà tạm chưa xóa"."""
STATES: Final = MEASURES.codes("states")
"""Whether works are finished or under way, by the words beside their name."""
HOW_FAR: Final = MEASURES.flags("how_far")
"""Asks how far something has come: what remains, even with "xóa"."""
THAN_APART: Final = MEASURES.table("than_apart", Relation)
MORE: Final = MEASURES.flags("more")
"""Together they compare two places, around the indicator: "nhiều nhà tạm hơn"."""
MEAN: Final = MEASURES.flags("mean")
"""Asks for the mean of units."""
MOST: Final = MEASURES.flags("most")
BETTER: Final = MEASURES.table("better", Order)
"""The end of all units that a "khá hơn" at the end of a question asks for."""
BESIDE: Final = MEASURES.flags("beside")
"""Words that set one thing beside another."""
IN_GENERAL: Final = MEASURES.flags("in_general")
"""Behind "so với": the figure of everybody."""
EACH_ASKED: Final = MEASURES.flags("each_asked")
"""Words that ask which unit."""
COMING: Final = WHERE_AND_WHEN.table("coming", int)
"""Behind a number: so long from today, in days of each."""
FOR_WHOM: Final = COURTESY.flags("for_whom")
"""What a question is for, before who is told: "để chiều báo cáo"."""
ADDRESSED: Final = COURTESY.flags("addressed")
"""Stands before the name of whoever that is for."""
SORTED: Final = MEASURES.flags("sorted")
"""Begins a wish for an order that is said behind it."""
NTH: Final = MEASURES.flags("nth")
"""Asks for the unit of a rank, counted from the highest."""
RANK: Final = MEASURES.flags("rank")
"""Asks for the rank of a unit."""
AGAINST_TARGET: Final = MEASURES.answers("against_target")
"""Picks units that meet or miss the target."""
RELATIONS: Final = MEASURES.table("relations", Relation)
"""Before a number."""
THAN: Final = MEASURES.table("than", Relation)
"""Before the place whose value is the bound."""
AFTERWARDS: Final = MEASURES.table("afterwards", Relation)
"""After a number: "50 % trở lên"."""
BETWEEN: Final = MEASURES.flags("between")
"""Before two numbers: "từ 80 đến 90 %"."""
ONE_OF_TWO: Final = MEASURES.flags("one_of_two")
"""Before two numbers joined by "và": "giữa 80 và 90 %"."""
UP_TO: Final = MEASURES.flags("up_to")
"""Between two numbers."""
EXACTLY: Final = MEASURES.flags("exactly")
"""Before a number that is the exact value: "thôn nào có đúng 5 nhà tạm"."""
BEFORE_NUMBER: Final = MEASURES.flags("before_number")
"""Before the number of units wanted."""
COUNTED_AS: Final = MEASURES.table("counted_as", str)
"""After a number or in an indicator's name: what is counted, "household" or "person"."""
MANY: Final = frozenset(MEASURES.phrases("many"))
"""A ranking by number rather than by share."""
SHARE: Final = MEASURES.flags("share")
QUANTITY: Final = MEASURES.flags("quantity")
"""Asks for one number, so that which one must be said ("Vĩnh Thông có bao nhiêu hộ")."""
GAP: Final = MEASURES.answers("gap")
"""Asks what is missing to the target; False if it only says what for."""
PURPOSE_OF_REACHING: Final = MEASURES.flags("to_reach")
"""Before a value that is to be reached: "để đạt 95 %"."""
REACHED: Final = MEASURES.flags("reached")
"""Behind an indicator, before a value that is to be reached."""
FALLS_TO: Final = MEASURES.flags("falls_to")
"""Behind it, before a value that is to be reached by what should be less: "xuống còn 10 %"."""
CAPITAL_LEFT: Final = MEASURES.flags("capital_left")
"""Beside capital: asks for what is left of what was given, not for what was spent."""
SUM: Final = MEASURES.flags("sum")
"""Asks for the sum of several places."""
BOTH_UNITS: Final = MEASURES.flags("both_units")
"""Says of some places that one number is asked of them together: "cả hai xã"."""
ALL_OF: Final = MEASURES.table("all_of", lambda id: "" if id == "not" else id)
"""Asks for all there are if nothing else is named: the indicator that counts them; "" if only some are asked for."""
NEAR: Final = MEASURES.table("near", str)
"""Common names for something close to an indicator: the answer says what that one counts."""
OPPOSITE: Final = MEASURES.table("opposite", str)
"""Names of what a share leaves over: "mù chữ"."""
COUNTING: Final = frozenset(MEASURES.phrases("counting"))
"""The last word before what is counted: "số người", "bao nhiêu người"."""
MONEY: Final = frozenset(MEASURES.phrases("money"))
PEOPLE: Final = MEASURES.flags("people")
"""Of whom something is counted."""
GROUPS: Final = MEASURES.flags("groups")
"""A group of people, or a change, that what is counted for everybody does not tell."""
MOVED: Final = MEASURES.table("moved", Order)
"""Asks how something changed: HIGHEST where it rose, LOWEST where it fell."""
ADDED: Final = MEASURES.flags("added")
"""Asks how many there are more than before."""
STAYED: Final = MEASURES.flags("stayed")
"""Asks which units stayed as they were."""
PART: Final = MEASURES.answers("part")
"""Asks what part of a larger unit a place has; False if the word may mean something else."""
NEGATION: Final = MEASURES.answers("negation")
"""Asks for the complement of the indicator after it; False for a double negation ("chưa hết nhà tạm")."""
LATE: Final = MEASURES.flags("late")
"""How single works or tasks stand, which no figure of a whole domain says."""

# --- where and when ---------------------------------------------------------------------------------------

LEVELS: Final = WHERE_AND_WHEN.table("levels", str)
"""A type word without a name, as a `Level`."""
EACH: Final = WHERE_AND_WHEN.flags("each")
"""Before a level: its units are listed."""
LISTED: Final = WHERE_AND_WHEN.flags("listed")
"""Before a level: those of its units to which it applies are listed."""
ALL_OF_THEM: Final = WHERE_AND_WHEN.flags("all_of_them")
"""Before a number of units that are all there are."""
KNOWN_UNITS: Final = WHERE_AND_WHEN.flags("known_units")
"""After a number of units that are all there are."""
HOW_MANY: Final = WHERE_AND_WHEN.flags("how_many")
"""Before a level: its units are counted."""
WHOLE: Final = WHERE_AND_WHEN.flags("whole")
"""Before a level: the asker's own unit of that level."""
ANY_AT_ALL: Final = WHERE_AND_WHEN.flags("any")
"""Before what is counted in a question that ends in "không": whether there are any."""
SOMEWHERE: Final = WHERE_AND_WHEN.flags("somewhere")
"""Picks units of the level below."""
OWN: Final = WHERE_AND_WHEN.flags("own")
"""After a level: the asker's own unit of that level."""
MINE: Final = WHERE_AND_WHEN.flags("mine")
"""The asker's own unit is meant, whatever was asked about before."""
WHICH: Final = WHERE_AND_WHEN.flags("which")
"""After a level: its units are picked or ranked."""
WITHIN: Final = frozenset(WHERE_AND_WHEN.phrases("within"))
"""After one of these, an own unit only says where: "xã Vĩnh Thông trong huyện"."""
AGES: Final = WHERE_AND_WHEN.answers("ages")
"""After a place: the one that is gone (True), or the one that exists."""
LYING: Final = WHERE_AND_WHEN.flags("lying")
"""Before a level or a "đâu" that is asked for: where a place lies, where there is much of something."""
LOCATIVE: Final = WHERE_AND_WHEN.flags("locative")
"""Only a place can follow."""
NATION: Final = WHERE_AND_WHEN.flags("nation")
EXCEPT: Final = WHERE_AND_WHEN.flags("except")
"""Before what a sum leaves out: the place must not be taken for the one asked about."""
ENDED: Final = {"ra": EXCEPT, "lai": SUM}
"""Words that end what one of these began: "ngoài xã Phong Quang ra", "cộng A, B lại"."""
UNTIL: Final = WHERE_AND_WHEN.answers("until")
"""Everything up to a time; for flows from the year's beginning. True if it does not need a time."""
CONTRAST: Final = WHERE_AND_WHEN.flags("contrast")
"""Before a second time, of which something else is said than of the first."""
RUNNING: Final = WHERE_AND_WHEN.flags("running")
"""In each of several periods, one after another."""
BY_UNIT: Final = WHERE_AND_WHEN.table("by_unit", lambda length: (0, length))
"""A series in steps of that length."""
AGAINST: Final = {"before": "before", "year_ago": "year_ago", "year_start": "year_start"}
PREVIOUS: Final = WHERE_AND_WHEN.table("previous", AGAINST.__getitem__)
"""Asks for an earlier period beside: the one before, the same a year earlier, or the year's first."""

# --- all of them ------------------------------------------------------------------------------------------

EVERY_TABLE: Final = tuple(table for table in list(vars().values()) if isinstance(table, Table))


@cache
def grammar() -> frozenset[str]:
    """Every word of every table, with and without diacritics: hundreds of thousands of times the same thousand."""
    written = frozenset(words_of(EVERY_TABLE))
    return written | frozenset(map(bare, written))


@cache
def words_around() -> frozenset[str]:
    """The words, without diacritics, that stand around what is asked for: courtesy, and of which units."""
    courtesy = (FILLER, REQUESTS, CLOSING, OPENING, TELLING, AND)
    units = (EACH, OWN, WHICH, WHOLE, LOCATIVE)
    return frozenset(map(bare, chain(words_of(courtesy), words_of(units), words_of([LEVELS]))))


def words_of(tables: Iterable[Table[Any]]) -> Iterator[str]:
    """Every word of some tables."""
    for table in tables:
        phrases = chain.from_iterable(table.entries.values())
        yield from chain.from_iterable(phrase.words for phrase in phrases)
