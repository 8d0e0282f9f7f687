"""What the service answers (spec 28.1, 28.3): a real process, asked over a real connection."""

import json
import os
import shutil
import subprocess
import time

import pytest
from jsonschema import Draft202012Validator
from provenance.cli import serve, worker
from provenance.wire.registries import problems
from provenance.wire.schemas import validator

from support import samples, web
from support.command import prov
from support.service import SIGNED, TOKEN, VECTORS, form, read_answer, running
from support.speed import slower

OWN = "qXl-oIaxBOFkwAcWZm6m79o_QLkvtcFS3_6zkguQmi4"
AUDIO = SIGNED.read_bytes()
DECLARED = {"contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}]}
REAL = ["flac5", "mp3_v0"] + ["aac_256", "vorbis_q5", "aiff16"] * bool(
    os.environ.get("MUSICPROV_TEST_FULL")
)
NO_AUDIO = b"this is no audio, and no declaration either" * 10


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A user's folder that knows the key of the signed vectors."""
    place = tmp_path_factory.mktemp("home")
    pins = {"pins": {OWN: {"name": "Them", "pinnedAt": "2026-01-01T00:00:00Z"}}}
    (place / "pins.json").write_text(json.dumps(pins), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def service(home):
    with running(home=home) as one:
        yield one


def report_of(answer):
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "application/json"
    assert validator("report").is_valid(answer.json), answer.json
    return answer.json


def problem_of(answer, code):
    assert answer.headers["content-type"] == "application/problem+json", answer.body
    assert validator("problem").is_valid(answer.json), answer.json
    assert (answer.json["code"], answer.json["status"]) == (code, answer.status)
    return answer.json


@pytest.mark.requirement("SRV-001")
@pytest.mark.requirement("SRV-020")
def test_a_body_or_a_form_is_verified_as_the_file_would_be(service):
    body, kind = form(("file", "a song.wav", AUDIO))

    raw, named = report_of(service.upload(AUDIO)), report_of(service.upload(body, kind))

    assert (raw["status"], raw["code"]) == ("PASSED", "binding.exact")
    assert raw["input"]["name"] == "upload"
    assert raw["input"]["size"] == len(AUDIO)
    assert named["input"]["name"] == "a song.wav"
    assert {**named, "input": 0, "verifiedAt": 0} == {**raw, "input": 0, "verifiedAt": 0}


@pytest.mark.requirement("SRV-020")
@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "audio/wav", "request.empty"),
        (AUDIO, "application/json", "request.media-type"),
        (AUDIO, "application/x-www-form-urlencoded", "request.media-type"),
        (AUDIO, "multipart/mixed; boundary=b", "request.media-type"),
        (AUDIO, "multipart/form-data", "request.malformed"),
        (AUDIO, f"multipart/form-data; boundary={'b' * 71}", "request.malformed"),
        (*form(("song", "a.wav", AUDIO)), "request.parts"),
        (*form(("file", "a.wav", AUDIO), ("file", "b.wav", AUDIO)), "request.parts"),
        (*form(("manifest", None, TOKEN.encode())), "request.parts"),
        (form(("file", "a.wav", AUDIO))[0][:-30], form()[1], "request.malformed"),
        (b"--other\r\n\r\n", form()[1], "request.malformed"),
        (*form(("file", "n" * 5000, AUDIO)), "request.malformed"),
    ],
)
def test_what_holds_no_audio_is_refused(service, body, kind, code):
    problem_of(service.upload(body, kind), code)


@pytest.mark.requirement("SRV-020")
def test_a_statement_may_come_beside_the_audio(service):
    plain = (VECTORS / "absent" / "input.wav").read_bytes()
    body, kind = form(("manifest", None, TOKEN.encode()), ("file", "x.wav", plain))

    assert report_of(service.upload(plain))["status"] == "ABSENT"
    found = report_of(service.upload(body, kind))

    assert [c["where"] for c in found["carriers"]] == ["given"]


