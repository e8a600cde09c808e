"""What every process of the program reads when it starts, read by the process that the others are forked from.

To parse the five plans and the sentences of two languages takes longer than all else that a small command does.
"""

import gc

from handlers.wording import LANGUAGES, wording
from plans.reading import bundled_plans
from questionnaires.answers.tokens import Table

bundled_plans()
for locale in LANGUAGES:
    for officer in (False, True):
        wording(locale, officer)
for table in gc.get_objects():
    if isinstance(table, Table):
        assert table.entries, "made when first looked up; here once for all"
gc.freeze()  # what is here stays: no forked process need look through it, nor have a copy of it
