"""Rows that ship with the package in `sanchoi.data`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import sanchoi.data


def packaged(name: str) -> pd.DataFrame:
    """Read a table of `sanchoi.data`, every column as text, empty cells as ""."""
    return pd.read_csv(Path(sanchoi.data.__path__[0]) / name, dtype=str, keep_default_na=False)
