"""The words of questions beside the names of indicators, places and periods.

They stand in `queries/words/`, in files that an official can read and correct; here each table gets its name and
what its words mean in code. A file that does not fit is a fault at the start (see `phrases.WordsFault`).
"""

from pathlib import Path
from typing import Final

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
"""Courtesy and grammar: words that change nothing."""
MISSABLE: Final = frozenset(COURTESY.phrases("missable"))
"""Words that may be missing from an indicator's name; "cho" is one, "chỗ" and "chợ" are not."""
INNER: Final = frozenset(map(bare, MISSABLE))
"""The same without marks, as they may stand inside a name that is typed."""
REQUESTS: Final = COURTESY.flags("requests")
"""Courtesy of who asks; behind others it says what these want."""
CONTEXT: Final = COURTESY.flags("context")
"""For whom or what a question is; only at its edges."""
CLOSING: Final = COURTESY.flags("closing")
"""Says nothing at the end of a question, though the same letters may mean something within it."""
OPENING: Final = COURTESY.flags("opening")
"""Says nothing at the beginning of a question."""
MARKED_CLOSING, MARKED_OPENING = (
    Table({f"={phrase}": True for phrase in COURTESY.phrases(name)}) for name in ("closing", "opening")
)
"""The same in a question that is typed with marks, which means them: "vay" is no "vậy" there."""
THANKS: Final = COURTESY.flags("thanks")
"""Thanks, where nothing is asked beside."""
WHO: Final = COURTESY.flags("who")
"""Asks for persons, where something is counted."""
TELLING: Final = COURTESY.flags("telling")
"""Behind a request: it is for figures."""
FOLLOW: Final = COURTESY.flags("follow")
"""Goes on from the question before."""
AND: Final = COURTESY.flags("and")
BOTH: Final = COURTESY.flags("both")
"""Said twice it sets two things side by side: "vừa thiếu nước vừa có nhà tạm"."""
HEIGHT: Final = COURTESY.flags("height")
"""Right before an indicator's name it says nothing."""
TURNING: Final = frozenset(COURTESY.phrases("turning"))
"""Without them a question is another one."""
PARTICLES: Final = COURTESY.flags("particles")
"""A question ends so; there they deny nothing."""

# --- what is wanted ---------------------------------------------------------------------------------------

INTENTS: Final = WANTED.table("intents", Intent)
ASKED_WHAT: Final = WANTED.flags("asked_what")
"""Behind a question for difficulties it says nothing more."""
MET: Final = WANTED.flags("met")
"""Behind difficulties: who has them."""
REPORTED: Final = WANTED.answers("reported")
"""Who has reported: True when those are asked for who have."""
REPORTING: Final = WANTED.flags("reporting")
"""With a "chưa" at the end: whether a place has reported."""
SENT: Final = WANTED.flags("sent")
"""With a "rồi" at the end: who has reported."""
YET: Final = WANTED.flags("yet")
STANDINGS: Final = {
    "all": "",
    **{name: name for name in ("achieved", "behind", "on_track", "no_data", "amounts", "tasks")},
}
TARGETS: Final = WANTED.table("targets", STANDINGS.__getitem__)
"""The table of targets is asked for, and which of them: the standing as the roll-up has it, "" for all,
"amounts" for what plans allot, line by line, "tasks" for how their tasks stand."""
CLAUSES: Final = WANTED.codes("clauses")
"""Asks what the plans say: the name of a `frames.Clause`."""
OWN_FORMS: Final = WANTED.flags("own_forms")
"""Asks what the asker has to send themselves."""
STATED: Final = WANTED.flags("stated")
GOALS_SAID: Final = WANTED.flags("goals_said")
STATED_UNIT: Final = WANTED.flags("stated_unit")
"""Around a number that the asker knows the plan to have: "giao 632 tỷ"."""
SENDING: Final = WANTED.flags("sending")
ASKED_WHEN: Final = WANTED.flags("asked_when")
"""Together they ask for a deadline, with the name of a questionnaire between."""
FINISHED: Final = WANTED.flags("finished")
"""With a word of `ASKED_WHEN`: by when a plan means to be done."""
MUST: Final = WANTED.flags("must")
"""With a "bao nhiêu" behind: asks for the number that a plan sets."""
UNCOLLECTED: Final = WANTED.codes("uncollected")
"""What nobody reports here, with the indicator or the domain that comes nearest."""
NO_TOPIC: Final = WANTED.flags("no_topic")
"""Of what is asked they say nothing: no clause need have them."""
TOPIC: Final = WANTED.flags("topic")
"""What a word of `NO_TOPIC` begins, and says something of what is asked."""
RHYTHMS: Final = WANTED.codes("rhythms")
"""Reports of periods of that length."""
GOALS: Final = WANTED.flags("goals")
"""With "bao nhiêu": asks for the number that a plan sets."""
HOW_MUCH: Final = WANTED.flags("how_much")
FORMATS: Final = WANTED.table("formats", Format)
PERSONAL: Final = WANTED.flags("personal")
"""Asks about a person or one household: refused to everybody."""
DOCUMENTS: Final = WANTED.flags("documents")
"""Asks for a report as a text, which nobody writes here."""
OUTSIDE: Final = WANTED.flags("outside")
"""No figure here, though a part of it sounds like a person's data or like a domain."""
CHANGE: Final = WANTED.flags("change")
"""Asks to change what was reported: refused to everybody."""

