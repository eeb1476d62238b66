"""What an error report may hold: where it happened, and nothing of anybody's.

Django's own filter sleeps while DEBUG is on, and then shows every frame's variables: the password in `sign_in`, the
letter in a view. Somebody who debugs has the source and a debugger; a page has neither password nor letter.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Names stay, values go: of variables, forms, cookies, and of the request where Django does not write it."""

    def get_traceback_frame_variables(self, _request: Any, tb_frame: FrameType) -> Any:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        if request is None:
            return {}
        hidden = QueryDict(mutable=True)
        hidden.update(dict.fromkeys(request.POST, self.cleansed_substitute))
        return hidden

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        return dict.fromkeys(getattr(request, "COOKIES", {}), self.cleansed_substitute)

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Without what we and Django keep there, such as the half of the key that is on its way to the browser."""
        meta: dict[str, Any] = super().get_safe_request_meta(request)
        return {
            name: value
            for name, value in meta.items()
            if name.isupper() and not name.startswith("CSRF_COOKIE") and "COOKIE" not in name
        }
