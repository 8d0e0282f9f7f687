"""Bindings as they stand in a manifest."""

import pytest
from provenance.bindings.base import (
    EssenceBinding,
    FingerprintBinding,
    Reason,
    SamplesBinding,
    as_json,
    from_json,
)
from provenance.containers.base import Presentation

DIGEST = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
FORMS = [
    (
        EssenceBinding("flac", DIGEST, Presentation(0, 0, None, 123)),
        {"tier": "essence", "profile": "flac", "digest": DIGEST, "presentation": {"startTrim": 0, "endTrim": 0, "duration": 123}},
    ),
    (
        EssenceBinding("aac", DIGEST, Presentation(gain=-256, unusual=True)),
        {"tier": "essence", "profile": "aac", "digest": DIGEST, "presentation": {"gain": -256, "unusual": True}},
    ),
    (
        SamplesBinding(DIGEST, 44_100, 2, 16, 99),
        {"tier": "samples", "digest": DIGEST, "rate": 44_100, "channels": 2, "bits": 16, "samples": 99},
    ),
    (
        FingerprintBinding("chromaprint-1", "AQAAAA", 45),
        {"tier": "fingerprint", "algorithm": "chromaprint-1", "value": "AQAAAA", "durationMs": 45},
    ),
]  # fmt: skip


@pytest.mark.requirement("BND-001")
@pytest.mark.requirement("BND-011")
@pytest.mark.parametrize(("binding", "plain"), FORMS)
def test_the_form_in_a_manifest_is_the_one_of_the_chapter(binding, plain):
    assert as_json(binding) == plain
    assert from_json(plain) == binding


@pytest.mark.requirement("BND-003")
def test_an_unknown_tier_and_unknown_members_are_passed_over():
    assert from_json({"tier": "hologram"}) is None
    assert from_json({**FORMS[2][1], "later": 1}) == FORMS[2][0]


@pytest.mark.parametrize(
    "plain",
    [
        {"tier": "essence"},
        {"tier": "essence", "profile": 1, "digest": DIGEST},
        {"tier": "essence", "profile": "flac", "digest": None},
        {"tier": "essence", "profile": "flac", "digest": DIGEST, "presentation": {"gain": 1.5}},
        {"tier": "essence", "profile": "flac", "digest": DIGEST, "presentation": 5},
        {"tier": "samples", "digest": DIGEST},
        {"tier": "samples", "digest": DIGEST, "rate": True, "channels": 1, "bits": 1, "samples": 1},
        {"tier": "fingerprint", "algorithm": "chromaprint-1", "value": "x", "durationMs": "45"},
    ],
)
def test_members_of_another_kind_are_a_value_error(plain):
    with pytest.raises(ValueError, match="not a binding"):
        from_json(plain)


def test_every_reason_has_words_and_a_slug_of_its_own():
    assert len({reason.slug for reason in Reason}) == len(Reason)
    assert all(reason.words for reason in Reason)
    assert str(Reason.EXTRA_MISSING).endswith("pip install 'musicprov[audio]'")
