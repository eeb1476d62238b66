"""Every response but FETCH."""

from __future__ import annotations

import pytest

from webmail.imap.errors import LimitError, ProtocolError
from webmail.imap.parse import (
    AclResponse,
    Capability,
    Code,
    Condition,
    Continuation,
    Enabled,
    EsearchResponse,
    Exists,
    Expunge,
    Flags,
    Id,
    ListResponse,
    MyRights,
    NamespaceResponse,
    ParseLimits,
    QuotaResponse,
    QuotaRoot,
    Recent,
    SearchResponse,
    StatusResponse,
    Tagged,
    ThreadResponse,
    Unknown,
    Vanished,
    parse_response,
)
from webmail.imap.types import (
    AppendUid,
    CopyUid,
    ListedMailbox,
    Namespace,
    Quota,
    SearchResult,
    Status,
    Thread,
)


def parse(*raw: bytes, **options):
    return parse_response(raw, **options)


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"* OK", Condition("OK")),
        (b"* OK ", Condition("OK")),
        (b"* ok ready", Condition("OK", None, "ready")),
        (b"* PREAUTH hello", Condition("PREAUTH", None, "hello")),
        (b"* BYE [UNAVAILABLE] later", Condition("BYE", Code("UNAVAILABLE"), "later")),
        (b"* NO [ALERT] \xc3\xa6\xe6", Condition("NO", Code("ALERT"), "Ã¦æ")),
        (b"* NO [ALERT] \xc3\xa6", Condition("NO", Code("ALERT"), "æ")),
        (b"* OK[ALERT]x", Condition("OK", Code("ALERT"), "x")),
        (b"* OK [alert]", Condition("OK", Code("ALERT"))),
        (b"* OK [UNSEEN 17] first", Condition("OK", Code("UNSEEN", 17), "first")),
        (b"* OK [UIDVALIDITY 0]", Condition("OK", Code("UIDVALIDITY", 0))),
        (b"* OK [UIDNEXT x] y", Condition("OK", Code("UIDNEXT", None), "y")),
        (b"* OK [UIDNEXT] y", Condition("OK", Code("UIDNEXT", None), "y")),
        (b"* OK [UIDNEXT 17 y", Condition("OK", Code("UIDNEXT", 17), "")),
        (b"* OK [HIGHESTMODSEQ 9223372036854775807]", Condition("OK", Code("HIGHESTMODSEQ", 2**63 - 1))),
        (
            b"* OK [PERMANENTFLAGS (\\deleted $A a]b \\*)] Limited",
            Condition("OK", Code("PERMANENTFLAGS", frozenset({"\\Deleted", "$A", "a]b", "\\*"})), "Limited"),
        ),
        (b"* OK [PERMANENTFLAGS ()] x", Condition("OK", Code("PERMANENTFLAGS", frozenset()), "x")),
        (b"* OK [PERMANENTFLAGS] x", Condition("OK", Code("PERMANENTFLAGS", frozenset()), "x")),
        (
            b"* OK [CAPABILITY imap4rev1 IDLE] x",
            Condition("OK", Code("CAPABILITY", frozenset({"IMAP4REV1", "IDLE"})), "x"),
        ),
        (b"* OK [] x", Condition("OK", None, "[] x")),
        (b"* OK [", Condition("OK", None, "[")),
        (b'* OK [X "a]b"] c', Condition("OK", Code("X", '"a]b"'), "c")),
        (b"a1 OK done", Tagged("a1", "OK", None, "done")),
        (b"a1 no [TRYCREATE] none", Tagged("a1", "NO", Code("TRYCREATE"), "none")),
        (b"a1 BAD", Tagged("a1", "BAD")),
        (
            b"a1 OK [COPYUID 1 5:4 7,9] x",
            Tagged("a1", "OK", Code("COPYUID", CopyUid(1, (4, 5), (7, 9))), "x"),
        ),
        (b"a1 OK [COPYUID 1 4:5 7] x", Tagged("a1", "OK", Code("COPYUID", None), "x")),
        (b"a1 OK [COPYUID 1 1:4294967295 1:4294967295] x", Tagged("a1", "OK", Code("COPYUID", None), "x")),
        (b"a1 OK [COPYUID x] x", Tagged("a1", "OK", Code("COPYUID", None), "x")),
        (b"a1 OK [COPYUID 1 * *] x", Tagged("a1", "OK", Code("COPYUID", None), "x")),
        (b"a1 OK [COPYUID] x", Tagged("a1", "OK", Code("COPYUID", None), "x")),
        (
            b"a1 OK [APPENDUID 38505 3955] x",
            Tagged("a1", "OK", Code("APPENDUID", AppendUid(38505, 3955)), "x"),
        ),
        (b"a1 OK [APPENDUID 38505] x", Tagged("a1", "OK", Code("APPENDUID", None), "x")),
        (b"a1 OK [MODIFIED 7,9:10] x", Tagged("a1", "OK", Code("MODIFIED", "7,9:10"), "x")),
        (b'a1 NO [BADCHARSET (UTF-8 "x y")]', Tagged("a1", "NO", Code("BADCHARSET", ("UTF-8", "x y")))),
        (b"a1 NO [BADCHARSET]", Tagged("a1", "NO", Code("BADCHARSET", ()))),
        (b"+ ", Continuation()),
        (b"+", Continuation()),
        (b"+ idling", Continuation("idling")),
        (b"+ PDE4OTYu", Continuation("PDE4OTYu")),
        (b"* CAPABILITY IMAP4rev1  idle ", Capability(frozenset({"IMAP4REV1", "IDLE"}))),
        (b"* CAPABILITY", Capability(frozenset())),
        (b"* ENABLED condstore", Enabled(frozenset({"CONDSTORE"}))),
        (b"* ID NIL", Id({})),
        (b'* ID ("Name" "Dovecot" "version" NIL "odd")', Id({"name": "Dovecot", "version": None})),
        (b"* FLAGS (\\SEEN $x)", Flags(frozenset({"\\Seen", "$x"}))),
        (b"* FLAGS ()", Flags(frozenset())),
        (b"* 17 EXISTS", Exists(17)),
        (b"*  17  exists ", Exists(17)),
        (b"* 0 RECENT", Recent(0)),
        (b"* 3 EXPUNGE", Expunge(3)),
        (b"* VANISHED 3,5:9", Vanished("3,5:9")),
        (b"* vanished (earlier) 1:4294967295", Vanished("1:4294967295", True)),
    ],
)
def test_simple_responses(wire, expected):
    assert parse(wire) == expected


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b" ",
        b"*",
        b"* ",
        b"nonsense",
        b"a1",
        b"a1 MAYBE",
        b"a1 BYE",
        b"* 17",
        b"* 17 MESSAGES",
        b"* FROBNICATE 1",
        b"* EXISTS 5",
        b"* LIST",
        b"* LIST ()",
        b"* STATUS",
        b"* VANISHED everything",
        b"* ESEARCH ALL x",
        b"* QUOTAROOT",
        b'* METADATA "" (/private/comment NIL)',
        b"\x00\xff",
    ],
)
def test_what_is_not_understood_is_unknown(wire):
    assert isinstance(parse(wire), Unknown)


