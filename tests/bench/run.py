"""Run the benchmarks, all or those that are named: ``python tests/bench/run.py [cpu] [cold] ...``.

They print figures beside what we are held to and gate nothing: the clock of a shared machine is no
judge. What can be counted is held by tests (``tests/cli/test_import_budget.py``).
"""

import sys

import cold
import cpu
import material
import memory
import tiers
import trusted
import worst

import audit
import bulk

PARTS = {
    "cpu": cpu.run,
    "cold": cold.run,
    "memory": memory.run,
    "tiers": tiers.run,
    "trusted": trusted.run,
    "worst": worst.run,
    "audit": audit.run,
    "bulk": bulk.run,
}


def main(names):
    """Run the named parts, or all; 2 for a name that is none."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no benchmark: {' '.join(unknown)}; there are: {' '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"music: {material.source_name()}, {material.SECONDS} s; kept in {material.CACHE}\n")
    for name in names or PARTS:
        PARTS[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
