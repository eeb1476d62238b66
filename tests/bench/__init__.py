"""`make bench`: what a person waits for, counted at the mail server's socket and in our own process.

The peer is the floor of a webmail that keeps nothing between requests: connect, sign in, select, sort, fetch, each
command a round trip of its own, and no work besides. It runs in the same minute on the same mailbox.
"""
