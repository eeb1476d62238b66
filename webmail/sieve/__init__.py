"""ManageSieve (RFC 5804): what a server says of itself. No Django, no mail."""
