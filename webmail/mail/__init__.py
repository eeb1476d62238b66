"""Pure functions on messages: parts, charsets, addresses, text and HTML. No sockets, no Django."""
