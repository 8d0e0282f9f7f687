"""Other JSON-LD processors make of the document the very triples that the export writes.

rdflib, PyLD and Oxigraph from the package index; jsonld.js where ``MUSICPROV_TEST_JSONLD_JS``
names the folder in which ``npm install jsonld`` was run. The context is the packaged one, inside
the document: nothing is fetched.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import rdflib
from provenance.exports.base import Source
from provenance.exports.rdf import EXPORT
from provenance.wire.decode import decode, decode_declaration

ROOT = Path(__file__).parents[2]
STRANGE = {
    "type": "Disclosure",
    "specVersion": "1.0",
    "id": "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6",
    "issued": "2026-11-24T12:00:00.000000001Z",
    "sequence": 9007199254740991,
    "supersedes": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    "mustUnderstand": ["facts", "facts", "tools"],
    "subject": {
        "title": 'é \\ " 音 \U0001f3b5 @id _:b http://a.example/ mp:level full',
        "bindings": [{"tier": "essence", "profile": "flac", "presentation": {"gain": -32768}}],
    },
    "contributions": [{"area": "lyrics", "level": "none", "share": 0, "material": False}],
    "extensions": {"org.example.b": [[], {}, [[1]], None, "\u2028"], "org.example.a": {"é": -1}},
    "@context": {"level": "http://attacker.example/"},
}


def manifests():
    full = (ROOT / "tests" / "vectors" / "exports" / "every-member.json").read_bytes()
    yield "every-member", decode(full, strict=True)[0]
    STRANGE["subject"]["bindings"][0]["digest"] = f"sha-256:{STRANGE['supersedes']}"
    yield "strange", decode(json.dumps(STRANGE).encode())[0]
    for path in sorted(ROOT.glob("examples/*/declaration.json")):
        yield path.parent.name, decode_declaration(path.read_bytes())[0]


MANIFESTS = dict(manifests())


def exported(name, form):
    return EXPORT.render(Source(MANIFESTS[name], options={"format": form})).data.decode()


def test_all_manifests_were_read():
    assert [name for name, manifest in MANIFESTS.items() if manifest is None] == []


def ours(name):
    return set(exported(name, "n-triples").rstrip("\n").split("\n"))


@pytest.mark.parametrize("name", MANIFESTS)
def test_rdflib(name, monkeypatch):
    """By itself rdflib rewrites typed times; that is switched off to compare letter by letter."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graph = rdflib.Graph().parse(data=exported(name, "json-ld"), format="json-ld")

    assert set(graph.serialize(format="nt11").rstrip("\n").split("\n")) == ours(name)


@pytest.mark.parametrize("form", ["turtle", "n-triples"])
@pytest.mark.parametrize("name", MANIFESTS)
def test_rdflib_reads_what_was_written(name, form, monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    kind = {"turtle": "turtle", "n-triples": "nt"}[form]
    graph = rdflib.Graph().parse(data=exported(name, form), format=kind)

    assert set(graph.serialize(format="nt11").rstrip("\n").split("\n")) == ours(name)


@pytest.mark.parametrize("name", MANIFESTS)
def test_pyld(name):
    jsonld = pytest.importorskip("pyld.jsonld")
    options = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    found = jsonld.normalize(json.loads(exported(name, "json-ld")), options)

    assert set(found.rstrip("\n").split("\n")) == ours(name)


@pytest.mark.parametrize("form", EXPORT.formats)
@pytest.mark.parametrize("name", MANIFESTS)
def test_oxigraph(name, form):
    ox = pytest.importorskip("pyoxigraph")
    kinds = {
        "json-ld": ox.RdfFormat.JSON_LD,
        "turtle": ox.RdfFormat.TURTLE,
        "n-triples": ox.RdfFormat.N_TRIPLES,
    }
    quads = ox.parse(exported(name, form), format=kinds[form])
    found = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)

    assert set(found.decode().rstrip("\n").split("\n")) == ours(name)


def test_jsonld_js(tmp_path):
    where = os.environ.get("MUSICPROV_TEST_JSONLD_JS")
    if not where or not shutil.which("node"):
        pytest.skip("jsonld.js: set MUSICPROV_TEST_JSONLD_JS to where npm has installed it")
    documents = tmp_path / "documents.json"
    documents.write_text(
        json.dumps({name: json.loads(exported(name, "json-ld")) for name in MANIFESTS})
    )
    program = (
        "const jsonld = require('jsonld'); const fs = require('fs');"
        "const all = JSON.parse(fs.readFileSync(process.argv[1]));"
        "(async () => { const out = {}; for (const name in all)"
        " out[name] = await jsonld.canonize(all[name],"
        " {algorithm: 'URDNA2015', format: 'application/n-quads'});"
        " console.log(JSON.stringify(out)); })();"
    )
    made = subprocess.run(
        ["node", "-e", program, str(documents)],
        cwd=where,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found = json.loads(made.stdout)

    assert {n: set(t.rstrip("\n").split("\n")) for n, t in found.items()} == {
        name: ours(name) for name in MANIFESTS
    }
