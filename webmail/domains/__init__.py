"""Mail domains: whose mail lives on which servers, how they sign in there, and what holds for them.

Without any row the settings serve everybody."""