@pytest.mark.requirement("BLK-013")
@pytest.mark.requirement("SRV-020")
def test_an_isrc_that_is_expected_stands_beside_what_was_found(service):
    parts = (("isrc", None, b"QZZZZ2600009\r\n"), ("file", "a.wav", AUDIO))
    upload = report_of(service.upload(*form(*parts)))
    stated = service.post("/v1/verify-manifest", {"manifest": TOKEN, "isrc": "QZZZZ2600009"})

    for made in (upload, report_of(stated)):
        assert (made["expected"]["isrc"], made["expected"]["matches"]) == ("QZZZZ2600009", False)
        assert made["expected"]["declared"] is not None
    assert "expected" not in report_of(service.upload(AUDIO))


@pytest.mark.requirement("SRV-020")
@pytest.mark.parametrize(
    ("text", "code"),
    [(b"hello", "request.schema"), (b"", "request.schema"), (b"Q" * 61, "request.parts")],
)
def test_what_is_expected_and_is_no_isrc_is_refused(service, text, code):
    asked = form(("file", "a.wav", AUDIO), ("isrc", None, text))
    made = problem_of(service.upload(*asked), code)

    if code == "request.schema":
        (fault,) = made["faults"]
        assert fault["pointer"] == "/isrc"
        assert "like GBXYZ2600123" in fault["fix"]
    stated = service.post("/v1/verify-manifest", {"manifest": TOKEN, "isrc": text.decode()})
    problem_of(stated, "request.schema")


@pytest.mark.requirement("SRV-002")
@pytest.mark.parametrize(
    ("vector", "status"), [("absent", "ABSENT"), ("contradicting", "INDETERMINATE")]
)
def test_whatever_the_result_the_request_went_well(service, vector, status):
    (path,) = (VECTORS / vector).glob("input.*")

    assert report_of(service.upload(path.read_bytes()))["status"] == status


@pytest.mark.requirement("SRV-002")
def test_what_is_no_audio_has_a_report_too_and_an_address_without_one_has_a_problem(service):
    found = report_of(service.upload(NO_AUDIO))

    assert (found["status"], found["code"]) == ("ERROR", "error")
    assert found["summary"].startswith("upload: is no audio file")
    problem_of(service.ask("GET", "/v1/verify/"), "request.not-found")


@pytest.mark.requirement("SRV-002")
@pytest.mark.requirement("SRV-020")
def test_a_file_that_is_empty_has_a_report_and_leaves_nothing(service):
    found = report_of(service.upload(*form(("file", "empty.flac", b""))))

    assert (found["status"], found["input"]["name"]) == ("ERROR", "empty.flac")
    assert found["summary"].startswith("empty.flac: is empty")
    assert service.uploads() == []


@pytest.mark.requirement("SRV-022")
@pytest.mark.parametrize("kind", ["audio/wav", "application/json", "multipart/mixed; boundary=b"])
def test_a_compressed_body_is_refused_as_that_whatever_it_is_called(service, kind):
    refused = [
        service.upload(AUDIO, kind, **{"Content-Encoding": "gzip"}),
        service.post("/v1/verify-manifest", b"{}", **{"Content-Encoding": "gzip"}),
    ]
    for answer in refused:
        assert "Content-Encoding, gzip" in problem_of(answer, "request.encoding")["detail"]


@pytest.mark.requirement("SRV-004")
@pytest.mark.requirement("SRV-021")
@pytest.mark.parametrize(
    "name",
    [
        "../../../../tmp/evil.wav",
        "/etc/passwd",
        "a\x00b",
        "..",
        "",
        "C:\\x",
        "\udcff\udcfe",
        "é" * 99,
    ],
)
def test_a_name_is_shown_and_is_never_a_path(service, name, tmp_path):
    before = sorted(p.name for p in service.place.rglob("*"))
    body, kind = form(("file", name, NO_AUDIO))

    found = report_of(service.upload(body, kind))

    assert found["status"] == "ERROR"
    assert str(service.place) not in json.dumps(found)
    assert sorted(p.name for p in service.place.rglob("*")) == before
    assert service.uploads() == []


