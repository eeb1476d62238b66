"""The search language: pure functions from what a person types to what a mail server is asked."""

from .errors import QueryError
from .language import Query, parse
from .meaning import Asker, key_of

__all__ = ["Asker", "Query", "QueryError", "key_of", "parse"]