def test_what_no_reader_makes_is_refused():
    for raw in ([], [b"* OK {3}", b"abc"]):
        with pytest.raises(ProtocolError):
            parse_response(raw)


@pytest.mark.parametrize(
    ("raw", "name", "wire", "delimiter"),
    [
        ([b'* LIST () "/" INBOX'], "INBOX", b"INBOX", "/"),
        ([b'* LIST () "/" "inbox"'], "INBOX", b"inbox", "/"),
        ([b'* LIST () "." "InBox.x"'], "InBox.x", b"InBox.x", "."),
        ([b'* LIST () NIL "a"'], "a", b"a", None),
        ([b"* LIST () nil a"], "a", b"a", None),
        ([b'* LIST () "" a'], "a", b"a", None),
        ([b'* LIST () "\\\\" "a\\\\b"'], "a\\b", b"a\\b", "\\"),
        ([b'* LIST () "\\" "a\\b"'], "a\\b", b"a\\b", "\\"),
        ([b'* LIST () "\\" a\\b'], "a\\b", b"a\\b", "\\"),
        ([b'* LIST () "|" a'], "a", b"a", "|"),
        ([b"* LIST () / a"], "a", b"a", "/"),
        ([b'* LIST "/" a'], "a", b"a", "/"),
        ([b'* LIST (\\X)"/"a'], "a", b"a", "/"),
        ([b'*  LIST  ( )  "/"  "a"  '], "a", b"a", "/"),
        ([b'* LIST () "/" NIL'], "NIL", b"NIL", "/"),
        ([b'* LIST () "/" *'], "*", b"*", "/"),
        ([b'* LIST () "/" %'], "%", b"%", "/"),
        ([b'* LIST () "/" &'], "&", b"&", "/"),
        ([b'* LIST () "/" &-'], "&", b"&-", "/"),
        ([b'* LIST () "/" "&AOYA+ADl-"'], "æøå", b"&AOYA+ADl-", "/"),
        ([b'* LIST () "/" "&invalid"'], "&invalid", b"&invalid", "/"),
        ([b'* LIST () "/" "a & b"'], "a & b", b"a & b", "/"),
        (['* LIST () "/" "æøå"'.encode()], "æøå", "æøå".encode(), "/"),
        ([b'* LIST () "/" "\xe6"'], "æ", b"\xe6", "/"),
        ([b'* LIST () "/" a b c'], "a b c", b"a b c", "/"),
        ([b'* LIST () "/" "a \\"b\\""'], 'a "b"', b'a "b"', "/"),
        ([b'* LIST () "/" "a "b" c"'], 'a "b" c', b'a "b" c', "/"),
        ([b'* LIST () "/" "a'], '"a', b'"a', "/"),
        ([b'* LIST () "/" ""'], "", b"", "/"),
        ([b'* LIST () "/" {5}', b'a "b\\', b""], 'a "b\\', b'a "b\\', "/"),
        ([b'* LIST () "/" {0}', b"", b""], "", b"", "/"),
        ([b"* LIST () {1}", b"/", b" {3+}", b"a b", b""], "a b", b"a b", "/"),
        ([b'* LSUB () "/" a'], "a", b"a", "/"),
        ([b'* XLIST () "/" a'], "a", b"a", "/"),
    ],
)
def test_listed_names(raw, name, wire, delimiter):
    response = parse_response(raw)
    assert isinstance(response, ListResponse)
    assert response.mailbox == ListedMailbox(name, wire, delimiter, response.mailbox.attributes)
    assert response.lsub is (b"LSUB" in raw[0])


