"""Parts, sources and archives as streams: whatever their size, a chunk at a time is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from webmail.accounts.access import Access
from webmail.imap.session import Session
from webmail.mail.filename import safe_filename
from webmail.mail.part import Part
from webmail.mail.sniff import inline_type
from webmail.mail.transfer import TransferDecoder
from webmail.mail.zip import zip_stream

from ..errors import PartNotFoundError
from ..structure import find
from .attached import attached_parts, file_name, shown_cards
from .contained import contained_files
from .content import summary_of
from .selecting import session_of
from .summary import Place, Summary, inside

SNIFF_OCTETS = 4096


class Chunks:
    """An iterator over octets that gives back its connection when it ends, fails, or is closed unread."""

    def __init__(self, source: Iterator[bytes], stack: ExitStack) -> None:
        self._source, self._stack = source, stack

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._source)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        self._stack.close()


@dataclass(frozen=True, slots=True)
class Download:
    """`filename` is safe, `type` is the mail's word (only ever sent with an attachment), `inline_type` ours after a
    look at the octets: None means that it must not be shown inline. `size` is None where not known exactly."""

    filename: str
    type: str
    inline_type: str | None
    size: int | None
    chunks: Iterator[bytes]


def part(
    *, access: Access, folder: str, uid_validity: int, uid: int, section: str, index: int | None = None
) -> Download:
    """One part, decoded; with `index`, one file out of a winmail.dat or a text.

    Raises PartNotFoundError and the others.
    """
    place = Place(folder, uid_validity, uid)

    def open_part(session: Session, summary: Summary) -> Download:
        node = find(summary.root, section) if summary.root else None
        if node is None or (node.children and not node.type.startswith("message/")):
            raise PartNotFoundError
        if index is not None:
            return _contained(session, place, node, index)
        return _download(file_name(node, summary), node, _decoded(session, uid, node))

    return _opened(access, place, open_part)


def source(*, access: Access, folder: str, uid_validity: int, uid: int, section: str = "") -> Download:
    """The message as it is, or with `section` the message inside it. Raises PartNotFoundError where there is none."""
    place = Place(folder, uid_validity, uid)

    def open_source(session: Session, summary: Summary) -> Download:
        if section:
            inside(summary, section)
        subject = (summary.nested.get(section) or summary.head).subject
        stream = session.stream(uid=uid, section=section)
        name = safe_filename(f"{subject or 'message'}.eml", type="message/rfc822", fallback="message.eml")
        return Download(name, "message/rfc822", "text/plain", None if section else stream.size, iter(stream))

    return _opened(access, place, open_source)


def archive(*, access: Access, folder: str, uid_validity: int, uid: int, section: str = "") -> Download:
    """Every attachment in one zip, as they were listed. Raises PartNotFoundError where there is none."""
    place = Place(folder, uid_validity, uid)

    def open_archive(session: Session, summary: Summary) -> Download:
        files = _files(session, place, summary, inside(summary, section))
        if not files:
            raise PartNotFoundError
        name = safe_filename(
            f"{summary.head.subject or 'message'}.zip", type="application/zip", fallback="message.zip"
        )
        return Download(name, "application/zip", None, None, iter(zip_stream(files)))

    return _opened(access, place, open_archive)


def _files(session: Session, place: Place, summary: Summary, root: Part) -> list[tuple[str, Iterator[bytes]]]:
    """Names and contents; nothing is fetched before it is asked for."""
    cards = shown_cards(session, place, root)
    if not cards:
        return [
            (file_name(node, summary), _decoded(session, place.uid, node)) for node in attached_parts(root)
        ]
    files: list[tuple[str, Iterator[bytes]]] = []
    for card in cards:
        node = find(root, card.section)
        if node is not None and card.index is None:
            files.append((card.filename, _decoded(session, place.uid, node)))
        elif node is not None and card.index is not None:
            files.append((card.filename, _within(session, place, node, card.index)))
    return files


def _within(session: Session, place: Place, node: Part, index: int) -> Iterator[bytes]:
    yield from (file.data for file in contained_files(session, place, node)[index : index + 1])


def _opened(access: Access, place: Place, open_it: Callable[[Session, Summary], Download]) -> Download:
    """Everything that can fail before the first octet fails here, while an error page is still possible."""
    with ExitStack() as stack:
        session = stack.enter_context(session_of(access, place.folder, lasting=True))
        download = open_it(session, summary_of(session, place))
        chunks = Chunks(download.chunks, stack.pop_all())
        return Download(download.filename, download.type, download.inline_type, download.size, chunks)
    raise AssertionError


def _decoded(session: Session, uid: int, node: Part) -> Iterator[bytes]:
    decoder = TransferDecoder(node.encoding)
    for chunk in session.stream(uid=uid, section=node.section):
        if data := decoder.feed(chunk):
            yield data
    if data := decoder.finish():
        yield data


def _download(name: str, node: Part, chunks: Iterator[bytes]) -> Download:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= SNIFF_OCTETS:
            break
    return Download(name, node.type, inline_type(node.type, head), None, _chained(head, chunks))


def _chained(head: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _contained(session: Session, place: Place, node: Part, index: int) -> Download:
    files = contained_files(session, place, node)
    if not 0 <= index < len(files):
        raise PartNotFoundError
    file = files[index]
    head = file.data[:SNIFF_OCTETS]
    return Download(
        file.name, "application/octet-stream", inline_type("", head), len(file.data), iter([file.data])
    )
