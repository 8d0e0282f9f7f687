"""Running ``prov`` without the administrator's powers, whoever runs the tests.

As a program it drops every capability that the command could get, then becomes the command: the
administrator's user is then one like any other, whom permissions bind.
"""

import ctypes
import errno
import os
import sys

PROV = (sys.executable, __file__)
"""What stands in place of ``python -m provenance``."""
_DROP = 24  # PR_CAPBSET_DROP
_CAPABILITIES = 64


def _drop_all():
    libc = ctypes.CDLL(None, use_errno=True)
    for number in range(_CAPABILITIES):
        if libc.prctl(_DROP, number, 0, 0, 0) and ctypes.get_errno() != errno.EINVAL:
            raise OSError(ctypes.get_errno(), "cannot drop the administrator's powers")


if __name__ == "__main__":
    if os.geteuid() == 0:
        _drop_all()
    os.execv(sys.executable, [sys.executable, "-m", "provenance", *sys.argv[1:]])