@pytest.mark.requirement("SRV-006")
def test_a_manifest_is_compared_with_the_digests_that_come_with_it(service):
    report, token = report_of(service.upload(AUDIO)), _token_of(AUDIO)
    good, other = report["input"]["essence"], "sha-256:" + "A" * 43

    same = report_of(service.post("/v1/verify-manifest", {"manifest": token, "essence": good}))
    differs = report_of(service.post("/v1/verify-manifest", {"manifest": token, "essence": other}))
    nothing = report_of(service.post("/v1/verify-manifest", {"manifest": token}))

    assert (same["status"], same["axes"]["binding"]) == ("PASSED", "binding.exact")
    assert same["notSaid"][0].startswith("The audio itself was not looked at")
    assert same["notSaid"][1:] == report["notSaid"]
    assert same["input"]["essence"] == good
    assert (differs["status"], differs["axes"]["binding"]) == (
        "INDETERMINATE",
        "binding.not-checked",
    )  # the samples that it records might have decided
    assert nothing["axes"]["binding"] == "binding.not-checked"


def _token_of(audio):
    start = audio.index(b"eyJ")
    return audio[start:].split(b"\x00")[0].decode("ascii")


@pytest.mark.requirement("SRV-006")
@pytest.mark.parametrize(
    "more",
    [
        {"digests": [{"tier": "essence"}]},
        {"digests": [{"tier": "taste", "digest": "sha-256:" + "A" * 43}]},
        {"digests": [{"tier": "essence", "profile": "mp3", "digest": "sha-256:" + "A" * 43}] * 2},
        {"essence": "sha-256:short"},
        {"essence": "sha-256:" + "A" * 42 + "B"},
        {"essence": "sha-256:" + "A" * 43, "digests": []},
        {"essense": "sha-256:" + "A" * 43},
        {"statements": ["x"] * 33},
    ],
)
def test_digests_that_are_none_are_refused(service, more):
    problem_of(service.post("/v1/verify-manifest", {"manifest": TOKEN, **more}), "request.schema")


@pytest.mark.requirement("SRV-030")
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"manifest": NaN}', b'{"a":1,"a":1}', b"[" * 5000, b"\xff\xfe"]
)
def test_what_is_no_json_is_refused(service, body):
    for path in ("/v1/verify-manifest", "/v1/verify-url", "/v1/label"):
        problem_of(service.post(path, body), "request.malformed")


@pytest.mark.requirement("SRV-030")
def test_other_addresses_methods_and_protocols_have_problems_of_their_own(service):
    problem_of(service.ask("GET", "/../../etc/passwd"), "request.not-found")
    refused = service.ask("DELETE", "/v1/verify")
    problem_of(refused, "request.method")
    with service.connect(b"\x16\x03\x01 this is no HTTP\r\n\r\n") as raw:
        problem_of(read_answer(raw), "request.malformed")

    assert refused.headers["allow"] == "POST"
    assert service.ask("GET", "/healthz").status == 200


@pytest.mark.requirement("SRV-025")
@pytest.mark.requirement("LBL-052")
def test_a_label_says_what_it_is_worth(service):
    token = _token_of(AUDIO)

    got = service.ask("GET", f"/v1/label?of={token}&lang=sv")
    made = service.post("/v1/label", {"of": DECLARED, "lang": "en"})
    picture = service.post("/v1/label", {"of": token, "form": "svg"})
    code = service.post("/v1/label", {"of": token, "form": "code"})
    sentence = service.post("/v1/label", {"of": DECLARED, "form": "sentence"})

    headers = service.ask("GET", "/openapi.json").json["paths"]["/v1/label"]["post"]["responses"]
    names = {name.lower() for name in headers["200"]["headers"]}
    assert names == {"musicprov-status", "musicprov-unverified"}
    for answer, said in ((got, "INDETERMINATE"), (picture, "INDETERMINATE"),
                         (code, "INDETERMINATE"), (made, "UNSIGNED"), (sentence, "UNSIGNED")):  # fmt: skip
        assert answer.headers["musicprov-status"] == said
        assert answer.headers["musicprov-unverified"] == "true"
    for answer in (got, made):
        assert validator("label").is_valid(answer.json)
        assert answer.json["unverifiedClaim"] is True
    assert got.json["status"] == "INDETERMINATE"
    assert made.json["status"] is None
    assert made.json["areas"] == {"mixing": "utility"}
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["musicprov-unverified"] == "true"
    assert picture.body.startswith(b"<svg")
    assert picture.headers["content-security-policy"].startswith("default-src 'none'")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert code.body == b"LV-F MX-U UNVERIFIED\n"
    assert "Unverified claim: signed, but not confirmed." in picture.body.decode()


