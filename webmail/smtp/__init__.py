"""Submission of mail: RFC 6409 and the extensions it uses, synchronous, with an honest answer for every recipient."""
