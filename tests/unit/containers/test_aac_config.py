"""What an AudioSpecificConfig says of AAC, and what of it is hashed (MPF-035)."""

import pytest
from provenance.containers import _aac_config


@pytest.mark.requirement("MPF-035")
@pytest.mark.parametrize(
    ("config", "hashed", "rate", "channels"),
    [
        ("1210", "1210", 44100, 2),
        ("121056e500", "1210", 44100, 2),  # as FFmpeg writes it: no SBR
        ("138856e5a54880", "1388", 22050, 1),  # as Apple's encoder does: SBR, two channels by PS
        ("1230", "1230", 44100, 6),
        ("1238", "1238", 44100, 8),
        ("1258", "1258", 44100, 7),
        ("0a10", "0a10", 44100, 2),  # AAC Main
        ("1211", "1211", 44100, 2),
        ("121100", "121100", 44100, 2),  # an extension
        ("12120000", "12120000", 44100, 2),  # a core coder
        ("1214ff", "1214", 44100, 2),  # 960 samples a frame
        ("2b920800", "2b920800", 22050, 2),  # SBR above AAC-LC
        ("eb098800", "eb098800", 24000, 1),  # PS
        # as FFmpeg writes 2.1
        ("12000504010020000d4c61766335392e33372e31303056e500",) * 2 + (44100, 3),
        ("120005", "120005", 44100, 0),  # cut
        ("1200", "1200", 44100, 0),
    ],
)
def test_what_a_configuration_says(config, hashed, rate, channels):
    found = _aac_config.read(bytes.fromhex(config))
    assert (found.params.hex(), found.rate, found.channels) == (hashed, rate, channels)


@pytest.mark.parametrize("mixdowns", [0, 1, 2, 4, 7])
def test_channels_that_are_written_out_are_counted_behind_mixdowns(mixdowns):
    bits = "0000010100001000010001010100001"
    for width, flag in ((4, 1), (4, 2), (3, 4)):
        bits += "1" + "1" * width if mixdowns & flag else "0"
    bits += "00000" + "10001"  # front: one, a pair
    bits += "10010"  # side: a pair
    bits += "00011"  # back: one
    bits += "00000000000000000"  # bass, data, coupling: not read
    element = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    assert _aac_config.read(b"\x12\x00" + element).channels == 1 + 2 + 2 + 1 + 1


@pytest.mark.parametrize("config", ["", "12", "f840", "1780", "1690"])
def test_what_is_written_out_is_not_read(config):
    assert _aac_config.read(bytes.fromhex(config)) is None
