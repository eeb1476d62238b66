"""Finding: the search language, what it means to a mail server, and lists of what matches."""
