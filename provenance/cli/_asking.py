"""Whom the user asks about files, and by what: the settings that options name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provenance.bulk.settings import Settings, context_of
from provenance.cli._options import home_of
from provenance.workspace.asking import policy_of


def settings_of(options: Mapping[str, Any], **more: Any) -> Settings:
    """The settings that the options name; ``more`` are members that no option names.

    Keys and policies are read here, so that what is wrong with them is said before anything else:
    raises ``ProvError`` for those that cannot be used.
    """
    home = home_of()
    trust = policy_of(home, options["trust"])
    settings = Settings(
        home=str(home.path),
        trust=None if trust is None else str(trust),
        keys=tuple(map(str, options["keys"])),
        require=options["require"],
        decode=options["decode"],
        ingest=options["ingest"],
        **more,
    )
    if settings.ingest is not None:
        from provenance.bulk.judging import under

        settings = under(settings, chosen=options["trust"] is not None)
    context_of(settings)
    return settings
