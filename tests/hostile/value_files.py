"""Crafted statements, signed by a key that the asker knows, in an ordinary file.

An attacker signs what they like: a good signature is no reason to trust the size or the depth of
what is signed.
"""
# fmt: off - a line a case

import json

from hostile import parts
from hostile.case import case
from hostile.parts import block, comments, id3, txxx


def _flac(*values):
    info = block(0, parts.bare("flac")[8:42])
    held = block(4, comments([b"MUSICPROV=" + v for v in values]), last=True)
    return b"fLaC" + info + held + parts.audio("flac")


def _payload():
    body = parts.token("flac").split(b".")[1]
    import base64

    return json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))


def _plain(**members):
    return json.dumps({**_payload(), **members}, ensure_ascii=False).encode()


def _filled(make, size=180_000):
    """As many of ``make(n)`` as fit into one envelope."""
    found, used = [], 0
    while used < size:
        found.append(make(len(found)))
        used += len(json.dumps(found[-1], ensure_ascii=False).encode()) + 1
    return found


def values():
    """FLAC files with these statements in them."""
    for name, build in (*_payloads(), *_forms()):
        yield case(f"value/{name}", "flac", build, "flac")
    yield case("value/32-large-statements", "flac", _large_statements, "flac")
    yield case(
        "value/in-two-readers",
        "mp3",
        lambda: id3(txxx(b"MUSICPROV", parts.token("flac"))) + parts.bare("mp3"),
    )


def _entry(n):
    return {"asset": "recording", "area": f"org.example.a{n}", "level": "full"}


def _payloads():
    def over(payload):
        return lambda: _flac(parts.sign_payload(payload() if callable(payload) else payload))

    yield "nested-arrays", over(b"[" * 90_000 + b"]" * 90_000)
    yield "nested-objects", over(b'{"a":' * 30_000 + b"1" + b"}" * 30_000)
    yield "nested-open", over(b"[" * 180_000)
    yield (
        "nested-extension",
        over(
            lambda: _plain(extensions={"org.example.x": 0}).replace(
                b": 0}", b": " + b"[" * 80_000 + b"]" * 80_000 + b"}"
            )
        ),
    )
    yield (
        "depth-31",
        over(lambda: _plain(extensions={"org.example.x": json.loads("[" * 28 + "]" * 28)})),
    )
    yield (
        "long-number",
        over(lambda: _plain().replace(b'"sequence": 1', b'"sequence": ' + b"9" * 180_000)),
    )
    yield (
        "long-negative",
        over(lambda: _plain().replace(b'"sequence": 1', b'"sequence": -' + b"9" * 180_000)),
    )
    yield (
        "long-fraction",
        over(lambda: _plain().replace(b'"sequence": 1', b'"sequence": 1.' + b"9" * 180_000)),
    )
    yield "exponent", over(lambda: _plain().replace(b'"sequence": 1', b'"sequence": 1e999999999'))
    yield "nan", over(lambda: _plain().replace(b'"sequence": 1', b'"sequence": NaN'))
    yield "huge-string", over(lambda: _plain(id="x" * 180_000))
    yield (
        "huge-title",
        over(lambda: _plain(subject={**_payload()["subject"], "title": "t" * 180_000})),
    )
    yield "huge-name", over(lambda: _plain(**{"n" * 180_000: 1}))
    yield "many-members", over(lambda: _plain(**{f"m{n}": n for n in range(14_000)}))
    yield "many-duplicates", over(b"{" + b'"a":1,' * 28_000 + b'"a":1}')
    yield "many-contributions", over(lambda: _plain(contributions=_filled(_entry)))
    yield "many-same-contributions", over(lambda: _plain(contributions=_filled(lambda _: DECLARED)))
    yield (
        "many-contributions-of-nothing",
        over(lambda: _plain(contributions=_filled(lambda _: {}, 100_000))),
    )
    yield (
        "many-numbers-for-contributions",
        over(lambda: _plain(contributions=_filled(lambda _: 1, 100_000))),
    )
    yield (
        "many-tools",
        over(
            lambda: _plain(
                contributions=[{**DECLARED, "tools": _filled(lambda n: {"name": f"t{n}"})}]
            )
        ),
    )
    yield (
        "many-artists",
        over(
            lambda: _plain(
                subject={
                    **_payload()["subject"],
                    "artists": _filled(lambda n: {"name": f"Name {n}"}),
                }
            )
        ),
    )
    yield (
        "many-bindings",
        over(
            lambda: _plain(
                subject={
                    **_payload()["subject"],
                    "bindings": _payload()["subject"]["bindings"] * 400,
                }
            )
        ),
    )
    yield (
        "many-other-bindings",
        over(
            lambda: _plain(
                subject={
                    **_payload()["subject"],
                    "bindings": _filled(
                        lambda n: {
                            **_payload()["subject"]["bindings"][0],
                            "digest": f"sha-256:{n:043d}",
                        }
                    ),
                }
            )
        ),
    )
    yield "many-must-understand", over(lambda: _plain(mustUnderstand=_filled(lambda n: f"m{n}")))
    yield (
        "many-extensions",
        over(lambda: _plain(extensions={f"org.example.x{n}": n for n in range(6000)})),
    )
    yield "wide-extension", over(lambda: _plain(extensions={"org.example.x": list(range(25_000))}))
    yield (
        "mixed-scripts",
        over(lambda: _plain(subject={**_payload()["subject"], "title": "pаypаl " * 15_000})),
    )
    yield (
        "combining-marks",
        over(lambda: _plain(subject={**_payload()["subject"], "title": "a" + "\u0301" * 80_000})),
    )
    yield (
        "terminal",
        over(lambda: _plain(subject={**_payload()["subject"], "title": "\x1b]0;evil\x07\x1b[2J"})),
    )
    yield (
        "bidi",
        over(lambda: _plain(subject={**_payload()["subject"], "title": "\u202eevil\u2066"})),
    )
    yield (
        "marks",
        over(lambda: _plain(subject={**_payload()["subject"], "title": "ev\u200eil\u061c"})),
    )
    yield "lone-surrogate", over(lambda: _plain().replace(b'"Sample"', b'"\\ud800"'))
    yield "no-utf8", over(lambda: _plain().replace(b"Sample", b"\xff\xfe"))
    yield "bom", over(lambda: b"\xef\xbb\xbf" + _plain())
    yield "utf16", over(lambda: _plain().decode().encode("utf-16"))
    yield "nothing", over(b"")
    yield "null", over(b"null")
    yield "list", over(b"[]")
    yield "no-members", over(b"{}")
    yield (
        "types-wrong",
        over(lambda: _plain(contributions={}, subject=[], issued=1, id=None, sequence="1")),
    )
    yield "times-absurd", over(lambda: _plain(issued="9999-12-31T23:59:59Z"))
    yield "times-wrong", over(lambda: _plain(issued="2026-02-30T25:61:61Z"))
    yield "sequence-max", over(lambda: _plain(sequence=2**53 - 1))
    yield "supersedes-itself", over(lambda: _plain(supersedes="A" * 43))


