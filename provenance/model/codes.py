"""The codes of the standard: one member a code, equal to ``schemas/registries/codes.json``.

The registry file is the authored source (meaning, fix, requirement); this enum is what the
code speaks. A test demands that both agree in both directions (spec 9.2).
"""

from __future__ import annotations

from enum import Enum, StrEnum


class Axis(StrEnum):
    """What a finding is about; a status is computed from all axes together."""

    CARRIER = "carrier"
    ENVELOPE = "envelope"
    INTEGRITY = "integrity"
    CONTENT = "content"
    BINDING = "binding"
    IDENTITY = "identity"
    AUTHORITY = "authority"
    TIME = "time"
    CURRENCY = "currency"
    LOG = "log"
    ENDORSEMENT = "endorsement"
    POLICY = "policy"
    TRUTH = "truth"


class Effect(StrEnum):
    """What a code does: it is evidence for, a remark, a doubt, or a failure."""

    CONFIRMS = "confirms"
    INFORMS = "informs"
    BLOCKS = "blocks"
    BREAKS = "breaks"


_C, _I, _U, _F = Effect.CONFIRMS, Effect.INFORMS, Effect.BLOCKS, Effect.BREAKS


class Code(Enum):
    """A registered code: slug, axis, effect."""

    CARRIER_FOUND = ("carrier.found", Axis.CARRIER, _C)
    CARRIER_ABSENT = ("carrier.absent", Axis.CARRIER, _U)
    CARRIER_DUPLICATE_IDENTICAL = ("carrier.duplicate-identical", Axis.CARRIER, _I)
    CARRIER_MULTIPLE = ("carrier.multiple", Axis.CARRIER, _I)
    CARRIER_CO_SIGNED = ("carrier.co-signed", Axis.CARRIER, _I)
    CARRIER_STATEMENT_ALONE = ("carrier.statement-alone", Axis.CARRIER, _I)
    CARRIER_CONFLICT = ("carrier.conflict", Axis.CARRIER, _U)
    CARRIER_MALFORMED = ("carrier.malformed", Axis.CARRIER, _I)
    CARRIER_TOO_LARGE = ("carrier.too-large", Axis.CARRIER, _U)
    CARRIER_UNREADABLE_ITEM = ("carrier.unreadable-item", Axis.CARRIER, _I)
    CARRIER_UNEXPECTED_PLACE = ("carrier.unexpected-place", Axis.CARRIER, _I)
    CARRIER_UNUSABLE = ("carrier.unusable", Axis.CARRIER, _I)
    CARRIER_SUMMARY_UNSIGNED = ("carrier.summary-unsigned", Axis.CARRIER, _I)
    CARRIER_MARK_FOUND = ("carrier.mark-found", Axis.CARRIER, _I)
    CARRIER_SCAN_INCOMPLETE = ("carrier.scan-incomplete", Axis.CARRIER, _U)

    JWS_MALFORMED = ("jws.malformed", Axis.ENVELOPE, _F)
    JWS_HEADER_DUPLICATE = ("jws.header.duplicate", Axis.ENVELOPE, _F)
    JWS_HEADER_FORBIDDEN = ("jws.header.forbidden", Axis.ENVELOPE, _F)
    JWS_HEADER_MISSING = ("jws.header.missing", Axis.ENVELOPE, _F)
    JWS_HEADER_UNKNOWN = ("jws.header.unknown", Axis.ENVELOPE, _I)
    JWS_CRIT_UNSUPPORTED = ("jws.crit.unsupported", Axis.ENVELOPE, _F)
    JWS_TYP_UNSUPPORTED = ("jws.typ.unsupported", Axis.ENVELOPE, _U)
    JWS_KEY_AMBIGUOUS = ("jws.key.ambiguous", Axis.ENVELOPE, _F)
    JWS_KEY_INVALID = ("jws.key.invalid", Axis.ENVELOPE, _F)
    JWS_KEY_MISMATCH = ("jws.key.mismatch", Axis.ENVELOPE, _F)
    ALG_FORBIDDEN = ("alg.forbidden", Axis.ENVELOPE, _F)
    ALG_KEY_MISMATCH = ("alg.key-mismatch", Axis.ENVELOPE, _F)
    ALG_DEPRECATED_NAME = ("alg.deprecated-name", Axis.ENVELOPE, _I)
    ALG_WEAK = ("alg.weak", Axis.ENVELOPE, _U)

    SIGNATURE_VALID = ("signature.valid", Axis.INTEGRITY, _C)
    SIGNATURE_INVALID = ("signature.invalid", Axis.INTEGRITY, _F)

    CONTENT_VALID = ("content.valid", Axis.CONTENT, _C)
    CONTENT_JSON_INVALID = ("content.json-invalid", Axis.CONTENT, _F)
    CONTENT_SCHEMA_INVALID = ("content.schema-invalid", Axis.CONTENT, _F)
    CONTENT_VERSION_UNSUPPORTED = ("content.version-unsupported", Axis.CONTENT, _U)
    CONTENT_MUST_UNDERSTAND = ("content.must-understand", Axis.CONTENT, _U)
    CONTENT_INCONSISTENT = ("content.inconsistent", Axis.CONTENT, _F)
    CONTENT_MEMBER_UNKNOWN = ("content.member-unknown", Axis.CONTENT, _I)
    CONTENT_SUSPICIOUS_TEXT = ("content.suspicious-text", Axis.CONTENT, _I)
    CONTENT_SUMMARY_DIFFERS = ("content.summary-differs", Axis.CONTENT, _I)
    CONTENT_TAG_DIFFERS = ("content.tag-differs", Axis.CONTENT, _I)
    CONTENT_MARK_CONTRADICTS = ("content.mark-contradicts", Axis.CONTENT, _I)

    BINDING_EXACT = ("binding.exact", Axis.BINDING, _C)
    BINDING_LOSSLESS = ("binding.lossless", Axis.BINDING, _C)
    BINDING_SIMILAR = ("binding.similar", Axis.BINDING, _I)
    BINDING_ALTERED = ("binding.altered", Axis.BINDING, _I)
    BINDING_MISMATCH = ("binding.mismatch", Axis.BINDING, _F)
    BINDING_NOT_CHECKED = ("binding.not-checked", Axis.BINDING, _U)
    BINDING_UNSUPPORTED = ("binding.unsupported", Axis.BINDING, _U)
    PRESENTATION_CHANGED = ("presentation.changed", Axis.BINDING, _I)
    PRESENTATION_CUT = ("presentation.cut", Axis.BINDING, _U)
    ESSENCE_JUNK = ("essence.junk", Axis.BINDING, _I)
    ESSENCE_REFUSED = ("essence.refused", Axis.BINDING, _I)

    IDENTITY_SELF = ("identity.self", Axis.IDENTITY, _C)
    IDENTITY_PINNED = ("identity.pinned", Axis.IDENTITY, _C)
    IDENTITY_PARTY = ("identity.party", Axis.IDENTITY, _C)
    IDENTITY_CERTIFIED = ("identity.certified", Axis.IDENTITY, _C)
    IDENTITY_VOUCHED = ("identity.vouched", Axis.IDENTITY, _C)
    IDENTITY_DOMAIN = ("identity.domain", Axis.IDENTITY, _C)
    IDENTITY_UNKNOWN = ("identity.unknown", Axis.IDENTITY, _I)
    IDENTITY_MISMATCH = ("identity.mismatch", Axis.IDENTITY, _F)
    IDENTITY_CHAIN_INVALID = ("identity.chain-invalid", Axis.IDENTITY, _U)
    IDENTITY_EKU = ("identity.eku", Axis.IDENTITY, _U)
    IDENTITY_EXPIRED = ("identity.expired", Axis.IDENTITY, _F)
    IDENTITY_EXPIRED_NO_POE = ("identity.expired-no-poe", Axis.IDENTITY, _U)
    IDENTITY_NOT_YET_VALID = ("identity.not-yet-valid", Axis.IDENTITY, _U)
    IDENTITY_REVOKED = ("identity.revoked", Axis.IDENTITY, _F)
    IDENTITY_REVOKED_NO_POE = ("identity.revoked-no-poe", Axis.IDENTITY, _U)
    IDENTITY_REVOCATION_UNKNOWN = ("identity.revocation-unknown", Axis.IDENTITY, _I)

    AUTHORITY_NOT_EVALUATED = ("authority.not-evaluated", Axis.AUTHORITY, _I)
    AUTHORITY_GRANTED = ("authority.granted", Axis.AUTHORITY, _C)
    AUTHORITY_NOT_GRANTED = ("authority.not-granted", Axis.AUTHORITY, _I)
    AUTHORITY_CONFLICT = ("authority.conflict", Axis.AUTHORITY, _U)

    TIME_CLAIMED = ("time.claimed", Axis.TIME, _I)
    TIME_ORDER = ("time.order", Axis.TIME, _U)
    TIME_TRUSTED = ("time.trusted", Axis.TIME, _C)
    TIME_LATE = ("time.late", Axis.TIME, _I)
    TIME_TOKEN_IGNORED = ("time.token-ignored", Axis.TIME, _I)

    CURRENCY_NOT_CHECKED = ("currency.not-checked", Axis.CURRENCY, _I)
    CURRENCY_SUPERSEDED = ("currency.superseded", Axis.CURRENCY, _I)
    CURRENCY_SUPERSEDED_BY_OTHER = ("currency.superseded-by-other", Axis.CURRENCY, _I)
    CURRENCY_WITHDRAWN = ("currency.withdrawn", Axis.CURRENCY, _U)
    CURRENCY_FORK = ("currency.fork", Axis.CURRENCY, _U)
    CURRENCY_ROLLBACK = ("currency.rollback", Axis.CURRENCY, _U)
    CURRENCY_CO_SIGNATURE_WITHDRAWN = ("currency.co-signature-withdrawn", Axis.CURRENCY, _I)
    CURRENCY_WITHDRAWAL_IGNORED = ("currency.withdrawal-ignored", Axis.CURRENCY, _I)

    ENDORSEMENT_VALID = ("endorsement.valid", Axis.ENDORSEMENT, _C)
    ENDORSEMENT_UNKNOWN_ENDORSER = ("endorsement.unknown-endorser", Axis.ENDORSEMENT, _I)
    ENDORSEMENT_ORPHAN = ("endorsement.orphan", Axis.ENDORSEMENT, _I)
    ENDORSEMENT_DISPUTE = ("endorsement.dispute", Axis.ENDORSEMENT, _U)
    ENDORSEMENT_NOT_GRANTED = ("endorsement.not-granted", Axis.ENDORSEMENT, _I)
    ENDORSEMENT_SELF = ("endorsement.self", Axis.ENDORSEMENT, _I)

    POLICY_UNMET = ("policy.unmet", Axis.POLICY, _U)
    POLICY_EXPIRED = ("policy.expired", Axis.POLICY, _U)
    POLICY_ROLLBACK = ("policy.rollback", Axis.POLICY, _U)

    TRUTH_NOT_ASSESSED = ("truth.not-assessed", Axis.TRUTH, _I)

    def __init__(self, slug: str, axis: Axis, effect: Effect) -> None:
        self.slug = slug
        self.axis = axis
        self.effect = effect

    def __str__(self) -> str:
        return self.slug


BY_SLUG: dict[str, Code] = {code.slug: code for code in Code}
