"""`thonbao plan`: what the plans commit to, whom they ask, and whether the data holds together."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from handlers.wording import Wording
    from plans.checks import Fault
    from plans.plan import Entry, Plans, Programme, Target
    from questionnaires.questionnaire import Questionnaire

JSON = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(no_args_is_help=True, help="Kế hoạch / the plans.")
    group.command("list")(list_plans)
    group.command("show")(show)
    group.command("check")(check)
    group.command("export")(export)
    app.add_typer(group, name="plan")


def words() -> "Wording":
    """The sentences of the configured language."""
    from bot.settings import load_settings
    from handlers.wording import wording

    return wording(load_settings().locale)


def list_plans(json: JSON = False) -> None:
    """Các kế hoạch đã nạp / the plans that are loaded."""
    from bot.printing import print_json, print_rows
    from plans.plan import load_plans

    programmes = load_plans().programmes.values()
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
                str(say("plan.commitments", n=len(programme.targets))),
            )
            for programme in programmes
        ]
    )


def show(
    plan: Annotated[str, typer.Argument(help="a plan's id, see `plan list`")], json: JSON = False
) -> None:
    """Một kế hoạch: chỉ tiêu theo lĩnh vực, điều khoản, cấp báo cáo / one plan's commitments."""
    from bot.printing import print_json, print_rows
    from bot.problems import WrongCall
    from plans.plan import load_plans

    plans, say = load_plans(), words()
    programme = plans.programmes.get(plan)
    if programme is None:
        raise WrongCall(str(say("plan.unknown", plan=plan, plans=", ".join(plans.programmes)).unescape()))
    if json:
        targets = [target_facts(target) for target in programme.targets]
        load = [entry_facts(entry) for entry in plans.schedule]
        print_json({**plan_facts(programme), "commitments": targets, "asked": load})
        return
    lang = say.locale if say.locale in programme.titles else "vi"
    print(programme.titles[lang])
    print(f"{programme.document}; {programme.issuer}, {programme.dated}")
    if programme.note:
        print(programme.note)
    for domain, names in plans.domains.items():
        rows = [target_row(target, say) for target in programme.targets if target.domain == domain]
        if rows:
            print(f"\n{names[say.locale]}")
            print_rows(rows)
    print(f"\n{say('plan.asked')}")
    print_rows([entry_row(entry, say) for entry in plans.schedule])
    print(say("plan.load", questions=weekly_load(plans.asked_of("thon"))))


def check(json: JSON = False) -> None:
    """Kiểm tra: chỉ số có câu hỏi, điều khoản đủ, đơn vị khớp / prove that the data holds together."""
    from bot.printing import print_json
    from bot.problems import Problem
    from plans.checks import check as check_plans
    from plans.plan import load_plans

    plans, say = load_plans(), words()
    forms = bundled_forms()
    names = {form.name: [question.name for question in form.questions] for form in forms}
    asked = {form.name: sum(question.asks for question in form.questions) for form in forms}
    faults = [*check_plans(plans, names), *check_load(plans, asked)]
    unasked = [indicator.id for indicator in plans.indicators.values() if not indicator.numerator]
    if json:
        print_json({"faults": [fault._asdict() for fault in faults], "not_asked_yet": unasked})
    lines = [
        f"{fault.where}: {say(f'plan.fault.{fault.code}', about=fault.about).unescape()}" for fault in faults
    ]
    if lines:
        raise Problem("\n".join(lines))
    if not json:
        commitments = sum(len(programme.targets) for programme in plans.programmes.values())
        counts = {"plans": len(plans.programmes), "n": commitments, "indicators": len(plans.indicators)}
        print(say("plan.well", **counts))
        print(say("plan.not_asked_yet", n=len(unasked), indicators=", ".join(unasked)))


def export(json: JSON = False) -> None:
    """Mọi cam kết của mọi kế hoạch, dạng CSV hoặc JSON / every commitment of every plan."""
    import csv
    import sys

    from bot.printing import print_json
    from plans.plan import load_plans

    rows = [
        target_facts(target) for programme in load_plans().programmes.values() for target in programme.targets
    ]
    if json:
        print_json(rows)
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)


