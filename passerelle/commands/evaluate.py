"""`passerelle evaluate`: held-out events of a territory, one at a time, or, with dates, everything after a day."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import QueryError
from passerelle import cli
from passerelle.sources import default_sources

if TYPE_CHECKING:
    from recommender.evaluation.temporal import Dates

TRACKS = ("warm", "cold", "idea")


def add(p: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    p.add_argument("sources", nargs="*", metavar="SOURCE", help="a data package, a CORDIS zip, ... (default: the packages that come with Passerelle)")
    p.add_argument("--train-to", metavar="DATE", help="hold out by date: the last day that may be known, such as 2023-12-31")
    p.add_argument("--test-from", metavar="DATE", help="the first day that is asked about (default: the day after --train-to)")
    p.add_argument("--test-to", metavar="DATE", help="the first day that is not asked about any more (default: a year after --test-from)")
    p.add_argument("--queries", type=Path, metavar="FILE", help="Parquet with a column `actor`: PICs to ask about (default: all with a new partner)")
    p.add_argument(
        "--track",
        action="append",
        choices=TRACKS,
        help="warm: actors with their past (default); cold: by their texts alone; idea: texts of projects; repeatable",
    )


def run(args: argparse.Namespace) -> int:
    """Measure the ranking, by date when a date is given."""
    return _by_date(args) if _dated(args) else _by_event(args)


def _dated(args: argparse.Namespace) -> bool:
    """Whether the arguments ask for a hold-out by date. Raises QueryError when they do, without any date to start from."""
    if args.train_to is not None or args.test_from is not None:
        return True
    for option in ("test_to", "queries", "track"):
        if getattr(args, option) is not None:
            raise QueryError(f"--{option.replace('_', '-')} needs a hold-out by date; add --train-to DATE and --test-from DATE")
    return False


def _by_event(args: argparse.Namespace) -> int:
    from passerelle.evaluating import evaluate_sources, evaluation_document, evaluation_table

    try:
        report = evaluate_sources(default_sources(args.sources), args.home, args.encoder, cli.tell)
    finally:
        cli.told()
    return cli.output(args, evaluation_document(report), lambda: evaluation_table(report))


def _by_date(args: argparse.Namespace) -> int:
    from passerelle.evaluating import dated_document, dated_table, evaluate_dated_sources

    if args.encoder:
        raise QueryError(f"--encoder {args.encoder}: a hold-out by date reads words, not vectors; leave it out")
    dates = dates_of(args.train_to, args.test_from, args.test_to)
    try:
        report = evaluate_dated_sources(default_sources(args.sources), dates, args.track or ["warm"], args.queries, cli.tell)
    finally:
        cli.told()
    return cli.output(args, dated_document(report), lambda: dated_table(report))


def dates_of(train_to: str | None, test_from: str | None, test_to: str | None) -> Dates:
    """The days of an evaluation; one of the first two is enough. Raises QueryError for what is no day such as 2023-12-31."""
    from recommender.evaluation.temporal import Dates

    known, start, end = (_day(*pair) for pair in (("--train-to", train_to), ("--test-from", test_from), ("--test-to", test_to)))
    try:
        start = start or (known or date.min) + timedelta(days=1)
        return Dates(known or start - timedelta(days=1), start, end or _a_year_after(start))
    except (OverflowError, ValueError) as error:
        raise QueryError("--train-to and --test-from leave no year to ask about; give days such as 2023-12-31 and 2024-01-01") from error


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError(f"{option} {text[:40]!r}: no day; write it as 2023-12-31") from error


def _a_year_after(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, month=3 if leap else day.month, day=1 if leap else day.day)
