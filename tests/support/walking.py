"""What is gone through, and how often."""


class Watched(tuple):  # noqa: SLOT001 (it counts on itself)
    """A tuple that counts how often it is walked, in either direction."""

    walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()

    def __reversed__(self):
        self.walks += 1
        return reversed(tuple(super().__iter__()))
