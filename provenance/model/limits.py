"""Every bound of the standard, in one record with the unit in the name (spec 10.1)."""

from __future__ import annotations

from provenance.model.records import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read into memory or walked; what is skipped by seek is free."""

    envelope_bytes: int = 256 * KIB
    """One compact or flattened statement."""
    bundle_bytes: int = 1 * MIB
    """A bundle, and any single carrier value."""
    statements: int = 32
    """Statements in one bundle, and distinct carriers in one file."""
    payload_bytes: int = 256 * KIB
    """Payloads whose content is read in one verification, together."""
    tag_read_bytes: int = 16 * MIB
    """Metadata bytes read into memory for one file, pictures excluded by seek."""
    carriers: int = 256
    """Carriers of one file, equal ones too; and so many notes of the walk over it."""
    items: int = 10_000
    """Comments, chunks, boxes or metadata blocks of one level; ID3v2 frames of one file."""
    depth: int = 16
    """Nesting of boxes or chunks."""
    json_depth: int = 32
    """Nesting of JSON arrays and objects."""
    chain: int = 4
    """Certificates in x5c."""
    etsi_u: int = 8
    """Items of a statement's ``etsiU``."""
    stamp_bytes: int = 64 * KIB
    """One time-stamp token."""
    stamp_items: int = 16
    """Elements of one level of a time-stamp token: certificates, attributes."""
    mp4_samples: int = 5_000_000
    """Entries of an MP4 sample size table: 32 hours of AAC; twice that would pass 100 MB."""
    mp4_pieces: int = 100_000
    """Pieces of MP4 audio with something else between them: 13 hours of half a second."""
    ogg_pages: int = 400_000
    """Pages of audio in an Ogg stream: 100 hours at a page a second."""
    ogg_packets: int = 4_000_000
    """Packets of an Ogg stream: 22 hours of Opus."""
    junk_bytes: int = 64 * KIB
    """Bytes before the first MPEG frame that are hashed with the audio."""
    decode_seconds: int = 600
    """Audio that tier 3 looks at."""
    decoder_memory_bytes: int = 512 * MIB
    """RLIMIT_DATA of the decoder child."""
    decoder_base_seconds: float = 2.0
    """The decoder's processor time once it is loaded: this, plus one second a MiB of the file."""
    decoder_patience: int = 4
    """Elapsed time that is waited for a second of the decoder's processor time."""
    decoder_max_seconds: float = 60.0
    """The most of either, and of the time that loading it takes."""


DEFAULT_LIMITS = Limits()
