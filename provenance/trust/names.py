"""Names that look like other names (spec 18.5; DIR-050, WIR-012).

A remark and no more: whose key it is never depends on a name (IDN-004). A name is folded to a
skeleton, in which letters that look alike are one letter; two names with one skeleton look
alike. The table is the part of Unicode's UTS 39 (confusables.txt) that leads from letters of
alphabets in use to ASCII letters; styled letters (bold, full width) go by compatibility.
"""

from __future__ import annotations

import unicodedata

_LOOK_LIKE = {
    "a": "\u0251\u0391\u03b1\u0410\u0430\u13aa\u15c5\ua4ee",
    "b": "\u0184\u0392\u0412\u042c\u13cf\u13f4\u1472\u15af\u15f7\ua4d0\ua7b4",
    "c": "\u0421\u0441\u13df\u1d04\u2ca4\u2ca5\ua4da\uabaf\U00010415\U0001043d",
    "d": "\u0501\u13a0\u13e7\u146f\u15de\u15ea\ua4d2\ua4d3",
    "e": "\u0395\u0415\u0435\u04bd\u13ac\u2d39\ua4f0\uab32",
    "f": "\u03dc\u0584\u15b4\u1e9d\ua4dd\ua798\ua799\uab35\U0001d213",
    "g": "\u018d\u0261\u050c\u0581\u13c0\u13f3\u1d83\ua4d6",
    "h": "\u0397\u041d\u04bb\u0570\u13bb\u13c2\u157c\u2c8e\ua4e7",
    "i": "\u0131\u0269\u026a\u03b9\u0456\u04cf\u13a5\ua647\uab75",
    "j": "\u037f\u03f3\u0408\u0458\u13ab\u148d\ua4d9\ua7b2",
    "k": "\u039a\u041a\u13e6\u2c94\ua4d7",
    "l": (
        "\u0196\u01c0\u0399\u0406\u04c0\u13de\u14aa\u2c92\u2cd0\u2d4f\ua4e1\ua4f2\U0001041b"
        "\U0001d22a"
    ),
    "m": "\u039c\u03fa\u041c\u13b7\u15f0\u2c98\ua4df",
    "n": "\u039d\u0578\u057c\u2c9a\ua4e0",
    "o": (
        "\u039f\u03bf\u03c3\u041e\u043e\u0555\u0585\u10ff\u1d0f\u1d11\u2c9e\u2c9f\u2d54\ua4f3"
        "\uab3d\U00010404\U0001042c\U000104c2\U000104ea"
    ),
    "p": "\u03a1\u03c1\u0420\u0440\u13e2\u146d\u2ca2\u2ca3\ua4d1",
    "q": "\u051b\u0563\u0566\u2d55",
    "r": "\u01a6\u0433\u13a1\u13d2\u1587\u1d26\u2c85\ua4e3\uab47\uab48\uab81\U000104b4\U0001d216",
    "s": "\u01bd\u0405\u0455\u054f\u13d5\u13da\ua4e2\ua731\uabaa\U00010420\U00010448",
    "t": "\u03a4\u0422\u13a2\u2ca6\ua4d4",
    "u": "\u028b\u03c5\u054d\u057d\u144c\u1d1c\ua4f4\ua79f\uab4e\uab52\U000104ce\U000104f6",
    "v": "\u03bd\u0474\u0475\u13d9\u142f\u1d20\u2d38\ua4e6\uaba9\U0001d20d",
    "w": "\u026f\u0461\u051c\u051d\u0561\u13b3\u13d4\u1d21\ua4ea\uab83",
    "x": "\u03a7\u0425\u0445\u1541\u157d\u166d\u166e\u2cac\u2d5d\ua4eb\ua7b3",
    "y": (
        "\u0263\u028f\u03a5\u03b3\u0423\u0443\u04ae\u04af\u10e7\u13a9\u13bd\u1d8c\u1eff\u2ca8"
        "\ua4ec\uab5a"
    ),
    "z": "\u0396\u13c3\u1d22\ua4dc\uab93\U000102f5",
}
_LETTERS = {ord(char): letter for letter, chars in _LOOK_LIKE.items() for char in chars}
_ASCII = str.maketrans(
    {c: None for c in map(chr, range(128)) if not c.isalnum()}
    | {"i": "l", "1": "l", "|": "l", "!": "l", "0": "o", "\u00f8": "o"}
)
_SHOWS_NOTHING = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks without a shape; formats are no letters anyhow."""
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
_PAIRS = (("rn", "m"), ("vv", "w"))


def skeleton(name: str) -> str:
    """What is left of a name for the eye: letters and digits, without case, accents and spaces."""
    if name.isascii():
        folded = name.lower().translate(_ASCII)
    else:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
        folded = "".join(map(_letter, plain)).casefold().translate(_ASCII)
    for pair, one in _PAIRS:
        folded = folded.replace(pair, one)
    return folded


def _letter(char: str) -> str:
    """One letter as the eye takes it; nothing for what it does not see as a letter of its own."""
    if char.isascii():
        return char
    if char in _SHOWS_NOTHING or char in _ACCENTS or unicodedata.category(char)[0] not in "LMN":
        return ""
    return _LETTERS.get(ord(char)) or _LETTERS.get(ord(char.upper()[0]), char)
