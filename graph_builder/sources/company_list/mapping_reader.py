"""Reading the YAML mapping of a company list strictly: limits first, no anchors, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from graph_builder.normalise import clean_url
from graph_builder.sources.company_list.mapping import FIELDS, PREFIXES, REDISTRIBUTION, SOURCE_KEYS, ListMapping, ListSource, package_name
from graph_builder.sources.company_list.sheet import DELIMITERS, ENCODINGS, Options
from graph_builder.sources.findings import shown
from ontology.errors import Finding, Severity

MAX_BYTES = 100_000

_TOP = ("name", "title_fr", "title_en", "source", "sheet", "delimiter", "encoding", "columns", "kind", "keep")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,59}")
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}


def read_mapping(path: Path) -> tuple[ListMapping | None, list[Finding]]:
    """The mapping in a YAML file, None when it cannot be used, and what is wrong with it. `columns` may be left out: they are guessed."""
    reader = _Reader(path.name)
    root = reader.load(path)
    if root is None:
        return None, reader.findings
    top = reader.table(root, _TOP, "")
    mapping = ListMapping(
        name=reader.name(top.get("name"), package_name(path)),
        columns=reader.columns(top.get("columns")),
        title_fr=reader.text(top.get("title_fr"), "title_fr"),
        title_en=reader.text(top.get("title_en"), "title_en"),
        source=reader.source(top.get("source")),
        options=Options(
            sheet=reader.text(top.get("sheet"), "sheet") or None,
            delimiter=reader.delimiter(top.get("delimiter")),
            encoding=reader.choice(top.get("encoding"), "encoding", ENCODINGS),
        ),
        kind=reader.matching(top.get("kind"), "kind", _KIND, "the id of a kind, such as eti_pme") or "entreprise",
        **reader.keep(top.get("keep")),
    )
    return (None if any(f.severity == "error" for f in reader.findings) else mapping), reader.findings


class _Reader:
    """Takes a YAML document apart, scalars as the texts that were typed (01 stays 01), and collects its faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def fault(self, node: yaml.Node | None, column: str, found: str, accepted: str, severity: Severity = "error") -> None:
        line = None if node is None else node.start_mark.line + 1
        self.findings.append(Finding(self.file, line, column or None, found, accepted, severity))

    def load(self, path: Path) -> yaml.Node | None:
        """The root of the document, None after a fault."""
        try:
            if path.stat().st_size > MAX_BYTES:
                self.fault(None, "", f"more than {MAX_BYTES:,} bytes", "a mapping is a page of text")
                return None
            text = path.read_bytes().decode("utf-8-sig")
            if any(isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
                self.fault(None, "", "anchors or aliases (& or *)", "write each value where it belongs, or between quotes")
                return None
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except UnicodeDecodeError:
            self.fault(None, "", "not UTF-8", "save it as UTF-8")
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            self.findings.append(Finding(self.file, line, None, f"broken YAML ({error.problem})", "correct it near this line"))
        except (yaml.YAMLError, RecursionError, ValueError):
            self.fault(None, "", "broken YAML, or nested too deep", "write it as the example in docs/company-lists.md")
        except OSError as error:
            self.fault(None, "", f"the file cannot be read ({error.strerror or 'input error'})", "make it readable")
        else:
            if isinstance(root, yaml.MappingNode):
                return root
            self.fault(root, "", "no mapping", "write keys and values, such as name: my-list")
        return None

    def table(self, node: yaml.Node | None, known: Sequence[str], where: str) -> dict[str, yaml.Node]:
        """The entries of a mapping node; keys that are unknown or twice are faults."""
        if node is None or self.empty(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, where, "one value", f"write it as a table of: {', '.join(known)}")
            return {}
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                self.fault(key, where, f"an unknown key {shown(str(name))}", f"one of: {', '.join(known)}")
            elif name in entries:
                self.fault(key, where, f"the key {shown(name)} is there twice", "keep one of them")
            else:
                entries[name] = value
        return entries

    @staticmethod
    def empty(node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and (node.tag.endswith(":null") or not node.value.strip())

    def text(self, node: yaml.Node | None, where: str) -> str:
        """A scalar as it was typed, on one line."""
        if node is None or self.empty(node):
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, where, "several values", "give one text")
            return ""
        return " ".join("".join(c if c.isprintable() else " " for c in node.value).split())

    def texts(self, node: yaml.Node | None, where: str) -> tuple[str, ...]:
        """One text or a list of them."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(filter(None, (self.text(item, where) for item in items)))

    def matching(self, node: yaml.Node | None, where: str, form: re.Pattern[str], accepted: str) -> str:
        text = self.text(node, where)
        if text and not form.fullmatch(text):
            self.fault(node, where, shown(text), accepted)
        return text

    def choice(self, node: yaml.Node | None, where: str, known: Sequence[str]) -> str | None:
        text = self.text(node, where).lower().replace("_", "-")
        text = {"cp1252": "windows-1252", "latin-1": "iso-8859-1", "utf8": "utf-8"}.get(text, text)
        if text and text not in known:
            self.fault(node, where, shown(text), f"one of: {', '.join(known)}")
        return text or None

    def name(self, node: yaml.Node | None, default: str) -> str:
        accepted = "a name of small letters, digits, hyphens and dots"
        name = self.matching(node, "name", _NAME, accepted)
        if name in PREFIXES:
            self.fault(node, "name", f"{shown(name)} begins the ids of something else", accepted)
        if node is not None and not name:
            self.fault(node, "name", "an empty name", accepted)
        return name or default

    def delimiter(self, node: yaml.Node | None) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value == "\t":
            return "\t"
        text = self.text(node, "delimiter")
        sign = _DELIMITER_NAMES.get(text, text)
        if sign and sign not in DELIMITERS:
            self.fault(node, "delimiter", shown(text), 'one of: "," ";" "|" tab')
        return sign or None

    def source(self, node: yaml.Node | None) -> ListSource:
        entries = self.table(node, SOURCE_KEYS, "source")
        told = {key: self.text(value, f"source.{key}") for key, value in entries.items()}
        told = {key: value for key, value in told.items() if value}
        if "url" in told and not (clean_url(told["url"]) or told["url"].startswith("urn:")):
            self.fault(entries["url"], "source.url", f"{shown(told['url'])} is no web address", "a plain http or https address")
        if told.get("redistribution", "none") not in REDISTRIBUTION:
            self.fault(entries["redistribution"], "source.redistribution", shown(told["redistribution"]), f"one of: {', '.join(REDISTRIBUTION)}")
        if not re.fullmatch(r"(?:19|20)[0-9]{2}|", told.get("year", "")):
            self.fault(entries["year"], "source.year", shown(told["year"]), "a year, such as 2026")
        return ListSource(**told)

    def columns(self, node: yaml.Node | None) -> dict[str, tuple[str, ...]]:
        entries = self.table(node, tuple(FIELDS), "columns")
        found = {key: self.texts(value, f"columns.{key}") for key, value in entries.items()}
        columns = {key: named for key, named in found.items() if named}
        if entries and "name" not in columns:
            self.fault(node, "columns", "no column for the name", "add name: and the column that holds the names")
        return columns

    def keep(self, node: yaml.Node | None) -> dict[str, tuple[str, ...]]:
        entries = self.table(node, ("naf", "departement"), "keep")
        naf = tuple(text.replace(".", "").upper() for text in self.texts(entries.get("naf"), "keep.naf"))
        places = tuple(text.upper() for text in self.texts(entries.get("departement"), "keep.departement"))
        for text in naf:
            if not re.fullmatch(r"[0-9]{2,4}[A-Z]?", text):
                self.fault(entries["naf"], "keep.naf", shown(text), "NAF codes or their beginnings, such as 62 or 62.01Z")
        for text in places:
            if not re.fullmatch(r"[0-9]{2}|2[AB]|97[0-9]", text):
                self.fault(entries["departement"], "keep.departement", shown(text), 'départements of two digits, such as "90"')
        return {"keep_naf": naf, "keep_departement": places}
