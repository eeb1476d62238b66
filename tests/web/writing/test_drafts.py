"""Drafts without script, on a real Dovecot."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.compose import TYPED, in_folder, opened, press, shown


class TestDrafts:
    def test_saved_and_taken_up_again(self, writer):
        answer = press(writer, opened(writer), "save", **TYPED)
        assert answer.status_code == 200
        assert re.search(r"Saved at \d\d:\d\d", answer.content.decode())
        again = press(writer, shown(answer), "save", subject="Annleis")
        assert again.status_code == 200
        (draft,) = in_folder(writer, "Drafts")
        assert b"Subject: Annleis" in draft
        listed = writer.get("/folder/Drafts/").content.decode()
        edit = re.search(r'href="(/message/Drafts/\d+/\d+/edit/)"', listed)
        form = opened(writer, edit[1])
        assert form.value("subject") == "Annleis"
        assert form.value("to") == TYPED["to"]
        assert form.value("bcc") == TYPED["bcc"]
        assert form.value("next") == "/folder/Drafts/"

    def test_for_a_script(self, writer):
        answer = press(writer, opened(writer), "save", headers={"Accept": "application/json"}, **TYPED)
        said = answer.json()
        assert said["words"].startswith("Saved at")
        assert '"folder":"Drafts"' in said["draft"]

    def test_leaving_keeps_what_was_written(self, writer):
        answer = press(writer, opened(writer), "leave", next="/folder/INBOX/", **TYPED)
        assert (answer.status_code, answer["Location"]) == (303, "/folder/INBOX/")
        assert "Kept in Drafts" in writer.get("/folder/INBOX/").content.decode()
        assert len(in_folder(writer, "Drafts")) == 1

    @pytest.mark.parametrize("path", ["/compose/", "reply/"])
    def test_leaving_what_was_only_looked_at(self, writer, path):
        form = opened(writer, path if path.startswith("/") else writer.message(1) + path)
        assert press(writer, form, "leave").status_code == 303
        assert in_folder(writer, "Drafts") == []

    def test_thrown_away_and_back(self, writer):
        saved = shown(press(writer, opened(writer), "save", **TYPED))
        assert press(writer, saved, "discard", next="/folder/INBOX/").status_code == 303
        assert in_folder(writer, "Drafts") == []
        page = writer.get("/folder/INBOX/").content.decode()
        undo = re.search(r'Thrown away\. <a href="([^"]+)"', page)
        form = opened(writer, unescape(undo[1]))
        assert form.value("text").strip() == TYPED["text"].strip()
        press(writer, form, "save")
        assert (len(in_folder(writer, "Drafts")), len(in_folder(writer, "Trash"))) == (1, 0)
