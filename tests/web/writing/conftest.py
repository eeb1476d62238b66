from __future__ import annotations

import pytest

from webmail.accounts.models import Person


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.MAIL_DOMAIN = "fjord.example"
    settings.SENDER_POLICY = "any"
    settings.OUTBOX_WORKER = "separate"


@pytest.fixture
def writer(visitor):
    Person.objects.update(undo_seconds=0)
    return visitor