@pytest.mark.requirement("SRV-025")
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"of": "eyJ.eyJ.AA"}, "label.nothing"),
        ({"of": {"contributions": []}}, "label.nothing"),
        ({"of": TOKEN, "lang": "tlh"}, "request.schema"),
        ({}, "request.schema"),
    ],
)
def test_there_is_no_label_of_nothing(service, value, code):
    problem_of(service.post("/v1/label", value), code)


@pytest.mark.requirement("SRV-025")
@pytest.mark.requirement("LBL-037")
def test_the_picture_of_the_service_says_whether_the_declaration_is_signed(service):
    signed, unsigned = (
        service.post("/v1/label", {"of": of, "form": "svg"}).body.decode()
        for of in (_token_of(AUDIO), DECLARED)
    )

    assert "Unverified claim: signed" in signed
    assert "Not signed" in unsigned
    assert "A signed declaration" not in unsigned


@pytest.mark.requirement("LBL-051")
@pytest.mark.parametrize("form", ["json", "sentence", "code", "svg"])
def test_there_is_no_label_of_what_was_taken_back(service, withdrawn, form):
    answer = service.post("/v1/label", {"of": withdrawn, "form": form})

    assert "[currency.withdrawn]" in problem_of(answer, "label.nothing")["detail"]


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory):
    """What a file holds whose signer has withdrawn the declaration."""
    place = tmp_path_factory.mktemp("withdrawn")
    shutil.copy(samples.made("wav"), place / "a.wav")
    (place / "d.json").write_text(json.dumps(DECLARED))
    prov(place, "keygen", "--no-passphrase")
    prov(place, "sign", "a.wav", "--manifest", "d.json", "--no-fingerprint", "-y")
    prov(place, "withdraw", "a.wav", "--reason", "error")
    return json.loads(prov(place, "extract", "a.wav", "--out", "-").stdout)


@pytest.mark.requirement("SRV-001")
def test_every_code_status_rule_and_problem_is_explained(service):
    for name, kind in (("binding.exact", "code"), ("INDETERMINATE", "status"),
                       ("sheet.formula", "rule"), ("request.empty", "problem")):  # fmt: skip
        answer = service.ask("GET", f"/v1/explain/{name}")
        assert validator("explanation").is_valid(answer.json)
        assert answer.json["kind"] == kind
    problem_of(service.ask("GET", "/v1/explain/no.such-code"), "code.unknown")


@pytest.mark.requirement("SRV-026")
def test_the_description_holds_the_schemas_and_refers_to_nothing_outside(service):
    found = service.ask("GET", "/openapi.json").json
    parts = found["components"]["schemas"]

    references = set(_references(found))
    assert found["openapi"].startswith("3.1")
    assert all(r.startswith("#/components/schemas/") for r in references)
    for reference in references:
        place = found
        for step in reference[2:].split("/"):
            place = place[step]
    report = report_of(service.upload(AUDIO))
    check = Draft202012Validator({"$ref": "#/components/schemas/report", **found})
    assert check.is_valid(report)
    assert not check.is_valid({**report, "status": "FINE"})
    assert parts["report"]["required"] == validator("report").schema["required"]


ANYWHERE = {"400", "431"}
ASKED = {*ANYWHERE, "429", "500", "503"}
TAKES = {*ASKED, "408", "413", "415", "422"}
STATUSES = {
    ("post", "/v1/verify"): TAKES,
    ("post", "/v1/verify-url"): {*TAKES, "403", "502"},
    ("post", "/v1/verify-manifest"): TAKES,
    ("get", "/v1/label"): {*ASKED, "422"},
    ("post", "/v1/label"): TAKES,
    ("get", "/v1/explain/{code}"): {*ASKED, "404"},
    ("get", "/healthz"): ANYWHERE,
    ("get", "/readyz"): {*ANYWHERE, "503"},
    ("get", "/metrics"): ANYWHERE,
    ("get", "/openapi.json"): ANYWHERE,
}
ELSEWHERE = {"request.method"}
"""Of no operation: another method than those that are described."""