# --- orders, bounds and numbers ---------------------------------------------------------------------------

ORDERS: Final = MEASURES.table("orders", Order)
APART: Final = MEASURES.table("apart", Order)
"""The same with the indicator within: "nhiều nhà tạm nhất"."""
LEADS: Final = MEASURES.table("leads", Order)
"""The end that stands first, of what has a better one."""
DONE: Final = MEASURES.flags("done")
"""Asks for what was done about something, not for what there is of it."""
TO_DO: Final = MEASURES.flags("to_do")
"""Says that something is still there, and denies nothing: "nhà tạm chưa xóa"."""
HOW_FAR: Final = MEASURES.flags("how_far")
"""Asks how far something has come: for what there is, though "xóa" be said."""
THAN_APART: Final = MEASURES.table("than_apart", Relation)
MORE: Final = MEASURES.flags("more")
"""Together they hold two places against each other, with the indicator within: "nhiều nhà tạm hơn"."""
MEAN: Final = MEASURES.flags("mean")
"""Of units their mean is asked for."""
MOST: Final = MEASURES.flags("most")
RANK: Final = MEASURES.flags("rank")
"""Which place in the order a unit has."""
AGAINST_TARGET: Final = MEASURES.answers("against_target")
"""Units are picked by whether they meet the target."""
RELATIONS: Final = MEASURES.table("relations", Relation)
"""Before a number."""
THAN: Final = MEASURES.table("than", Relation)
"""Before a place whose value is the limit."""
AFTERWARDS: Final = MEASURES.table("afterwards", Relation)
"""Behind a number: "50 % trở lên"."""
BETWEEN: Final = MEASURES.flags("between")
"""Before two numbers: "từ 80 đến 90 %"."""
ONE_OF_TWO: Final = MEASURES.flags("one_of_two")
"""Before two numbers with an "và" between: "giữa 80 và 90 %"."""
UP_TO: Final = MEASURES.flags("up_to")
"""Between two numbers."""
EXACTLY: Final = MEASURES.flags("exactly")
"""Before a number that is the value itself: "thôn nào có đúng 5 nhà tạm"."""
BEFORE_NUMBER: Final = MEASURES.flags("before_number")
"""Before how many units are wanted."""
COUNTED_AS: Final = MEASURES.table("counted_as", str)
"""Behind a number, or in an indicator's name: what is counted, "household" or "person"."""
MANY: Final = frozenset(MEASURES.phrases("many"))
"""An order by how many there are, not by how large a part they are."""
SHARE: Final = MEASURES.flags("share")
QUANTITY: Final = MEASURES.flags("quantity")
"""Asks for one number: which of them must be said ("Vĩnh Thông có bao nhiêu hộ")."""
GAP: Final = MEASURES.answers("gap")
"""Asks what is missing to reach the target; False where that is only what for."""
SUM: Final = MEASURES.flags("sum")
"""Of several places their sum is asked for."""
ALL_OF: Final = MEASURES.table("all_of", lambda id: "" if id == "not" else id)
"""Asks for all there are, where nothing else is named: the indicator that counts them; "" where of some is asked."""
NEAR: Final = MEASURES.table("near", str)
"""What people call something that is nearly an indicator: the answer tells what that one counts."""
COUNTING: Final = frozenset(MEASURES.phrases("counting"))
"""The last word before what is counted: "số người", "bao nhiêu người"."""
MONEY: Final = frozenset(MEASURES.phrases("money"))
PEOPLE: Final = MEASURES.flags("people")
"""Of whom something is counted."""
GROUPS: Final = MEASURES.flags("groups")
"""Some of the people, or a change: what is counted for all at a time is not that."""
MOVED: Final = MEASURES.table("moved", Order)
"""Asks how something changed: HIGHEST where it rose, LOWEST where it fell."""
PART: Final = MEASURES.answers("part")
"""Asks which part of a larger unit's a place has; False where the word may say something else too."""
NEGATION: Final = MEASURES.answers("negation")
"""Turns the indicator behind it round; False where it is denied twice ("chưa hết nhà tạm")."""
LATE: Final = MEASURES.flags("late")
"""How single works or tasks stand, which no figure says of a whole domain."""

