"""The command line: arguments in, tables or one JSON document out, errors as one line each with an exit code."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ontology.errors import InputError, PasserelleError, QueryError, StorageError
from passerelle import __version__, documents, printing
from passerelle.commands import decisions, duplicates, evaluate, export, import_list, serve, sparql
from passerelle.documents import Json
from passerelle.sources import default_sources
from passerelle.views import Filters

if TYPE_CHECKING:
    from passerelle.ecosystem import Ecosystem as Opened

FOUND_FAULTS = 2
"""Exit code when the input or the arguments must change."""
MOST_LINES = 100
"""Findings that are printed one by one."""
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 the input must change, 1 the same call may succeed later."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal or pipe of another encoding shows ? for what it lacks
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except PasserelleError as error:
        return _complain(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted; nothing was left half-written", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        return _complain(StorageError(f"{error.strerror or error}: {error.filename or 'the disk'}; free space or check the permissions"))
    return code


def _complain(error: PasserelleError) -> int:
    findings = error.findings if isinstance(error, InputError) else ()
    lines = [f.line() for f in findings[:MOST_LINES]] or [f"error: {error}"]
    for line in lines:
        print(" ".join(line.split()), file=sys.stderr)
    if len(findings) > 1:
        print(f"error: {len(findings)} findings; nothing was changed", file=sys.stderr)
    return error.exit_code


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Say it and leave with exit code 2."""
        self.exit(FOUND_FAULTS, f"error: {message}; see: {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The arguments of every command."""
    top = Parser(prog="passerelle", description="Who should work with whom on a territory, and why.")
    top.add_argument("--version", action="version", version=f"passerelle {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(commands, "build", build, "build the graph from data packages", _sources)
    _add(commands, "validate", validate, "check a source without building", _source)
    _add(commands, "show", show, "all that is known about an actor", _actor)
    _add(commands, "search", search, "find actors, projects, skills and sectors", _text)
    _add(commands, "recommend", recommend, "partners for an actor or for an idea, with reasons", _recommend)
    _add(commands, "links", links, "the strongest missing links of the territory", _links)
    _add(commands, "import", import_list.run, "bring in a list of companies, after a look at how it is read", import_list.add)
    _add(commands, "duplicates", duplicates.run, "pairs of actors that may be the same, and those that were merged", duplicates.add)
    _add(commands, "judge", decisions.judge, "say whether two actors are the same, and build again", decisions.add_judge)
    _add(commands, "unmerge", decisions.unmerge, "undo every merge into an actor", decisions.add_unmerge)
    _add(commands, "undo", decisions.undo, "take back a decision: a judgement or an imported list", decisions.add_undo)
    _add(commands, "history", decisions.history, "every decision, the latest first", decisions.add_history)
    _add(commands, "export", export.run, "write the graph as files: RDF, tables, network, map, an open-data folder", export.add)
    _add(commands, "sparql", sparql.run, "ask the graph in SPARQL", sparql.add)
    _add(commands, "serve", serve.run, "serve a SPARQL endpoint and an HTTP API on this machine", serve.add)
    _add(commands, "evaluate", evaluate.run, "measure the ranking on held-out events, beside baselines", evaluate.add)
    _add(commands, "app", app, "serve the app on this machine", _app)
    return top


def _add(commands: object, name: str, run: Callable[[argparse.Namespace], int], words: str, extra: Callable[[Parser], object]) -> None:
    """One command with the options that all have."""
    command: Parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")  # type: ignore[attr-defined]
    extra(command)
    command.add_argument("--home", type=Path, default=Path(".passerelle"), metavar="DIR", help="where snapshots are kept (default: .passerelle)")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--encoder", metavar="NAME", help="text encoder: use (default), lsa, st:FOLDER_OR_HUB_ID")
    command.add_argument("--lang", choices=("fr", "en"), default="en", help="language that show, recommend, links and duplicates print (default: en)")
    command.set_defaults(run=run)


def _sources(p: Parser) -> None:
    p.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a data package, a list, a CORDIS zip, RDF, ... (default: the packages that come with Passerelle)",
    )


def _source(p: Parser) -> None:
    p.add_argument("source", metavar="SOURCE", help="a data package, a list, a CORDIS zip, RDF, ...")
    p.add_argument("--rdf", action="store_true", help="check the RDF that the source gives against the shapes of the ontology (SHACL)")


def _text(p: Parser) -> None:
    p.add_argument("text", metavar="TEXT", help="a name or a subject")


def _actor(p: Parser) -> None:
    p.add_argument("actor", metavar="ACTOR", help="id, name or alias")


def _recommend(p: Parser) -> None:
    p.add_argument("actor", nargs="?", metavar="ACTOR", help="id, name or alias")
    p.add_argument("--text", help="an idea, a need or a project, in French or English")
    p.add_argument("-k", type=int, default=10, help="how many partners, and how many supports (default: 10)")
    p.add_argument("--explore", type=float, default=0.0, metavar="0..1", help="from the closest (0) to the most bridging (1)")
    _filters(p)


def _links(p: Parser) -> None:
    p.add_argument("-k", type=int, default=20, help="how many links (default: 20)")
    _filters(p)
    p.add_argument("--cross-cluster", action="store_true", help="only between two clusters")
    p.add_argument("--research-industry", action="store_true", help="only between research or training and a company")


def _filters(p: Parser) -> None:
    p.add_argument("--role", action="append", default=[], metavar="ROLE", help="company, research, training, support, public or citizen; repeatable")
    p.add_argument("--sector", metavar="SECTOR", help="id of a sector")
    p.add_argument("--max-km", type=float, metavar="KM", help="within this distance")
    p.add_argument("--cross-sector", action="store_true", help="only actors that share no sector")


def _app(p: Parser) -> None:
    p.add_argument("--port", type=int, default=8501, help="port on this machine (default: 8501)")


def filters_of(args: argparse.Namespace) -> Filters:
    """The filters that the arguments ask for."""
    return Filters(
        roles=frozenset(args.role),
        sector=args.sector,
        max_km=args.max_km,
        cross_sector=args.cross_sector,
        cross_cluster=getattr(args, "cross_cluster", False),
        research_industry=getattr(args, "research_industry", False),
    )


def tell(message: str) -> None:
    """Progress: one line that is rewritten on a terminal, log lines elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)
    else:
        print(message, file=sys.stderr, flush=True)


def told() -> None:
    """End of progress: the terminal line is cleared."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def output(args: argparse.Namespace, document: Json, table: Callable[[], str]) -> int:
    """Print the document or the table. A document is ASCII where the output is not Unicode, so that it never loses a letter."""
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(document, ensure_ascii=not unicode, indent=2) if args.json else table())
    return 0


