"""A mail server with believable mail in it, and our program in front of it: `python -m webmail.demo`."""