def test_list_in_full():
    response = parse(
        b'* LIST (\\Sent \\HasNoChildren \\NonExistent $x) "/" "b" ("OLDNAME" ("&AOY-") "CHILDINFO" ("Subscribed"))'
    )
    assert response.mailbox == ListedMailbox(
        "b",
        b"b",
        "/",
        frozenset({"\\sent", "\\hasnochildren", "\\nonexistent", "$x"}),
        old_name="æ",
        child_info=frozenset({"SUBSCRIBED"}),
    )
    response = parse(b'* LIST () "/" {1}', b"b", b' ("OLDNAME" ({1}', b"a", b"))")
    assert response.mailbox.old_name == "a"
    assert parse(b'* XLIST (\\AllMail) "/" x').mailbox.attributes == {"\\all"}


def test_names_are_utf8_where_that_is_on():
    raw = '* LIST () "/" "R&D &AOY- æ"'.encode()
    assert parse(raw, utf8=True).mailbox.name == "R&D &AOY- æ"
    assert parse(b'* STATUS "&AOY-" (MESSAGES 1)', utf8=True).name == "&AOY-"
    assert parse(b'* STATUS "&AOY-" (MESSAGES 1)').name == "æ"


@pytest.mark.parametrize(
    ("raw", "name", "status"),
    [
        ([b"* STATUS a (MESSAGES 231 UIDNEXT 44292)"], "a", Status(messages=231, uid_next=44292)),
        (
            [b'* STATUS "a b" (UNSEEN 1 RECENT 2 UIDVALIDITY 3) '],
            "a b",
            Status(unseen=1, recent=2, uid_validity=3),
        ),
        ([b"* STATUS My files (UIDNEXT 24369)"], "My files", Status(uid_next=24369)),
        ([b"* STATUS {8}", b"My files", b" (UIDNEXT 4)"], "My files", Status(uid_next=4)),
        ([b"* status inbox (messages 1)"], "INBOX", Status(messages=1)),
        (
            [b"* STATUS a (HIGHESTMODSEQ 7 SIZE 9 DELETED 1)"],
            "a",
            Status(highest_modseq=7, size=9, deleted=1),
        ),
        ([b"* STATUS a"], "a", Status()),
        ([b"* STATUS a ()"], "a", Status()),
        ([b"* STATUS NIL (MESSAGES 1)"], "NIL", Status(messages=1)),
        ([b"* STATUS a (MAILBOXID (F1) APPENDLIMIT NIL MESSAGES 1)"], "a", Status(messages=1)),
        ([b"* STATUS a (MESSAGES UNSEEN 1)"], "a", Status(unseen=1)),
        ([b"* STATUS a (MESSAGES NIL UNSEEN 1)"], "a", Status(unseen=1)),
        ([b"* STATUS a (MESSAGES -1 UNSEEN 1"], "a", Status(messages=0, unseen=1)),
        ([b'* STATUS "a "b" c" (MESSAGES 1)'], 'a "b" c', Status(messages=1)),
    ],
)
def test_status(raw, name, status):
    response = parse_response(raw)
    assert isinstance(response, StatusResponse)
    assert (response.name, response.status) == (name, status)


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b'* NAMESPACE (("" "/")) NIL NIL', Namespace((("", "/"),))),
        (b"* NAMESPACE NIL NIL NIL", Namespace()),
        (b"* NAMESPACE", Namespace()),
        (b"* NAMESPACE () () ()", Namespace()),
        (b'* NAMESPACE (("INBOX." "."))', Namespace((("INBOX.", "."),))),
        (b'* NAMESPACE ("INBOX." ".") NIL NIL', Namespace((("INBOX.", "."),))),
        (b'* NAMESPACE (("&AOY-" "/" "X" ("Y"))) NIL NIL', Namespace((("æ", "/"),))),
        (
            b'* NAMESPACE (("" "/")("#mh/" NIL)) (("~" "\\\\")) (("#news" ""))',
            Namespace((("", "/"), ("#mh/", None)), (("~", "\\"),), (("#news", None),)),
        ),
    ],
)
def test_namespaces(wire, expected):
    assert parse(wire) == NamespaceResponse(expected)


