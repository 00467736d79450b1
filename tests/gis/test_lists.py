"""Lists: taken apart and put together the slow way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.lists import patched, spans

ROWS = st.lists(st.lists(st.integers(0, 99), max_size=4), min_size=1, max_size=8)


def flat(rows):
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return start, np.array([value for row in rows for value in row], dtype=np.int64)


@given(ROWS, st.data())
def test_spans_are_the_numbers_of_each_list(rows, data):
    start, _ = flat(rows)
    which = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=5)), dtype=np.int64)
    assert spans(start, which).tolist() == [k for w in which for k in range(start[w], start[w + 1])]


@given(ROWS, st.data())
def test_patched_equals_lists_that_are_changed_one_by_one(rows, data):
    start, values = flat(rows)
    gone = data.draw(st.sets(st.integers(0, len(values) - 1), max_size=5)) if len(values) else set()
    n = len(rows) + data.draw(st.integers(0, 3))
    new = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(100, 199)), max_size=6))
    want = [[] for _ in range(n)]
    for at, row in enumerate(rows):
        want[at] = [value for k, value in enumerate(row) if start[at] + k not in gone]
    for at, value in new:
        want[at].append(value)
    row, value = (np.array([pair[i] for pair in new], dtype=np.int64) for i in (0, 1))
    got_start, (got,) = patched(start, (values,), np.array(sorted(gone), dtype=np.int64), row, (value,), n)
    assert [sorted(got[got_start[i] : got_start[i + 1]].tolist()) for i in range(n)] == [sorted(each) for each in want]