DECLARED = {"asset": "recording", "area": "lyrics", "level": "full"}


def _forms():
    def token():
        return parts.token("flac")

    yield "1M-dots", lambda: _flac(b"e" + b"." * 1_000_000)
    yield "200000-dots", lambda: _flac(b"ey" + b"." * 200_000)
    yield "padding", lambda: _flac(token() + b"==")
    yield "line-feed", lambda: _flac(token() + b"\n")
    yield "spaces", lambda: _flac(b" " + token())
    yield "two-tokens", lambda: _flac(token() + token())
    yield "signature-flipped", lambda: _flac(token()[:-4] + b"AAAA")
    yield (
        "header-nested",
        lambda: _flac(_b64(b'{"alg":' + b"[" * 90_000 + b"]" * 90_000 + b"}") + b".e30.AA"),
    )
    yield (
        "header-many",
        lambda: _flac(_b64(json.dumps({f"m{n}": n for n in range(12_000)}).encode()) + b".e30.AA"),
    )
    yield "flattened", lambda: _flac(_flattened(token()))
    yield "flattened-nested", lambda: _flac(b'{"payload":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    yield "bundle", lambda: _flac(_bundle([_flattened(token())] * 3))
    yield "bundle-of-20000", lambda: _flac(_bundle([b"{}"] * 300_000))
    yield "bundle-of-numbers", lambda: _flac(_bundle([b"1"] * 30))
    yield "bundle-of-bundles", lambda: _flac(_bundle([_bundle([_flattened(token())])]))
    yield "bundle-nested", lambda: _flac(_bundle([b"[" * 100_000 + b"]" * 100_000]))
    yield (
        "bundle-open",
        lambda: _flac(b'{"bundle":"musicprov-bundle/1","statements":' + b"[" * 500_000),
    )
    yield (
        "12-bundles-of-300k",
        lambda: _flac(*[_bundle([b"[" + b"1," * 150_000 + b"%d]" % n]) for n in range(12)]),
    )
    yield (
        "40-statements",
        lambda: _flac(*[parts.sign_payload(_plain(sequence=n + 1)) for n in range(40)]),
    )
    yield "two-own", lambda: _flac(token(), parts.sign_payload(_plain(sequence=2)))
    yield "chain-of-30", _chain


def _chain():
    from provenance.signing import envelope

    found, sid = [], None
    for n in range(30):
        members = {"sequence": n + 1} | ({"supersedes": sid} if sid else {})
        found.append(parts.sign_payload(_plain(**members)))
        sid = envelope.read(found[-1])[0].sid
    return _flac(*found)


def _large_statements():
    def one(n):
        return parts.sign_payload(_plain(sequence=n + 1, contributions=_filled(_entry, 60_000)))

    return _flac(*[one(n) for n in range(32)])


def _b64(data):
    import base64

    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _flattened(token):
    protected, payload, signature = token.decode().split(".")
    found = {"payload": payload, "protected": protected, "signature": signature}
    return json.dumps(found).encode()


def _bundle(statements):
    return b'{"bundle":"musicprov-bundle/1","statements":[' + b",".join(statements) + b"]}"
