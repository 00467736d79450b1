"""Every error that sanchoi raises on purpose, and what each means to a caller.

```
SanchoiError
├── ContractError(ValueError)   a table breaks its declaration: columns, keys, geometry, counts
├── CRSError(ValueError)        no CRS, a CRS that is not metric, a layer in the wrong place
├── SourceError(OSError)        a file is missing, broken or of an unknown kind
├── NormError(LookupError)      no such norm profile, or it has no row for a band
├── StudyError(ValueError)      study.toml: unknown key, wrong type, contradiction
├── Infeasible(ValueError)      a siting problem that has no answer
└── UnknownId(KeyError)         an id that no table holds
```

A message has three parts: what came, what was expected, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar


class SanchoiError(Exception):
    """Base of every error raised on purpose.

    Parameters
    ----------
    came : what was found, with the key of the first bad row.
    expected : what should have been there.
    todo : what the user can do about it.

    Attributes
    ----------
    vi : the whole message in Vietnamese, where somebody has written it; else "".

    """

    vi = ""

    def __init__(self, came: str, expected: str = "", todo: str = "") -> None:
        self.came, self.expected, self.todo = came, expected, todo
        super().__init__(came, expected, todo)

    def __str__(self) -> str:
        return " · ".join(part for part in (self.came, self.expected, self.todo) if part)


Kind = TypeVar("Kind", bound=SanchoiError)


class ContractError(SanchoiError, ValueError):
    """A table breaks its declaration."""


class CRSError(SanchoiError, ValueError):
    """A CRS is missing, not metric, or puts a layer in the wrong place."""


class SourceError(SanchoiError, OSError):
    """A file is missing, broken, or of a kind that cannot be read."""


class NormError(SanchoiError, LookupError):
    """A norm profile does not exist, or has no row for a band."""


class StudyError(SanchoiError, ValueError):
    """study.toml has an unknown key, a wrong type or a contradiction."""


class Infeasible(SanchoiError, ValueError):
    """A siting problem has no answer."""


class UnknownId(SanchoiError, KeyError):
    """An id that no table holds."""


EXIT_CODES: dict[type[SanchoiError], int] = {
    StudyError: 3,
    SourceError: 4,
    CRSError: 5,
    ContractError: 6,
    NormError: 7,
    Infeasible: 8,
    UnknownId: 9,
}
"""Exit code of the command line for each class; 0 is success, 1 a fault of ours, 2 wrong usage."""


def paired(vi: str, en: str, /, **values: object) -> tuple[str, str]:
    """A text in Vietnamese and English; of a value that is a pair each language takes its own half."""
    told = []
    for side, text in enumerate((vi, en)):
        own = {name: value[side] if isinstance(value, tuple) else value for name, value in values.items()}
        told.append(text.format(**own))
    return told[0], told[1]


def worded(kind: type[Kind], vi: Sequence[str], en: Sequence[str], /, **values: object) -> Kind:
    """An error in English with its words in Vietnamese beside it: `vi`, `en` are what came, what was expected, what to do.

    Values as `paired` takes them.
    """
    told = [paired(*texts, **values) for texts in zip(vi, en, strict=True)]
    error = kind(*(said for _, said in told))
    error.vi = " · ".join(said for said, _ in told)
    return error


def exit_code(error: SanchoiError) -> int:
    """Exit code for `error`: the first class of `EXIT_CODES` that it is an instance of, else 1."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)