@pytest.mark.requirement("SRV-026")
def test_each_operation_is_described_with_the_problems_that_it_can_answer_with(service):
    paths = service.ask("GET", "/openapi.json").json["paths"]

    found = {(verb, path): operation["responses"] for path, verbs in paths.items()
             for verb, operation in verbs.items()}  # fmt: skip
    assert {key: set(answers) - {"200"} for key, answers in found.items()} == STATUSES
    named = {
        code: status
        for answers in found.values()
        for status, answer in answers.items() if status != "200"
        for code in answer["description"].split(", ")
    }  # fmt: skip
    assert named == {c: str(e["status"]) for c, e in problems().items() if c not in ELSEWHERE}


def _references(part):
    if isinstance(part, dict):
        yield from (v for k, v in part.items() if k == "$ref" and isinstance(v, str))
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _references(one)


@pytest.mark.requirement("SRV-041")
def test_the_figures_count_kinds_and_results(service):
    report_of(service.upload(AUDIO))
    service.ask("GET", "/no/such/address/as-this")

    text = service.ask("GET", "/metrics").body.decode()

    assert 'musicprov_requests_total{http="200",kind="verify"}' in text
    assert 'musicprov_reports_total{status="PASSED"}' in text
    assert "process_resident_memory_bytes" in text
    assert "as-this" not in text