def bundled_forms() -> "list[Questionnaire]":
    """The questionnaires that come with the program, by name."""
    from questionnaires.xlsform import compile_form

    folder = Path(__file__).resolve().parents[2] / "questionnaires" / "forms"
    return [compile_form(path.read_bytes(), path.name) for path in sorted(folder.glob("*.md"))]


def check_load(plans: "Plans", asked: dict[str, int]) -> Iterator["Fault"]:
    """Where the schedule says another number of questions than the questionnaire shows."""
    from plans.checks import Fault

    for entry in plans.schedule:
        shown = asked.get(entry.form, 0)
        if shown and shown != entry.questions:
            yield Fault(f"schedule.toml/{entry.form}", "load", str(shown))


def weekly_load(entries: "tuple[Entry, ...]") -> int:
    """How many questions a week these questionnaires make on average, rounded up."""
    from plans.period import PeriodKind

    a_year = {
        PeriodKind.WEEK: 52,
        PeriodKind.MONTH: 12,
        PeriodKind.QUARTER: 4,
        PeriodKind.HALF: 2,
        PeriodKind.NINE: 1,
        PeriodKind.YEAR: 1,
    }
    return -(-sum(entry.questions * a_year[entry.kind] for entry in entries) // 52)


def target_row(target: "Target", say: "Wording") -> tuple[str, ...]:
    """One commitment as a line: clause, year, what it asks, who reports it, its words."""
    key = "plan.no_number" if target.goal is None else f"progress.wanted.{target.comparator}"
    return (
        target.clause,
        str(target.year_due or ""),
        str(say(key, value=target.goal, unit=target.unit)),
        str(say(f"progress.level.{target.level}")),
        target.statement,
    )


def entry_row(entry: "Entry", say: "Wording") -> tuple[str, ...]:
    """One line of the schedule."""
    return (
        str(say(f"progress.level.{entry.level}")),
        entry.form,
        str(say(f"plan.period.{entry.kind}")),
        str(say("plan.due", n=entry.due_days)) if entry.due_days else str(say("plan.due_now")),
        str(say("plan.questions", n=entry.questions)),
    )


def plan_facts(programme: "Programme") -> dict[str, Any]:
    """A plan as JSON values, without its commitments."""
    return {
        "plan": programme.id,
        "title": dict(programme.titles),
        "short": dict(programme.short),
        "document": programme.document,
        "dated": programme.dated,
        "issuer": programme.issuer,
        "first_day": programme.first_day.isoformat(),
        "last_day": programme.last_day.isoformat(),
        "level": programme.level,
        "covers": [
            {"level": cover.level, "name": cover.name, "within": cover.within, "former": cover.former}
            for cover in programme.covers
        ],
        "calendar": str(programme.calendar),
        "commitments": len(programme.targets),
        "note": programme.note,
    }


def target_facts(target: "Target") -> dict[str, Any]:
    """A commitment as JSON values; numbers as text, exactly as the document has them."""

    def exact(number: object) -> str | None:
        return None if number is None else str(number)

    return {
        "plan": target.plan,
        "id": target.id,
        "clause": target.clause,
        "kind": str(target.kind),
        "domain": target.domain,
        "indicator": target.indicator or None,
        "statement": target.statement,
        "comparator": str(target.comparator),
        "value": exact(target.value),
        "value_high": exact(target.value_high),
        "unit": target.unit or None,
        "year_due": target.year_due,
        "baseline_year": target.baseline_year,
        "baseline": exact(target.baseline),
        "scope": target.scope,
        "level": target.level,
        "agency": target.agency or None,
        "note": target.note or None,
    }


def entry_facts(entry: "Entry") -> dict[str, Any]:
    """A line of the schedule as JSON values."""
    return {
        "form": entry.form,
        "level": entry.level,
        "period": str(entry.kind),
        "calendar": str(entry.calendar),
        "due_days": entry.due_days,
        "questions": entry.questions,
    }
