"""How much of everything an address book holds."""

NAME = 200
ORGANISATION = 200
NOTES = 10_000
LABEL = 40
# RFC 5321, 4.5.3.1: 64 for the local part, 255 for the domain.
ADDRESS = 320
ADDRESSES = 50
GROUP_NAME = 100
GROUPS = 500
QUERY = 200
CONTACTS = 50_000
COLLECTED = 5_000
# Of one message.
RECIPIENTS = 1_000