def test_quota_and_rights():
    assert parse(b'* QUOTA "" (STORAGE 10 512 message 1 -2)') == QuotaResponse(
        (Quota("", "STORAGE", 10, 512), Quota("", "MESSAGE", 1, 0))
    )
    assert parse(b"* QUOTA {3}", b"a b", b" (STORAGE 10)") == QuotaResponse(())
    assert parse(b"* QUOTA x") == QuotaResponse(())
    assert parse(b'* QUOTAROOT INBOX "" "User quota"') == QuotaRoot("INBOX", b"INBOX", ("", "User quota"))
    assert parse(b"* QUOTAROOT {1}", b"a", b"") == QuotaRoot("a", b"a", ())
    assert parse(b'* ACL "a b" ann lrs -bob x') == AclResponse("a b", b"a b", {"ann": "lrs", "-bob": "x"})
    assert parse(b"* MYRIGHTS INBOX rwiptsldaex") == MyRights("INBOX", b"INBOX", "rwiptsldaex")


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"* SEARCH", SearchResult()),
        (b"* SEARCH ", SearchResult()),
        (b"* SEARCH 2  3 6 ", SearchResult((2, 3, 6))),
        (b"* SORT 6 2 3", SearchResult((6, 2, 3))),
        (b"* SEARCH 2 5 (MODSEQ 917162500)", SearchResult((2, 5), modseq=917162500)),
        (b"* SEARCH 2 NIL x 5", SearchResult((2, 5))),
    ],
)
def test_search(wire, expected):
    assert parse(wire) == SearchResponse(expected)


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"* ESEARCH", EsearchResponse(None, False, SearchResult())),
        (b'* ESEARCH (TAG "A") UID', EsearchResponse("A", True, SearchResult())),
        (
            b'* ESEARCH (TAG "A") UID MIN 2 MAX 9 COUNT 3 ALL 9,2:3 MODSEQ 7',
            EsearchResponse("A", True, SearchResult((9, 2, 3), 3, 2, 9, 7)),
        ),
        (b"* ESEARCH (TAG A) all 7", EsearchResponse("A", False, SearchResult((7,)))),
        (
            b'* ESEARCH (TAG "A") UID PARTIAL (1:5 14,12) COUNT 14',
            EsearchResponse("A", True, SearchResult((14, 12), 14, partial=(1, 5))),
        ),
        (
            b'* ESEARCH (TAG "A") UID PARTIAL (-1:-100 NIL)',
            EsearchResponse("A", True, SearchResult(partial=(-1, -100))),
        ),
        (
            b'* ESEARCH (TAG "A") UID RELEVANCY (1 2) X-NEW 5 COUNT 1',
            EsearchResponse("A", True, SearchResult(count=1)),
        ),
        (b"* ESEARCH (TAG {1}", None),
    ],
)
def test_esearch(wire, expected):
    if expected is None:
        assert parse(wire, b"A", b") UID COUNT 1") == EsearchResponse("A", True, SearchResult(count=1))
    else:
        assert parse(wire) == expected


