"""A second proof at sign-in, beside the password: codes of an app, passkeys, recovery codes.

Knows people only as the rows of `AUTH_USER_MODEL` that they are: the mail sign-in and the admin's use it alike.
`proving` is the way in.
"""
