"""The shared real data, which is not part of the project."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def shared_data() -> Path:
    """Return the folder `../shared/data` beside the project, or skip the test that asks for it."""
    folder = ROOT.parent / "shared" / "data"
    if not (folder / "README.md").is_file():
        pytest.skip("needs the real data in ../shared/data beside the project, which is not here")
    return folder