def build(args: argparse.Namespace) -> int:
    """Build the graph."""
    from graph_builder.pipeline import build as build_graph
    from passerelle.ecosystem import Ecosystem
    from recommender.encoders import open_encoder

    if args.encoder:
        open_encoder(args.encoder, ())  # refused before a snapshot is put in use
    try:
        report = build_graph(default_sources(args.sources), args.home, tell)
        tell("encoding the texts")
        Ecosystem.open(args.home, args.encoder, rewrite=True)
    finally:
        told()
    return output(args, documents.build_document(report), lambda: printing.built(report))


def validate(args: argparse.Namespace) -> int:
    """Check a source; exit code 2 when it has errors."""
    from passerelle.checking import source_findings

    try:
        found = source_findings(args.source, rdf=args.rdf)
    except InputError as error:
        if not error.findings:
            raise
        found = list(error.findings)
    output(args, documents.validation_document(found), lambda: printing.findings(found))
    return FOUND_FAULTS if any(f.severity == "error" for f in found) else 0


def show(args: argparse.Namespace) -> int:
    """Show an actor."""
    ecosystem = opened(args)
    profile = ecosystem.profile(ecosystem.find(args.actor))
    return output(args, documents.show_document(profile), lambda: printing.profile(profile, args.lang))


def search(args: argparse.Namespace) -> int:
    """Search by name or by subject."""
    hits = opened(args).search(args.text, 15)
    return output(args, documents.search_document(hits), lambda: printing.hits(hits))


def recommend(args: argparse.Namespace) -> int:
    """Recommend partners."""
    if (args.actor is None) == (args.text is None):
        raise QueryError("give an actor or --text, one of the two; see: passerelle recommend --help")
    ecosystem = opened(args)
    actor = None if args.actor is None else ecosystem.find(args.actor)
    answer = ecosystem.recommend(actor=actor, text=args.text, k=args.k, filters=filters_of(args), explore=args.explore)
    return output(args, documents.recommend_document(answer), lambda: printing.answer(answer, args.lang))


def links(args: argparse.Namespace) -> int:
    """List missing links."""
    ecosystem = opened(args)
    found = ecosystem.links(k=args.k, filters=filters_of(args))
    return output(args, documents.links_document(found), lambda: printing.links(found, ecosystem.largest_share(), args.lang))


def app(args: argparse.Namespace) -> int:
    """Serve the app on loopback until Ctrl-C."""
    from passerelle.serving import serve

    return serve(args.home, args.port, args.encoder)


def opened(args: argparse.Namespace) -> Opened:
    """The ecosystem of the home that the arguments name."""
    from passerelle.ecosystem import Ecosystem

    return Ecosystem.open(args.home, args.encoder)


if __name__ == "__main__":
    sys.exit(main())
