"""The whole API document, asked at random in its own words, rightly and wrongly: no answer is a fault, each is as documented."""

import hypothesis
import people
import proposing
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from service import RESULT, ROWS, client

EXAMPLES = 8
"""Cases for each operation and kind of case."""
load_all_checks()
NAMES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
ASKED = CHECKS.get_by_names(NAMES)
KNOWN = {"result": RESULT, "commune": "Hòa Phú", "parcel": ROWS[1][0]}
"""Names that are there, in place of those drawn at random, so that answers too are looked at."""


@pytest.fixture(scope="module")
def document():
    with client() as asked:
        reviewer = people.add(asked.app.state.store, "reviewer")
        KNOWN["proposal"] = proposing.put(asked, reviewer, proposing.land(640, 480))["id"]
        asked.get(f"/api/v1/results/{RESULT}/communes/{KNOWN['commune']}/sheet.pdf")  # what draws sheets is there then
        found = schemathesis.openapi.from_asgi("/api/v1/openapi.json", asked.app)
        yield [each.ok() for each in found.get_all_operations()]


def ask(operation, mode, known):
    """Ask for one operation some times; the statuses that came."""
    came = set()

    @hypothesis.seed(4)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def one(case):
        if known and case.path_parameters:
            case.path_parameters |= {name: value for name, value in KNOWN.items() if name in case.path_parameters}
        response = case.call()
        assert response.status_code < 500, f"{case.as_curl_command()}\n{response.text}"
        case.validate_response(response, checks=ASKED)
        came.add(response.status_code)

    one()
    return came


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_no_question_is_answered_with_a_fault(document, mode):
    faults, came = [], set()
    for operation in document:
        for known in (True, False):
            try:
                came |= ask(operation, mode, known)
            except hypothesis.errors.Unsatisfiable:  # nothing can be asked wrongly of it
                break
            except (AssertionError, BaseExceptionGroup) as error:
                faults.append(f"{operation.method.upper()} {operation.path}: {error}")
    assert not faults, "\n\n".join(faults)
    assert came >= ({200, 404} if mode is GenerationMode.POSITIVE else {400})


def test_the_document_has_the_whole_api(document):
    paths = {operation.path for operation in document}
    for root in ("/api/v1", "/what-if", "/processes", "/jobs"):
        assert any(path == root or path.startswith(root + "/") for path in paths), root
