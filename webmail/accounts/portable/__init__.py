"""What a person has chosen, out as one JSON file and in again: preferences, identities, labels, saved searches,
folders and trusted senders. Neither passwords nor second factors; the address book has files of its own."""

from .file import MOST_OCTETS, VERSION, Imported, exported, import_file
from .values import PortableError

__all__ = ["MOST_OCTETS", "VERSION", "Imported", "PortableError", "exported", "import_file"]
