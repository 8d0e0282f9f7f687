"""A verification that kills the worker of a cluster that its process belongs to."""

import os
import signal
import time

from provenance.bulk.verifying import verify_item


def verify(item, settings):
    """Verify, but for ``poison.wav``."""
    if item.name == "poison.wav":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return verify_item(item, settings)
