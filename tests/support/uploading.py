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
    "whole-audio": "`binding.mismatch` with audio too short to compare",
    "damaged-audio": "`binding.not-checked` with audio that does not decode as its file says",
    "areas": "a rule with `missing`",
    "profile": "a rule with `profile`",
    "isrc-differs": "a rule with `isrc`: `differs`",
    "isrc-missing": "a rule with `isrc`: `unknown`",
}

# Measured with tests/bench/bulk.py, CPU of one processor of a shared machine; the rest is computed.
SHA_MB_A_SECOND, BEYOND_MS, REPORT_BYTES = 1150, 3, 3400
FILE_MB = 30
"""A FLAC file of four minutes."""
SIZES = (  # files, processors, gigabits a second that the store gives, what to use
    (1_000, 2, 1, "`prov verify`, on a laptop or in CI"),
    (150_000, 2, 1, "`prov worker` or `prov serve`; a second machine so that one may fail"),
    (100_000_000, 128, 100, "a Dask cluster beside the store; a state for each part of the list"),
)


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


def sizes():
    """A row for each size: what it takes, computed from what was measured."""
    yield "| files | audio | CPU | processors | by them | reading it | reports | with |"
    yield "|---|---|---|---|---|---|---|---|"
    for files, processors, gigabits, using in SIZES:
        cpu = files * (FILE_MB / SHA_MB_A_SECOND + BEYOND_MS / 1000)
        reading = files * FILE_MB * 8 / (gigabits * 1000)
        cells = (
            f"{files:,}", _bytes(files * FILE_MB * 1e6), _time(cpu), str(processors),
            _time(cpu / processors), f"{_time(reading)} at {gigabits} Gbit/s",
            _bytes(files * REPORT_BYTES), using,
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _bytes(count):
    unit, name = next(
        u for u in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")) if count >= u[0]
    )
    return f"{count / unit:.2g} {name}" if count < 10 * unit else f"{count / unit:.0f} {name}"


def _time(seconds):
    units = ((172_800, 86_400, "days"), (7_200, 3_600, "hours"), (120, 60, "minutes"), (0, 1, "s"))
    _, unit, name = next(u for u in units if seconds >= u[0])
    return f"{seconds / unit:.1f} {name}" if seconds < 10 * unit else f"{seconds / unit:.0f} {name}"


def written(text):
    """The guide with its tables as the registries say."""
    for name, rows in (("asks", asks()), ("fixes", fixes()), ("sizes", sizes())):
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
