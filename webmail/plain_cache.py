"""How values are written into a shared cache: as JSON, since whoever can write there must not get to run anything.
Django's own way is pickle."""

from __future__ import annotations

import json
from typing import Any


class Json:
    """Numbers stay numbers, which the server can count up."""

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
