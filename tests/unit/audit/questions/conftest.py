"""The history that tests ask over."""

import pytest

from support import histories

pytest.importorskip("duckdb")
pytest.importorskip("oxrdflib")


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The folders of the three reports whose answers are known."""
    top = tmp_path_factory.mktemp("world")
    return [histories.write(one, top / str(n)) for n, one in enumerate(histories.world())]
