"""The tables of the guide 'Verifying uploads' that are made from the registries.

``python tests/support/uploading.py`` writes them into the guide; with ``--check`` it only says
whether they stand there as they would be written.
"""

import json
import re
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
GUIDE = CHECKOUT / "spec" / "guides" / "verifying-uploads.md"
SCHEMAS = CHECKOUT / "schemas"
OTHERWISE = {
    "areas": "a rule with `missing`",
    "profile": "a rule with `profile`",
    "isrc-differs": "a rule with `isrc`: `differs`",
    "isrc-missing": "a rule with `isrc`: `unknown`",
}


def _read(name):
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def asks():
    """A row for each thing that an uploader is asked for: the words, and when they are said."""
    words = _read("messages/en.json")["uploader"]["asks"]
    yield "| the uploader is told | when |"
    yield "|---|---|"
    for entry in _read("registries/uploader-asks.json")["asks"]:
        codes = [f"`{code}`" if code != "error" else "ERROR" for code in entry["codes"]]
        when = ", ".join(codes) or OTHERWISE[entry["ask"]]
        yield f"| {words[entry['ask']]} | {when} |"


def fixes():
    """A row for each code that breaks or blocks: its meaning, and the registry's fix."""
    yield "| code | means | what to do |"
    yield "|---|---|---|"
    for entry in _read("registries/codes.json")["codes"]:
        if entry["effect"] in {"breaks", "blocks"} and entry["status"] == "active":
            yield f"| `{entry['code']}` | {entry['meaning']} | {entry['fix']} |"


def written(text):
    """The guide with its tables as the registries say."""
    for name, rows in (("asks", asks()), ("fixes", fixes())):
        mark = f"<!-- {name}: python tests/support/uploading.py -->\n"
        table = "".join(f"{row}\n" for row in rows)
        pattern = f"(?<={re.escape(mark)}).*?(?=<!-- end -->)"
        text, count = re.subn(pattern, lambda _, new=table: f"\n{new}\n", text, flags=re.DOTALL)
        if count != 1:
            raise SystemExit(f"the guide has no place for '{name}'")
    return text


def main(arguments):
    """Write the tables, or with ``--check`` compare: 1 where they differ."""
    before = GUIDE.read_text(encoding="utf-8")
    after = written(before)
    if arguments == ["--check"]:
        return int(before != after)
    GUIDE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
