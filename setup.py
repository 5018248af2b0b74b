"""The one step of packaging that pyproject.toml cannot say: what is served lies at the top of a clone, and in a wheel inside `passerelle`.

`streamlit run app.py` wants app.py, .streamlit/config.toml and static/ side by side. A wheel cannot drop them at the top of site-packages,
so it carries them as `passerelle/served/`. An editable installation copies nothing: there, the clone itself is used.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SERVED = ("app.py", ".streamlit", "static", "docs/queries")
NEVER = shutil.ignore_patterns("secrets.toml", "__pycache__")


class BuildWithServed(build_py):
    """The usual build, then the served files."""

    def run(self) -> None:
        """Copies packages and their data, and what is served."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "passerelle", "served")
        for name in SERVED:
            source, copy = Path(name), target / name
            if source.is_dir():
                shutil.copytree(source, copy, ignore=NEVER, dirs_exist_ok=True)
            else:
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, copy)


setup(cmdclass={"build_py": BuildWithServed})