def test_results_too_large_are_refused_before_they_are_made():
    for wire in (b'* ESEARCH (TAG "A") ALL 1:4294967295', b"* ESEARCH PARTIAL (1:5 1:4000000000)"):
        with pytest.raises(LimitError):
            parse(wire)
    with pytest.raises(LimitError):
        parse(b"* SEARCH 1 2 3 4 5", limits=ParseLimits(numbers=3))


def numbers(thread: Thread):
    return (thread.number, *map(numbers, thread.children)) if thread.children else thread.number


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"* THREAD", []),
        (b"* THREAD (2)", [2]),
        (b"* THREAD (2)(3 6 (4 23)(44 7 96))", [2, (3, (6, (4, 23), (44, (7, 96))))]),
        (b"* THREAD ((3)(5))", [(None, 3, 5)]),
        (b"* THREAD ((3))", [3]),
        (b"* THREAD (1 ( 2 ) ( 3 ) )", [(1, 2, 3)]),
        (b"* THREAD (1 2", [(1, 2)]),
        (b"* THREAD ()", []),
        (b"* THREAD 1)(2)", [1, 2]),
    ],
)
def test_threads(wire, expected):
    response = parse(wire)
    assert isinstance(response, ThreadResponse)
    assert [numbers(thread) for thread in response.threads] == expected


@pytest.mark.parametrize(
    "wire", [b"(" + b" ".join(b"%d" % n for n in range(1, 50_001)) + b")", b"(1 " * 50_000]
)
def test_deep_threads(wire):
    response = parse(b"* THREAD " + wire)
    (thread,) = response.threads
    depth = 1
    while thread.children:
        (thread,) = thread.children
        depth += 1
    assert depth == 50_000
