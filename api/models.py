"""Models: what each result needs to answer "what if?", mapped when it is first asked and kept while it is asked often."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.gis import model_files
from sanchoi.gis.model import Model

KEPT = 8
"""So many models stay open in a process; their arrays are shared between processes, their indexes are not."""


class Models:
    """Models of results, the ones asked last kept."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._found: OrderedDict[str, Model] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, entry: Entry) -> Model:
        """The model of a result.

        Raises
        ------
        Problem : "conflict" where the result has none; "unavailable" where it belongs to another run.
        SourceError : it is damaged.
        """
        with self._lock:
            if entry.etag in self._found:
                self._found.move_to_end(entry.etag)
                return self._found[entry.etag]
            model = model_files.found(entry.folder)
            if model is None:
                raise Problem(
                    "conflict",
                    pairs={
                        "message": (
                            "Kết quả này được tính bằng bản chương trình cũ nên chưa trả lời được câu hỏi “nếu … thì sao”. "
                            "Hãy tính lại nghiên cứu.",
                            'This result was made by an earlier version and cannot answer "what if?". Run the study again.',
                        )
                    },
                )
            if (
                model.run_id != entry.run["run_id"]
            ):  # the result is being made anew under our hands, or was put together
                raise Problem(
                    "unavailable",
                    pairs={
                        "message": (
                            "Kết quả này đang được tính lại, hoặc thư mục model/ không thuộc về nó.",
                            "This result is being made anew, or its model/ belongs to another run.",
                        )
                    },
                )
            self._found[entry.etag] = model
            while len(self._found) > self._kept:
                self._found.popitem(last=False)
            return model
