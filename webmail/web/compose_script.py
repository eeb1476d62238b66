"""What the compose page's script is given: addresses and limits on the form, words in the person's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    return {
        "saving": _("Saving…"),
        "sending": _("Sending…"),
        "notSaved": _("Not saved."),
        "notSent": _("Not sent: no connection. All that you wrote is here."),
        "noConnection": _("Not saved: no connection."),
        "keptHere": _("Kept in this browser."),
        "signedOut": _("Not saved: you are signed out."),
        "uploading": _("A file is still on its way. One moment."),
        "otherWindow": _("This message is open in another window as well. Write in one of them only."),
        "conflict": _("Also saved in another window or program: both are in Drafts."),
        "leftBehind": _("You were writing something at {time} that was not saved."),
        "goOn": _("Continue"),
        "throwAway": _("Throw away"),
        "message": _("Message"),
        "suggestions": _("Suggestions"),
        "notAnAddress": _("not an address"),
        "chipKeys": _("Enter to change, Delete to remove"),
        "cancel": _("Cancel {name}"),
        "picture": _("picture.png"),
        "tooLarge": _("{name} was not attached: that would be more than can be sent."),
        "notUploaded": _("Not attached: no connection."),
        "tryAgain": _("Try again"),
        "largePictures": _("These pictures are {size}. Make them smaller?"),
        "smaller": _("Smaller"),
        "asTheyAre": _("As they are"),
    }
