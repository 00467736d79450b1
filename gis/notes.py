"""Notes: what the user must know of a run that went on all the same. They end up in `run.json["warnings"]`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Note:
    """One remark: a code, a message (what came · what was expected · what was done or is to do), and what it concerns."""

    code: str
    message: str
    layer: str = ""
    count: int | None = None
    ids: list[str] = field(default_factory=list)


class Notes(list[Note]):
    """The remarks of one run, in order."""

    def add(
        self, code: str, message: str, layer: str = "", count: int | None = None, ids: Sequence[object] = ()
    ) -> None:
        """Append a remark."""
        self.append(Note(code, message, layer, count, [str(i) for i in ids]))

    @property
    def codes(self) -> list[str]:
        """Codes in order."""
        return [note.code for note in self]
