"""Every file to take away: the facts in each format, the predicted links apart, and all of it as one open-data folder."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from graph_builder.exports import EXPORTS, write_export
from graph_builder.exports.catalogue_rights import publication
from graph_builder.exports.open_data import write_open_data
from graph_builder.exports.predicted import write_predictions
from passerelle.commands.export import fonts
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import language, say
from passerelle.look import html, over, quiet

PREDICTED = 100
"""Predicted links that are given."""
_GROUPS = (
    ("d_files_tables", ("xlsx", "csv", "geojson")),
    ("d_files_network", ("graphml", "gexf")),
    ("d_files_linked", ("turtle", "json-ld", "n-quads", "ftm")),
)


def files(ecosystem: Ecosystem) -> None:
    """What each file is good for, with the button that makes and gives it."""
    st.header(say("d_files"), anchor=False)
    html(quiet(say("d_files_lead")))
    name = "passerelle-" + ecosystem.digest[:8]
    with st.container(border=True, key="card-open-data"):
        _offer(say("d_open_data"), say("d_open_data_body"), f"{name}-open-data.zip", lambda: _everything(ecosystem, ecosystem.digest), first=True)
    left, right = st.columns(2, gap="medium")
    for column, (title, formats) in zip((left, right, right), _GROUPS, strict=True):
        with column, st.container(border=True, key=f"card-{title}"):
            html(over(title))
            for form in (f for f in formats if f in EXPORTS):
                _format(ecosystem, form, name)
    with left, st.container(border=True, key="card-predicted"):
        html(over("d_files_predicted"))
        file = f"{name}-predictions.zip"
        _offer(say("d_predicted"), say("d_predicted_body", n=PREDICTED), file, lambda: _folder(lambda out: _predicted(ecosystem, out)))


@st.cache_data(max_entries=1, show_spinner=False)
def _everything(_ecosystem: Ecosystem, digest: str) -> bytes:  # noqa: ARG001 - the key
    """The open-data folder as one zip, kept: it takes some twenty seconds."""

    def write(out: Path) -> None:
        write_open_data(_ecosystem.snapshot, out, predictions=_ecosystem.predictions(PREDICTED), terms=publication(), fonts=fonts())

    return _folder(write)


def _predicted(ecosystem: Ecosystem, out: Path) -> None:
    out.mkdir()
    write_predictions(ecosystem.predictions(PREDICTED), ecosystem.snapshot, out)


def _format(ecosystem: Ecosystem, form: str, name: str) -> None:
    """One format of the facts."""
    export = EXPORTS[form]
    if export.folder:
        file, make = f"{name}-{form}.zip", lambda: _folder(lambda out: write_export(form, ecosystem.snapshot, out))
    else:
        file, make = f"{name}{export.suffix}", lambda: _file(lambda out: write_export(form, ecosystem.snapshot, out), export.suffix)
    key = form.replace("-", "_")
    _offer(export.label[language()], say("d_good_" + key), file, make)


def _offer(title: str, body: str, file: str, make: Callable[[], bytes], *, first: bool = False) -> None:
    """A title, what it is good for, and the button; the file is made when it is asked for."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, key=f"file-{file}"):
        html(f"<p><b>{escape(title)}</b></p>{quiet(body)}")
        st.download_button(
            "." + file.partition(".")[2],
            make,
            file_name=file,
            key=f"take-{file}",
            icon=":material/download:",
            type="primary" if first else "secondary",
            on_click="ignore",
        )


def _file(write: Callable[[Path], object], suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"passerelle{suffix}"
        write(out)
        return out.read_bytes()


def _folder(write: Callable[[Path], object]) -> bytes:
    """A folder as one zip."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "passerelle"
        write(out)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(p for p in out.rglob("*") if p.is_file()) if out.is_dir() else [out]:
                archive.write(path, path.relative_to(out.parent))
        return made.getvalue()
