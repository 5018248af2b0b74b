"""Bring a list in: choose a file, see how it is read, correct the columns, import; and take it back."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from graph_builder.resolution import Pair
from graph_builder.sources.company_list.mapping import mapping_yaml
from graph_builder.sources.company_list.source import Preview
from ontology.errors import Finding
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import number, say, some
from passerelle.look import empty, html, plain, quiet
from passerelle.packages import brought
from passerelle.pieces.data_decisions import decisions
from passerelle.pieces.data_preview import columns, counts, findings, rows
from passerelle.pieces.data_saying import carry_out, detail, tell_once
from passerelle.pieces.links import link_to
from passerelle.stewarding import LISTS, Decided, Steward

SHOWN = 6
"""Rows of a list that are shown as they will be read."""
EXAMPLES = 6
"""Actors of an imported list that are offered to be opened."""
_MAPPING = "colonnes.yaml"
_PLACE = "data-place"
"""Which uploader is shown: a new one after each import."""


def bring_in(ecosystem: Ecosystem) -> None:
    """The file and its preview on the left, what was decided on the right."""
    if ecosystem.home is None:
        empty(say("d_no_home"), say("d_no_home_body"))
        return
    steward = Steward(ecosystem.home)
    tell_once()
    left, right = st.columns([0.66, 0.34], gap="medium")
    with left:
        st.header(say("d_import"), anchor=False)
        html(quiet(say("d_import_lead")))
        with st.container(key="list-file"):
            chosen = st.file_uploader(
                say("d_file", n=number(st.get_option("server.maxUploadSize"))),
                type=[ending.removeprefix(".") for ending in sorted(LISTS)],
                key=f"file-{st.session_state.get(_PLACE, 0)}",
            )
        if chosen is None:
            empty(say("d_file_none"), say("d_file_none_body"))
        else:
            _preview(steward, chosen.name, chosen.getvalue())
    with right:
        _latest(ecosystem, steward)
        decisions(steward)


def _latest(ecosystem: Ecosystem, steward: Steward) -> None:
    """The list in force that was brought in last: how many actors it brought, and some of them to open; nothing when there is none."""
    entry = next((e for e in steward.history() if e.kind == "import" and not e.undone), None)
    found = brought(ecosystem.snapshot, str(entry.payload["name"])) if entry else ()
    if not entry or not found:
        return
    with st.container(border=True, key="card-imported"):
        html(f"<p><b>{escape(some('d_brought', len(found)))}</b></p>{quiet(say('d_brought_lead', file=str(entry.payload['filename'])))}")
        with st.container(horizontal=True, gap="small", key="brought"):
            for actor, called in found[:EXAMPLES]:
                link_to("partners", plain(called), acteur=actor)


def _preview(steward: Steward, name: str, content: bytes) -> None:
    """How the file will be read; the mapping can be corrected, then the list imported."""
    digest = hashlib.sha256(content).hexdigest()
    with st.spinner(say("d_reading")):
        guessed = _read(name, content, digest, "")
    before = mapping_yaml(guessed.mapping) if guessed.mapping else ""
    mapping = before
    if guessed.mapping:
        with st.expander(say("d_mapping"), icon=":material/tune:"):
            html(quiet(say("d_mapping_lead")))
            mapping = st.text_area(say("d_mapping"), before, key=f"mapping-{digest[:12]}", height=340, label_visibility="collapsed")
    seen = guessed if mapping.strip() == before.strip() else _read(name, content, digest, mapping)
    wrong = [finding for finding in seen.findings if finding.file == _MAPPING and finding.severity == "error"]
    if wrong:
        _wrong_mapping(wrong)
        return
    faulty = seen.mapping is None or any(finding.severity == "error" for finding in seen.findings)
    counts(seen)
    if st.button(say("d_do_import"), type="primary", icon=":material/add:", disabled=faulty, key="do-import"):
        _import(steward, name, content, mapping)
    if faulty:
        html(f'<p class="caution" role="alert"><b>{escape(say("d_refused_input"))}</b></p>')
    findings(seen.findings)
    rows(seen)
    columns(seen)


def _wrong_mapping(wrong: Sequence[Finding]) -> None:
    """The first fault of a mapping in one line; the others are counted."""
    first = wrong[0]
    where = say("d_mapping_line", n=number(first.row)) if first.row else say("d_mapping_whole")
    more = f"<p>{escape(some('d_mapping_more', len(wrong) - 1))}</p>" if wrong[1:] else ""
    told = detail(" ".join(f"{first.column or ''} {first.found}; {first.accepted}".split()))
    html(f'<div class="caution" role="alert"><b>{escape(where)}</b>{told}{more}</div>')


@st.cache_data(max_entries=4, show_spinner=False)
def _read(name: str, _content: bytes, digest: str, mapping: str) -> Preview:  # noqa: ARG001 - part of the key
    """The preview of an uploaded file; `digest` stands for its content in the key."""
    with tempfile.TemporaryDirectory() as folder:
        file, told = _written(Path(folder), name, _content, mapping)
        return Steward(Path(folder)).preview(file, told, rows=SHOWN)


def _written(folder: Path, name: str, content: bytes, mapping: str) -> tuple[Path, Path | None]:
    """The upload as a file, and its mapping as another; the name keeps no folder."""
    file = folder / (Path(name.replace("\\", "/")).name or "liste.csv")
    file.write_bytes(content)
    if not mapping.strip():
        return file, None
    told = folder / _MAPPING
    told.write_text(mapping, encoding="utf-8")
    return file, told


def _import(steward: Steward, name: str, content: bytes, mapping: str) -> None:
    """Import and build; then the uploader is empty again."""

    def act() -> Decided:
        with tempfile.TemporaryDirectory() as folder:
            return steward.import_file(*_written(Path(folder), name, content, mapping))

    def done(decided: Decided) -> str:
        brings = str(decided.entry.payload["name"])
        st.session_state[_PLACE] = st.session_state.get(_PLACE, 0) + 1
        review = steward.review()
        merged, doubtful = (sum(_of_list(pair, brings) for pair in pairs) for pairs in (review.merged, review.pairs))
        return say("d_imported", name=brings, merged=number(merged), review=number(doubtful))

    carry_out(act, done)


def _of_list(pair: Pair, name: str) -> bool:
    """Whether one of the two was read from a list."""
    return any(record.startswith(f"{name}/") for record in pair.records)