OF_NO_KIND = {
    "no address": (b"GET /no/such/address HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    "another method": (b"DELETE /v1/verify HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "no host": (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
    "no HTTP": (b"\x16\x03\x01 this is no HTTP\r\n\r\n", 400),
    "no length": (b"POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    "large": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 40_000 + b"\r\n\r\n", 431),
}


@pytest.mark.requirement("SRV-040")
@pytest.mark.requirement("SRV-041")
@pytest.mark.parametrize(("data", "status"), OF_NO_KIND.values(), ids=OF_NO_KIND)
def test_what_is_refused_before_it_has_a_kind_is_counted_and_logged_too(service, data, status):
    labels = f'http="{status}",kind="none"'
    before = _counted(service, labels)
    with service.connect(data) as raw:
        answer = read_answer(raw)
    (line,) = _logged_until(service, answer)[-1:]

    assert answer.headers["x-request-id"] == answer.json["request"]
    assert (answer.status, line["http"], line["kind"]) == (status, status, "none")
    assert line["problem"] == answer.json["code"]
    assert _counted(service, labels) == before + 1


@pytest.mark.requirement("SRV-040")
@pytest.mark.requirement("SRV-041")
def test_of_what_is_no_request_about_a_recording_only_a_body_that_breaks_off_is_logged(service):
    begin = service.ask("GET", "/no/such/address")
    before = len(_logged_until(service, begin)), _counted(service)
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        assert service.ask("GET", path).status == 200
    for data in (b"", b"GET /v1/verify HTT"):
        service.connect(data).close()
    service.connect(b"POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx").close()
    until = time.monotonic() + 120
    while _counted(service) == before[1] and time.monotonic() < until:
        time.sleep(0.02)
    end = service.ask("GET", "/no/such/address")

    broken, last = _logged_until(service, end)[before[0] :]
    assert (broken["kind"], broken["problem"]) == ("verify", "request.interrupted")
    assert last["request"] == end.json["request"]
    assert _counted(service) == before[1] + 2


def _logged_until(service, answer):
    """The lines of requests in the log up to that of an answer, once it is there."""
    until = time.monotonic() + 120
    while True:
        lines = [x for x in service.log if x["event"] == "request"]
        at = [n for n, x in enumerate(lines) if x["request"] == answer.json["request"]]
        if at:
            assert len(at) == 1
            return lines[: at[0] + 1]
        assert time.monotonic() < until
        time.sleep(0.02)


def _counted(service, labels=""):
    """How many requests the figures have, of all or with these labels."""
    lines = service.ask("GET", "/metrics").body.decode().splitlines()
    start = f"musicprov_requests_total{{{labels}"
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(start))


@pytest.mark.requirement("SRV-031")
def test_a_body_that_is_no_http_is_counted_once(service):
    before = len(service.log)
    head = b"POST /v1/verify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with service.connect(head) as raw:
        time.sleep(0.2 * slower())
        raw.sendall(b"no size\r\n")
        problem_of(read_answer(raw), "request.malformed")
    time.sleep(0.3 * slower())

    (line,) = [x for x in service.log[before:] if x["event"] == "request"]
    assert (line["kind"], line["http"]) == ("verify", 400)


@pytest.mark.corpus
@pytest.mark.requirement("SRV-001")
@pytest.mark.parametrize("kind", REAL)
def test_real_music_gets_the_report_that_a_signature_in_it_deserves(service, home, tmp_path, kind):
    path = min(_real(kind), key=lambda p: p.stat().st_size)
    song = tmp_path / path.name
    shutil.copyfile(path, song)
    (tmp_path / "d.json").write_text(json.dumps(DECLARED), encoding="utf-8")
    prov(tmp_path, "keygen", "--no-passphrase")
    prov(tmp_path, "sign", song.name, "--manifest", "d.json", "--no-fingerprint")

    plain = report_of(service.upload(path.read_bytes(), "audio/*"))
    signed = report_of(service.upload(song.read_bytes(), "audio/*"))

    assert plain["status"] == "ABSENT"
    assert (signed["status"], signed["code"]) == ("INDETERMINATE", "identity.unknown")
    assert signed["axes"]["binding"] == "binding.exact"
    assert signed["declaration"]["areas"] == {"mixing": "utility"}
    assert signed["input"]["size"] == song.stat().st_size


def _real(kind):
    return [p for p in samples.corpus(kind) if p.is_file()]


@pytest.mark.requirement("SRV-040")
def test_the_log_holds_no_names_and_no_addresses(service):
    body, kind = form(("file", "Secret Working Title.wav", AUDIO))
    answer = service.upload(body, kind)

    number = answer.headers["x-request-id"]
    until = time.monotonic() + 120
    while not (mine := [x for x in service.log if x.get("request") == number]):
        assert time.monotonic() < until
        time.sleep(0.02)

    assert mine[0]["bytes"] == len(AUDIO)
    assert (mine[0]["status"], mine[0]["http"]) == ("PASSED", 200)
    said = json.dumps([x for x in service.log if x["event"] == "request"])
    assert "Secret" not in said
    assert "127.0.0.1" not in said


@pytest.mark.requirement("SRV-023")
def test_nothing_is_fetched_where_no_host_is_named(service):
    for url in ("https://label.example/a.flac", "https://127.0.0.1/", "https://localhost/x"):
        problem_of(service.post("/v1/verify-url", {"url": url}), "url.off")
    problem_of(service.post("/v1/verify-url", {"url": "file:///etc/passwd"}), "request.schema")


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return web.authority(tmp_path_factory.mktemp("ca"))


@pytest.mark.slow
@pytest.mark.requirement("SRV-023")
@pytest.mark.requirement("SRV-024")
@pytest.mark.requirement("BLK-043")
def test_a_file_is_fetched_from_a_host_that_is_named_and_from_no_other(ca, home):
    chain = web.certificate_for(ca, ca.path.parent, "audio.example")
    answers = {
        b"/a.wav": web.answer(AUDIO, kind="audio/wav"),
        b"/page?X-Amz-Signature=geheim": web.answer(NO_AUDIO),
        b"/moved.wav": web.answer(b"", status="302 Found", more=("Location: https://x.example/",)),
        b"/big.wav": web.answer(b"x" * 70_000),
        b"/busy.wav": web.answer(b"", status="503 Service Unavailable"),
        b"/zip.wav": web.answer(b"x", more=("Content-Encoding: gzip",)),
    }

    def behave(connection):
        asked = host.asked[-1].split(b" ")[1]
        connection.sendall(answers.get(asked, web.answer(b"", status="404 Not Found")))

    with web.Server(chain, behave=behave) as host:
        routes = {"audio.example": host.address, "localhost.example": None}
        with running(home=home, jobs=1, routes=routes, ca=ca.path,
                     limits={"body_bytes": 60_000}) as service:  # fmt: skip

            def ask(url):
                return service.post("/v1/verify-url", {"url": url})

            found = report_of(ask("https://audio.example/a.wav"))
            assert found["status"] == "PASSED"
            assert found["input"]["name"] == "https://audio.example/a.wav"
            asked = {"url": "https://audio.example/a.wav", "isrc": "QZZZZ2600009"}
            expected = report_of(service.post("/v1/verify-url", asked))["expected"]
            assert (expected["isrc"], expected["matches"]) == ("QZZZZ2600009", False)
            refused = report_of(ask("https://audio.example/page?X-Amz-Signature=geheim"))
            shown = "https://audio.example/page?X-Amz-Signature=***"
            assert refused["summary"].startswith(f"{shown}: is no audio file")
            assert "geheim" not in json.dumps(refused)
            problem_of(ask("https://other.example/a.wav"), "url.host")
            problem_of(ask("https://audio.example:444/a.wav"), "url.address")
            problem_of(ask("https://u:p@audio.example/a.wav"), "url.address")
            problem_of(ask("https://127.0.0.1/a.wav"), "url.address")
            for name, status in (("moved", 302), ("zip", 200), ("none", 404)):
                refused = problem_of(ask(f"https://audio.example/{name}.wav"), "url.refused")
                assert refused["upstream"] == status
            problem_of(ask("https://audio.example/big.wav"), "url.too-large")
            unknown = problem_of(ask("https://localhost.example/a.wav"), "url.failed")
            assert "upstream" not in unknown
            busy = problem_of(ask("https://audio.example/busy.wav"), "url.failed")
            assert busy["upstream"] == 503


@pytest.mark.slow
@pytest.mark.requirement("SRV-003")
@pytest.mark.requirement("SRV-024")
def test_a_host_that_hangs_did_not_give_the_file(ca):
    chain = web.certificate_for(ca, ca.path.parent, "audio.example")
    with (
        web.Server(chain, behave=lambda _: host.stopped.wait(8 * slower())) as host,
        running(jobs=1, routes={"audio.example": host.address}, ca=ca.path,
                limits={"verify_seconds": 3.0 * slower()}) as service,
    ):  # fmt: skip
        answer = service.post("/v1/verify-url", {"url": "https://audio.example/a.wav"})

    assert "gave no whole answer" in problem_of(answer, "url.failed")["detail"]


@pytest.mark.slow
@pytest.mark.requirement("SRV-005")
def test_a_decoder_runs_and_decisions_are_made_only_where_that_is_asked_for(service, tmp_path):
    flac = shutil.which("flac")
    if flac is None:
        pytest.skip("flac is not installed: nothing to decode")
    pytest.importorskip("av", reason="extra 'audio' is not installed")
    shutil.copyfile(samples.made("flac"), tmp_path / "song.flac")
    (tmp_path / "d.json").write_text(json.dumps(DECLARED), encoding="utf-8")
    prov(tmp_path, "keygen", "--no-passphrase")
    prov(tmp_path, "sign", "song.flac", "--manifest", "d.json", "--no-fingerprint")
    subprocess.run([flac, "-s", "-0", "-f", "song.flac", "-o", "other.flac"],
                   cwd=tmp_path, check=True)  # fmt: skip
    other = (tmp_path / "other.flac").read_bytes()

    undecoded = report_of(service.upload(other, "audio/flac"))
    wishes = {"decode": "auto", "ingest": "strict"}
    with running(home=tmp_path / "home", jobs=1, settings=wishes) as decoding:
        decoded = report_of(decoding.upload(other, "audio/flac"))
        nothing = report_of(decoding.upload(NO_AUDIO))
        decoding.lines(2)
        figures = decoding.ask("GET", "/metrics").body.decode()

    assert _binding(undecoded) == ("binding.not-checked", "decode-off")
    assert _binding(decoded) == ("binding.lossless", None)
    assert "decision" not in undecoded
    assert nothing["decision"]["outcome"] == "hold"
    assert nothing["decision"]["tell"]
    assert 'musicprov_decisions_total{decision="hold"}' in figures
    for command in (serve.command, worker.command):
        assert {p.name: p.default for p in command.params}["decode"] == "never"


def _binding(report):
    found = next(c for c in report["checks"] if c["axis"] == "binding")
    return found["code"], found["detail"].get("cause")
