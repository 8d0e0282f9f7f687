"""``--fail-on``: what makes a run end with a code that is not zero."""

import pytest
from provenance.bulk.exits import AT_INGEST, USUAL, fail_on, worst_exit
from provenance.model.errors import UsageError
from provenance.model.verdict import EXIT_CODES, WORST_FIRST, Status

from support import reports


def result(status, *codes, decision=None):
    found = {"status": status, "checks": [{"code": code} for code in codes]}
    return {**found, "decision": {"outcome": decision}} if decision else found


@pytest.mark.requirement("ING-031")
def test_without_a_wish_every_status_has_the_exit_code_of_the_chapter():
    for status in Status:
        assert USUAL.exit_of(result(status.value)) == EXIT_CODES[status]
    for _, report in reports.every():
        assert USUAL.fails(report) == (report["status"] != "PASSED")


@pytest.mark.requirement("ING-031")
def test_the_worst_of_several_is_the_worst_status():
    exits = [EXIT_CODES[status] for status in WORST_FIRST]

    assert exits == [1, 5, 3, 4, 0]
    for n in range(len(exits)):
        assert worst_exit(reversed(exits[n:])) == exits[n]
    assert worst_exit(()) == 0


@pytest.mark.requirement("ING-030")
@pytest.mark.parametrize(
    ("words", "report", "exit_code"),
    [
        ("failed", result("FAILED"), 1),
        ("failed", result("ABSENT"), 0),
        ("failed", result("ERROR"), 0),
        ("failed,error", result("ERROR"), 5),
        (" absent , indeterminate ", result("ABSENT"), 4),
        ("absent,indeterminate", result("INDETERMINATE"), 3),
        ("absent,indeterminate", result("FAILED", "binding.mismatch"), 0),
        ("never", result("FAILED"), 0),
        ("content.tag-differs", result("PASSED", "binding.exact", "content.tag-differs"), 1),
        ("content.tag-differs", result("PASSED", "binding.exact"), 0),
        ("identity.unknown", result("INDETERMINATE", "identity.unknown"), 3),
        ("reject", result("INDETERMINATE", decision="reject"), 1),
        ("reject", result("FAILED", decision="hold"), 0),
        ("hold,reject", result("PASSED", decision="hold"), 3),
        ("hold,failed", result("FAILED", decision="hold"), 1),
        ("hold,reject", result("FAILED", decision="accept"), 0),
        ("hold", result("PASSED"), 0),
    ],
)
def test_only_what_was_told_to_count_counts(words, report, exit_code):
    assert fail_on(words).exit_of(report) == exit_code
    assert fail_on(words).fails(report) is (exit_code != 0)


@pytest.mark.requirement("ING-030")
def test_under_a_policy_at_ingest_its_decisions_count_and_statuses_do_not():
    assert AT_INGEST.exit_of(result("FAILED", decision="accept")) == 0
    assert AT_INGEST.exit_of(result("PASSED", decision="hold")) == 3
    assert AT_INGEST.exit_of(result("ABSENT", decision="reject")) == 1


@pytest.mark.requirement("ING-030")
def test_a_run_of_nothing_shows_nothing():
    assert USUAL.exit_of_nothing() == 4
    assert fail_on("absent").exit_of_nothing() == 4
    assert fail_on("failed,error,indeterminate").exit_of_nothing() == 4
    assert fail_on("hold").exit_of_nothing() == fail_on("binding.exact").exit_of_nothing() == 4
    assert AT_INGEST.exit_of_nothing() == 4
    assert fail_on("never").exit_of_nothing() == 0


def test_the_case_of_a_word_does_not_count():
    assert fail_on("FAILED, Hold,BINDING.exact") == fail_on("failed,hold,binding.exact")
    assert fail_on("Never") == fail_on("never")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("failde", "Did you mean 'failed'?"),
        ("FAILDE", "Did you mean 'failed'?"),
        ("passed", "There are: failed, indeterminate, absent, error"),
        ("binding.exactly", "Did you mean 'binding.exact'?"),
        ("log.absent", "There are:"),
        ("", "There are:"),
        ("failed,", "There are:"),
        ("never,failed", "'never' stands alone."),
        ("accept", "There are:"),
    ],
)
def test_a_word_that_means_nothing_is_refused_with_what_there_is(words, hint):
    with pytest.raises(UsageError, match="--fail-on: there is no ") as caught:
        fail_on(words)
    assert hint in caught.value.hint
