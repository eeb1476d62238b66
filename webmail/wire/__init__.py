"""What the mail protocols have in common: which server, as whom, and a socket with deadlines and TLS."""
