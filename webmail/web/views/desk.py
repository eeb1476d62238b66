"""One POST of the compose form: who writes, what was typed, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from webmail.accounts.access import Access
from webmail.mailbox import writing
from webmail.mailbox.errors import TooLargeError, WritingError
from webmail.mailbox.writing import Composition

from .. import compose_words as words
from ..compose import Page, answer_of, show
from ..compose_form import Sent
from ..request import Request
from ..uploading import KeptFile, incoming_files

JSON = "application/json"


@dataclass(slots=True)
class Desk:
    """One POST of the form: who writes, what was typed, and how the page shows it again."""

    request: Request
    access: Access
    sent: Sent
    composition: Composition
    page: Page
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def scripted(self) -> bool:
        return self.request.headers.get("Accept") == JSON

    def wrong(self, name: str, text: str) -> None:
        self.errors.setdefault(name, []).append(text)

    def again(self, *, status: int = 200, **changed: Any) -> HttpResponse:
        """The form with everything in it; for a script only what is to be said."""
        errors = {name: tuple(lines) for name, lines in self.errors.items()}
        page = replace(self.page, **{"errors": errors, **changed})
        status = 422 if errors and status == 200 else status
        if self.scripted:
            return JsonResponse(answer_of(page), status=status)
        return show(self.request, self.access.person, self.composition, page, status=status)

    def take_files(self) -> None:
        """What was chosen in the form's own field goes along, whichever button was pressed."""
        for file in self.request.FILES.getlist("file"):
            assert isinstance(file, KeptFile)
            known, limit = self.composition.attachments, self.access.domain.attachment_limit
            if sum(one.size for one in known) + file.attached.size > limit:
                writing.drop_upload(access=self.access, token=file.attached.token)
                self._refuse(file.attached.filename, TooLargeError(limit))
            else:
                self.composition = replace(self.composition, attachments=(*known, file.attached))
        for name, error in incoming_files(self.request).refused:
            self._refuse(name, error)

    def _refuse(self, name: str, error: WritingError) -> None:
        self.wrong("files", words.file_words(name, error))

    def gone(self) -> HttpResponse:
        """Back to where the person was before writing."""
        if self.scripted:
            return JsonResponse({"go": self.page.back})
        response = redirect(self.page.back)
        response.status_code = 303
        return response
