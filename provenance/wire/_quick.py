"""A quick yes from a schema, where the extra ``fast`` (jsonschema-rs) is installed (decision 0030).

It says yes, or nothing: whatever it does not accept is asked of the library that has the say. So
findings never depend on what is installed as long as it accepts nothing that the other refuses,
which ``tests/properties/test_quick_schemas.py`` holds over all vectors and over made-up values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from provenance.wire.formats import FORMATS

Accepts = Callable[[object], bool]
_LONG = re.compile(r"\^(\[[^]]+\])\{1,([0-9]{3,})\}\$")
_PASSED_ON = (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)


def never(value: object) -> bool:
    """The answer where nothing quick is installed."""
    del value
    return False


def quick(content: Any, retrieve: Callable[[str], Any]) -> Accepts:
    """Whether a schema certainly accepts a value made of what ``json`` reads.

    ``retrieve`` gives the schema of a URI, and refuses by an exception; nothing else is opened.
    """
    try:
        from jsonschema_rs import Draft202012Validator, RegexOptions
    except ImportError:
        return never
    accepts = Draft202012Validator(
        _eased(content),
        formats={name: _of_text(holds) for name, holds in FORMATS.items()},
        validate_formats=True,
        retriever=retrieve,
        pattern_options=RegexOptions(),  # linear; a pattern that needs more is refused here
    ).is_valid

    def certainly(value: object) -> bool:
        try:
            return bool(accepts(value))
        except _PASSED_ON:
            raise
        except BaseException:  # noqa: BLE001 - a panic of Rust is none of Exception
            return False

    return certainly


def _eased(part: Any) -> Any:
    """The same schema with long counts in patterns as ``maxLength``.

    Such a pattern takes 50 ms to be made ready, more than all the rest.
    """
    if isinstance(part, list):
        return [_eased(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {keyword: _eased(value) for keyword, value in part.items()}
    pattern = made.get("pattern")
    long = _LONG.fullmatch(pattern) if isinstance(pattern, str) else None
    if long is not None and "maxLength" not in made:
        made |= {"pattern": f"^{long[1]}+$", "maxLength": int(long[2])}
    return made


def _of_text(holds: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda text: bool(holds(text))
