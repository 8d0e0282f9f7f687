"""The families of crafted files, by name."""

from hostile.flac_files import flac
from hostile.iff_files import aiff, wav
from hostile.mp4_files import mp4
from hostile.ogg_files import ogg
from hostile.tags_files import mp3
from hostile.value_files import values

FAMILIES = {
    "mp3": mp3,
    "flac": flac,
    "wav": wav,
    "aiff": aiff,
    "mp4": mp4,
    "ogg": ogg,
    "value": values,
}