# --- where and when ---------------------------------------------------------------------------------------

LEVELS: Final = WHERE_AND_WHEN.table("levels", str)
"""A type word without a name behind it, as a `Level`."""
EACH: Final = WHERE_AND_WHEN.flags("each")
"""Before a level: its units are listed."""
LISTED: Final = WHERE_AND_WHEN.flags("listed")
"""Before a level: those of its units are listed to which it applies."""
ALL_OF_THEM: Final = WHERE_AND_WHEN.flags("all_of_them")
"""Before so many units, which are all there are."""
KNOWN_UNITS: Final = WHERE_AND_WHEN.flags("known_units")
"""Behind so many units, which are all there are."""
HOW_MANY: Final = WHERE_AND_WHEN.flags("how_many")
"""Before a level: its units are counted."""
WHOLE: Final = WHERE_AND_WHEN.flags("whole")
"""Before a level: the asker's own unit of that level."""
ANY_AT_ALL: Final = WHERE_AND_WHEN.flags("any")
"""Before what is counted, where a question ends in "không": whether there is any."""
SOMEWHERE: Final = WHERE_AND_WHEN.flags("somewhere")
"""Its units are picked, of the level below."""
OWN: Final = WHERE_AND_WHEN.flags("own")
"""Behind a level: the asker's own unit of that level."""
WHICH: Final = WHERE_AND_WHEN.flags("which")
"""Behind a level: its units are picked or ordered."""
WITHIN: Final = frozenset(WHERE_AND_WHEN.phrases("within"))
"""An own unit after one of these only says where: "xã Vĩnh Thông trong huyện"."""
AGES: Final = WHERE_AND_WHEN.answers("ages")
"""Behind a place: the one that is no more (True), or the one that stands."""
LOCATIVE: Final = WHERE_AND_WHEN.flags("locative")
"""Only a place can stand behind it."""
NATION: Final = WHERE_AND_WHEN.flags("nation")
EXCEPT: Final = WHERE_AND_WHEN.flags("except")
"""Before what is left out of a sum: sums are not told so, and the place must not be taken for the one asked about."""
UNTIL: Final = WHERE_AND_WHEN.answers("until")
"""Everything up to a time, of what is counted over a time from the year's beginning; True by itself too."""
BY_UNIT: Final = WHERE_AND_WHEN.table("by_unit", lambda length: (0, length))
"""Over time, in steps of that length."""
AGAINST: Final = {"before": "before", "year_ago": "year_ago", "year_start": "year_start"}
PREVIOUS: Final = WHERE_AND_WHEN.table("previous", AGAINST.__getitem__)
"""A period before is wanted beside: the one before, the same a year before, or the year's first."""

# --- all of them ------------------------------------------------------------------------------------------

GRAMMAR: Final = frozenset(
    word
    for table in list(vars().values())
    if isinstance(table, Table)
    for entries in table.entries.values()
    for entry in entries
    for said in entry.words
    for word in (said, bare(said))
)
"""Every word of every table, with its marks and without."""
