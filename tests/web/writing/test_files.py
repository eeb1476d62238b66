"""Attaching without script."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web import letters
from tests.web.compose import TYPED, in_folder, opened, press, shown


class TestFiles:
    def file(self, name="notat.txt", content=b"innhald", kind="text/plain"):
        return SimpleUploadedFile(name, content, kind)

    def test_attached_and_taken_away(self, writer):
        answer = press(writer, opened(writer), "attach", file=[self.file(), self.file("b.txt")], **TYPED)
        form = shown(answer)
        assert [name for name, _ in form.fields].count("attachment") == 2
        assert "notat.txt" in answer.content.decode()
        token = re.search(r'value="detach:([^"]+)"', answer.content.decode())[1]
        answer = press(writer, form, f"detach:{token}")
        assert [name for name, _ in shown(answer).fields].count("attachment") == 1
        assert shown(answer).value("text") == TYPED["text"]

    def test_whichever_button_is_pressed(self, writer):
        press(writer, opened(writer), "save", file=self.file(), **TYPED)
        (draft,) = in_folder(writer, "Drafts")
        assert b"notat.txt" in draft

    def test_too_large(self, writer, settings, tmp_path):
        settings.ATTACHMENT_LIMIT = 1000
        answer = press(writer, opened(writer), "save", file=self.file(content=b"x" * 1001), **TYPED)
        assert answer.status_code == 413
        assert "notat.txt was not attached." in answer.content.decode()
        assert shown(answer).value("text") == TYPED["text"]
        assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]

    def test_too_large_together(self, writer, settings):
        settings.ATTACHMENT_LIMIT = 1000
        form = shown(press(writer, opened(writer), "attach", file=self.file(content=b"x" * 600), **TYPED))
        answer = press(writer, form, "attach", file=self.file("b.txt", b"x" * 600))
        assert answer.status_code == 413
        assert [name for name, _ in shown(answer).fields].count("attachment") == 1

    def test_nothing_of_it_in_clear_on_the_disk(self, writer, tmp_path):
        press(writer, opened(writer), "attach", file=self.file(content=b"hemmeleg" * 100_000), **TYPED)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files
        assert not any(b"hemmeleg" in path.read_bytes() for path in files)

    def upload(
        self, writer, content=letters.PIXEL, kind="image/png", query="name=bilete.png&inline=1", **headers
    ):
        return writer.client.post(f"/compose/upload/?{query}", content, content_type=kind, headers=headers)

    def test_one_by_script(self, writer):
        answer = self.upload(writer)
        assert answer.status_code == 201
        markup = answer.content.decode()
        token = re.search(r'data-token="([^"]+)"', markup)[1]
        shown_file = writer.get(f"/compose/file/{token}/")
        assert shown_file["Content-Type"] == "image/png"
        assert shown_file["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert b"".join(shown_file.streaming_content) == letters.PIXEL

    def test_what_is_no_picture_is_never_shown(self, writer):
        answer = self.upload(writer, b"<script>alert(1)</script>", "image/png", "name=x.png")
        token = re.search(r'data-token="([^"]+)"', answer.content.decode())[1]
        kept = writer.get(f"/compose/file/{token}/")
        assert kept["Content-Type"] == "application/octet-stream"
        assert kept["Content-Disposition"].startswith("attachment")

    def test_hostile_names(self, writer):
        answer = self.upload(writer, query="name=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E.png%0d%0aX:1")
        assert answer.status_code == 201
        assert "<img src=x" not in answer.content.decode()

    def test_refused_by_script(self, writer, settings):
        settings.ATTACHMENT_LIMIT = 10
        answer = self.upload(writer)
        assert answer.status_code == 413
        assert "was not attached" in answer.json()["words"]
        assert self.upload(writer, b"x", query="name=a&beside=10").status_code == 413
        assert self.upload(writer, b"x", query="name=a&beside=-1").status_code == 400

    def test_not_somebody_elses(self, writer, dovecot):
        token = re.search(r'data-token="([^"]+)"', self.upload(writer).content.decode())[1]
        other = dovecot.user()
        writer.client.post("/sign-out/")
        assert self.upload(writer).status_code == 401
        writer.client.post("/sign-in/", {"username": other.name, "password": other.password})
        assert writer.get(f"/compose/file/{token}/").status_code == 404
        assert writer.get("/compose/file/x/").status_code == 404
        assert writer.get("/compose/file/in:1:1:2::INBOX/").status_code in (302, 404)
