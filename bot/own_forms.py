"""The questionnaires in the folder of an office's own plans: compiled, and kept in the database when the bot starts.

One that cannot be compiled is left out and reported; the version in use stays.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

import questionnaires
from bot.settings import Settings
from bot.trying import fault_line
from plans.faults import PlanFault
from plans.own import is_own
from questionnaires.faults import FormRefused, refused
from questionnaires.questionnaire import Questionnaire, UnreadableFormError
from storage.database import UnfitDatabase, check_version, is_missing, open_engine, reading
from storage.forms import active_ids, list_forms, save_form
from storage.session import Session
from storage.tables import Form

BUNDLED: Final = Path(questionnaires.__file__).parent / "forms"
"""The questionnaires that come with the program."""
SUFFIXES: Final = frozenset((".md", ".xlsx"))


@dataclass
class OwnForms:
    """What lies in the folder `forms` of the office's plans."""

    forms: list[Questionnaire] = field(default_factory=list)
    faults: list[PlanFault] = field(default_factory=list)


def bundled_names() -> frozenset[str]:
    """The form_id of each questionnaire that comes with the program."""
    return frozenset(path.stem for path in BUNDLED.glob("*.md"))


def own_forms(folder: Path, lang: str) -> OwnForms:
    """Return the questionnaires of an office's folder, and in words of `lang` what is wrong with the others."""
    read = OwnForms()
    for path in files_of(folder):
        where = f"{folder.name}/forms/{path.name}"
        try:
            form = compiled(path)
        except FormRefused as problem:
            read.faults += [PlanFault(where, "form", fault_line(fault, lang)) for fault in problem.faults]
        except OSError:
            read.faults.append(PlanFault(where, "unreadable", path.name))
        else:
            faults = list(faults_beside(form, read.forms, where))
            read.faults += faults
            if not faults:
                read.forms.append(form)
    return read


def compiled(path: Path) -> Questionnaire:
    """The questionnaire in a file, with the files that lie beside it. Raises FormRefused, OSError."""
    # pyxform takes tens of megabytes, which only an office with questionnaires of its own should pay for.
    from questionnaires.xlsform import compile_form
    from questionnaires.xlsform.beside import in_folder
    from questionnaires.xlsform.files import content_of

    data = content_of(path)
    try:
        return compile_form(data, path.name, in_folder(path))
    except FormRefused:
        raise
    except Exception as error:  # whatever a form does to its readers, the bot has to start
        raise refused("unreadable", why=type(error).__name__) from error


def faults_beside(form: Questionnaire, others: Iterable[Questionnaire], where: str) -> Iterator[PlanFault]:
    """Yield a fault if another questionnaire has the same form_id."""
    if form.name in bundled_names():
        yield PlanFault(where, "form_taken", form.name)
    elif form.name in {other.name for other in others}:
        yield PlanFault(where, "taken", form.name)


def files_of(folder: Path) -> list[Path]:
    """Return the files of questionnaires; the traces that Excel leaves of an open workbook are none."""
    if not is_own(folder):
        return []
    return sorted(
        path
        for path in folder.glob("forms/*")
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~", "."))
    )


async def imported(settings: Settings, known: Collection[str]) -> list[Questionnaire]:
    """Return the questionnaires in use whose names are not `known`: those imported into the database, if there is one."""
    if is_missing(settings.database_url):
        return []  # and no folder is made for it
    engine = open_engine(settings.database_url)
    try:
        await check_version(engine)
        async with reading(engine) as session:
            rows = [form for form in await list_forms(session) if form.name not in known]
            return [Questionnaire.from_json(form.compiled) for form in rows]
    except (DBAPIError, UnfitDatabase, OSError, UnreadableFormError):
        return []
    finally:
        await engine.dispose()


async def save_own(session: Session, forms: Iterable[Questionnaire]) -> None:
    """Let new interviews use these versions. Versions already in use are left alone."""
    active = await active_ids(session)
    for form in forms:
        row = await session.get(Form, active[form.name]) if form.name in active else None
        if row is None or row.version != form.version:
            await save_form(session, form)
