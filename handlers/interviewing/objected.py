"""A village objected to what was sent on its behalf, and now sends it again with the disputed figures unchanged.

One press on «Gửi» would make them its own: are they right after all?
"""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from handlers import acting, asked_back
from handlers.interviewing import overtaken
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain, SendSettled
from handlers.messages import clip, column
from storage import challenges
from storage.tables import Submission

MOST: Final = 4
"""How many disputed figures are shown."""
QUESTION: Final = 40
"""How many letters of a question stand on a button."""


async def ask(sitting: Sitting, corrected: Submission | None, *before: Markup) -> bool:
    """Ask whether the figures that the village disputed in the report `corrected` are right now, if none of them is
    changed, after the paragraphs `before`; return whether that was asked."""
    if corrected is None or acting.is_in_place(sitting.turn, sitting.row.place_id):
        return False
    disputed = await challenges.disputed(sitting.turn.session, corrected)
    values = sitting.interview.values
    if not disputed or any(values.get(path, "") != value for path, (_, value) in disputed.items()):
        return False
    in_order = sorted(disputed.items(), key=lambda one: sitting.form.place_of(one[0]))
    show(sitting, dict(in_order[:MOST]), *before)
    return True


def show(sitting: Sitting, disputed: Mapping[str, tuple[str, str]], *before: Markup) -> None:
    """Show disputed figures, before and after they were changed on the village's behalf, with a button to mend each."""
    say, form, lang = sitting.say, sitting.form, sitting.turn.locale
    was, now = ({path: pair[end] for path, pair in disputed.items()} for end in (0, 1))
    lines = [overtaken.line(say, form, path, was, now) for path in disputed]
    sitting.settle()
    sitting.note(at="S")
    mend = [
        sitting.button(
            say("objected.button.mend", question=clip(asked_back.label(form, path, lang), QUESTION)),
            AskAgain,
            path,
        )
        for path in disputed
        if now[path]
    ]
    right = sitting.named("objected.button.right", SendSettled)
    sitting.speak(*before, say("objected.ask"), Markup("\n").join(lines), choices=column(*mend, right))
    sitting.save()
