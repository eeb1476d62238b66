"""The address book: people, groups, and whom one once wrote to."""
