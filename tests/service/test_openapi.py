"""schemathesis against the running service: every answer is one that its description allows.

A few examples an operation in CI; MUSICPROV_TEST_FULL=1 takes 100.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from support.service import running

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
checks = pytest.importorskip("schemathesis.checks")

EXAMPLES = 100 if os.environ.get("MUSICPROV_TEST_FULL") else 8
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
REFUSES = {"/v1/verify-url", "/v1/verify-manifest", "/v1/label"}
REFUSES_GOOD_FORM = {"/v1/label", "/v1/explain/{code}", "/v1/verify-url", "/v1/verify-manifest"}
"""A statement may be well-formed and hold nothing to show, or a fraction; a code be none; a host
not be allowed."""
OPERATIONS = [
    ("POST", "/v1/verify"),
    ("POST", "/v1/verify-url"),
    ("POST", "/v1/verify-manifest"),
    ("GET", "/v1/label"),
    ("POST", "/v1/label"),
    ("GET", "/v1/explain/{code}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
]


@pytest.fixture(scope="module")
def described():
    with running() as service:
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{service.port}/openapi.json")


@pytest.mark.slow
def test_the_description_is_a_valid_one_and_names_every_operation(described):
    described.validate()

    # schemathesis passes over the address of the description itself
    found = {(op.ok().method.upper(), op.ok().path) for op in described.get_all_operations()}
    assert found == set(OPERATIONS)


@pytest.mark.slow
@pytest.mark.requirement("SRV-026")
@pytest.mark.requirement("SRV-030")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_every_answer_is_one_that_is_described(described, method, path, mode):
    operation = described[path][method]
    if mode == "negative" and path not in REFUSES:
        pytest.skip("it takes nothing that could be wrong")
    checked = [*CHECKS, checks.negative_data_rejection] if mode == "negative" else [*CHECKS]
    if mode == "positive" and path not in REFUSES_GOOD_FORM:
        checked.append(checks.positive_data_acceptance)
    seen = []

    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    def ask(case):
        answer = case.call()
        seen.append(answer.status_code)
        case.validate_response(answer, checks=checked)

    ask()
    assert max(seen) < 500
