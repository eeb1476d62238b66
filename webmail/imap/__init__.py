"""The IMAP wire: RFC 9051 and its extensions, synchronous, tolerant in what it reads and strict in what it writes."""
