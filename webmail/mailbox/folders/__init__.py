"""Folders themselves: what there is, making, renaming, deleting, emptying, what each is for, their order."""

from .changing import Renamed, create_folder, rename_folder, set_subscribed
from .choosing import fold, give_role, move_by, place_before, show_subscribed_only
from .deleting import Doomed, delete_folder, doomed
from .emptying import Waiting, empty_folder, waiting
from .errors import (
    FolderChangedError,
    FolderExistsError,
    FolderForbiddenError,
    FolderNameError,
    FolderProtectedError,
    FolderRefusedError,
)
from .looking import Entry, Overview, folder_entry, overview
from .rights import Rights

__all__ = [
    "Doomed",
    "Entry",
    "FolderChangedError",
    "FolderExistsError",
    "FolderForbiddenError",
    "FolderNameError",
    "FolderProtectedError",
    "FolderRefusedError",
    "Overview",
    "Renamed",
    "Rights",
    "Waiting",
    "create_folder",
    "delete_folder",
    "doomed",
    "empty_folder",
    "fold",
    "folder_entry",
    "give_role",
    "move_by",
    "overview",
    "place_before",
    "rename_folder",
    "set_subscribed",
    "show_subscribed_only",
    "waiting",
]
