"""Why a page is not told."""


class FullError(Exception):
    """As many streams are open as may be, for this person or in all."""


class EndedError(Exception):
    """These credentials are no longer good, or the program is about to end."""
