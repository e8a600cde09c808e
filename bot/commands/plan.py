"""`thonbao plan`: what the plans commit to, whom they ask, and whether the data holds together."""

import asyncio
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.administration import put_page
from bot.commands import plan_make
from bot.own_forms import BUNDLED, imported, own_forms
from bot.plan_document import hold_against
from bot.plan_faults import fault_lines
from bot.plan_pages import (
    commitments,
    contradiction_facts,
    contradiction_rows,
    page_facts,
    pages,
    plan_facts,
    programme_named,
)
from bot.plan_where import where_page
from bot.printing import print_json, print_rows
from bot.problems import Problem, WrongCall
from bot.settings import load_settings
from bot.teller import Teller
from handlers.wording import Wording, wording
from plans.checks import check as check_plans
from plans.checks import place_of
from plans.contradictions import Contradiction, contradictions
from plans.faults import PlanFault, PlansRefused
from plans.plans import Plans
from plans.reading import load_plans
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.xlsform import compile_form

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]
YEAR = Annotated[int | None, typer.Option(min=2000, max=2100, help="the year of the weekly load")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list")(list_plans)
    group.command("show")(show)
    group.command("check")(check)
    group.command("page")(page)
    group.command("export")(export)
    plan_make.register(group)
    app.add_typer(group, name="plan")


def words() -> Wording:
    """The sentences of the configured language."""
    return wording(load_settings().locale)


def this_year() -> int:
    """The year that it is in the configured zone."""
    return datetime.now(load_settings().zone).year


def list_plans(json: JSON = False) -> None:
    """Các kế hoạch đã nạp / the plans that are loaded."""
    settings = load_settings()
    plans = load_plans()
    programmes = plans.programmes.values()
    if plans.own_faults:
        told = Teller(settings.locale)
        say_left_out = told("plan.own.left_out", folder=str(settings.plans_dir), n=len(plans.own_faults))
        print(say_left_out, file=sys.stderr)
    if json:
        print_json([plan_facts(programme) for programme in programmes])
        return
    say = words()
    print_rows(
        [
            (
                programme.id,
                programme.title(say.locale),
                str(
                    say("plan.years", first=str(programme.first_day.year), last=str(programme.last_day.year))
                ),
                str(say("plan.commitments", n=len(programme.targets) + len(programme.deadlines))),
            )
            for programme in programmes
        ]
    )


def show(
    plan: Annotated[str, typer.Argument(help="a plan's id, see `plan list`")],
    year: YEAR = None,
    json: JSON = False,
) -> None:
    """Một kế hoạch: chỉ tiêu, vốn, công trình, việc giao, hạn, phiếu hỏi, chỗ khác kế hoạch khác / one plan in full."""
    say = words()
    plans = load_plans()
    programme = programme_named(plans, plan, say)
    contradicting = contradictions(plans, [plan])
    year = year or this_year()
    if json:
        print_json(page_facts(plans, programme, contradicting, year))
        return
    lang = say.locale if say.locale in programme.titles else "vi"
    print(programme.titles[lang])
    print(f"{programme.document}; {programme.issuer}, {programme.dated}")
    if programme.note:
        print(programme.note)
    for heading, rows in pages(plans, programme, say, year):
        print(f"\n{heading}")
        print_rows(rows)
    tell_contradictions(plans, contradicting, say)


def tell_contradictions(plans: Plans, against: Sequence[Contradiction], say: Wording) -> None:
    """Print where plans set the same figure differently, if they do."""
    if against:
        print(f"\n{say('plan.section.contradictions')}")
        print_rows(contradiction_rows(plans, against, say))


AGAINST = Annotated[
    Path | None, typer.Option(help="the plan's document as text: find what its rows leave out")
]
OF = Annotated[str, typer.Option("--plan", help="which plan's document it is, if the text does not say")]


def check_against(document: Path, plan: str, say: Wording, *, json: bool) -> None:
    """Print what the rows of a plan, named or told by the text, leave out of its document. Raises WrongCall."""
    every = load_plans()
    told = programme_named(every, plan, say) if plan else None
    hold_against(document, told, every.programmes.values(), say.locale, json=json)


def check(json: JSON = False, against: AGAINST = None, plan: OF = "") -> None:
    """Kiểm tra: chỉ số có câu hỏi, điều khoản đủ, tổng khớp, đơn vị khớp / prove that the data holds together."""
    say = words()
    if against is not None:
        check_against(against, plan, say, json=json)
        return
    faults, contradicting, plans = every_fault()
    if json:
        facts = list(map(contradiction_facts, contradicting))
        print_json({"faults": list(map(PlanFault._asdict, faults)), "contradictions": facts})
    if plans is None or faults:
        raise Problem("\n".join(fault_lines(faults, Teller(say.locale))))
    if not json:
        tell_well(plans, contradicting, say)


def tell_well(plans: Plans, contradicting: Sequence[Contradiction], say: Wording) -> None:
    """Print that all is well, how much there is of it, and where plans differ."""
    commitments = sum(len(one.targets) + len(one.deadlines) for one in plans.programmes.values())
    counts = {"plans": len(plans.programmes), "n": commitments, "indicators": len(plans.indicators)}
    print(say("plan.well", **counts))
    tell_contradictions(plans, contradicting, say)


def every_fault() -> tuple[list[PlanFault], tuple[Contradiction, ...], Plans | None]:
    """What is wrong in the plans, where they contradict each other, and the plans; None if they cannot be read."""
    try:
        settings = load_settings()
        plans = load_plans()
    except PlansRefused as refused:
        return [*refused.faults], (), None
    own = own_forms(settings.plans_dir, settings.locale)
    forms = [*bundled_forms(), *own.forms]
    if plans.own:
        forms += asyncio.run(imported(settings, {form.name for form in forms}))
    names = {form.name: [question.name for question in form.questions] for form in forms}
    faults = [*check_plans(plans, names), *check_counts(plans, forms), *check_units(plans, forms)]
    return [*plans.own_faults, *own.faults, *faults], contradictions(plans), plans


def page(
    plan: Annotated[str, typer.Argument(help="a plan's id; left out: all of them, with --into")] = "",
    into: Annotated[Path | None, typer.Option(help="a folder for the pages, named like the plans")] = None,
) -> None:
    """Mỗi dòng của kế hoạch: hỏi ở phiếu nào, của ai, đến khi nào, so trên địa bàn nào / where each row is asked."""
    say = words()
    plans, teller = load_plans(), Teller(say.locale)
    forms = {form.name: form for form in bundled_forms()}
    some = [programme_named(plans, plan, say)] if plan else list(plans.programmes.values())
    if into is None and len(some) > 1:
        raise WrongCall(teller("forms.page.needs_folder"))
    for programme in some:
        text = where_page(plans, programme, forms, say)
        put_page(programme.id, text, into, teller)


def export(json: JSON = False) -> None:
    """Mọi cam kết của mọi kế hoạch, dạng CSV hoặc JSON / every commitment of every plan."""
    load_settings()
    rows = [row for programme in load_plans().programmes.values() for row in commitments(programme)]
    if json:
        print_json(rows)
        return
    columns = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(sys.stdout, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)


def bundled_forms() -> list[Questionnaire]:
    """The questionnaires that come with the program, by name."""
    return [compile_form(path.read_bytes(), path.name) for path in sorted(BUNDLED.glob("*.md"))]


def check_counts(plans: Plans, forms: Iterable[Questionnaire]) -> Iterator[PlanFault]:
    """Where the schedule says more questions than a questionnaire has, or fewer than it always shows."""
    asking = {form.name: form.asked for form in forms}
    for entry in plans.entries:
        questions = asking.get(entry.form)
        if questions and entry.questions not in possible_counts(questions):
            yield PlanFault(f"schedule.toml: {entry.form}", "questions", str(len(questions)))


def possible_counts(questions: Sequence[Question]) -> range:
    """How many of the questions one report may bring: from those that are always asked to all of them."""
    always = sum(question.relevant is None and not question.repeat for question in questions)
    return range(always, len(questions) + 1)


def check_units(plans: Plans, forms: Iterable[Questionnaire]) -> Iterator[PlanFault]:
    """Where a question counts something else than the count that is made of it.

    A question may say less ("USD" for "USD/người/năm"), nothing else; what is calculated has no unit.
    """
    questions = (question for form in forms for question in form.questions)
    units = {question.name: question.unit[""] for question in questions if question.unit}
    counts = [one for one in plans.indicators.values() if one.factor == 1 and not one.rate]
    for indicator in counts:
        allowed = frozenset(indicator.unit_name().replace("/", " ").split())
        for name in (*indicator.numerator, *indicator.minus):
            if not allowed.issuperset(units.get(name, "").split()):
                yield PlanFault(place_of(indicator), "question_unit", f"{name}, {units[name]}")
