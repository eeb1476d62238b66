"""People: who signs in, with which mail server, and what they prefer."""
