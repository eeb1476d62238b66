"""Every address. Folder names may hold anything, so the fixed words stand before and after them."""

from django.urls import include, path, register_converter

from . import converters
from .views import (
    contact,
    contact_doubles,
    contact_files,
    contact_groups,
    contacts,
    files,
    home,
    identities,
    listing,
    marking,
    message,
    outbox,
    pictures,
    printing,
    responding,
    settings,
    signing,
    threads,
)

register_converter(converters.FolderConverter, "folder")
register_converter(converters.SectionConverter, "section")
register_converter(converters.NumberConverter, "number")

MESSAGE = "message/<folder:folder>/<number:uid_validity>/<number:uid>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("alive/", signing.alive, name="alive"),
    path("preferences/", settings.preferences, name="preferences"),
    path("preferences/writing/", settings.writing, name="writing-preferences"),
    path("preferences/identities/", identities.identities, name="identities"),
    path("preferences/identities/<str:key>/", identities.identity, name="identity"),
    path("preferences/identities/<str:key>/signature/", identities.signature, name="signature"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<number:pk>/", outbox.status, name="outgoing"),
    path("outbox/<number:pk>/notice/", outbox.notice, name="outgoing-notice"),
    path("outbox/<number:pk>/<str:do>/", outbox.act, name="outgoing-act"),
    path("", include("webmail.web.compose_urls")),
    path("folder/<folder:folder>/", listing.folder, name="folder"),
    path("threads/<folder:folder>/", threads.choose, name="threads"),
    path("mark/<folder:folder>/", marking.mark, name="mark"),
    path("trust/", settings.trust, name="trust"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/collected/", contacts.collected, name="contacts-collected"),
    path("contacts/change/", contacts.change, name="contacts-change"),
    path("contacts/suggest/", contacts.suggestions, name="contacts-suggest"),
    path("contacts/new/", contact.edit, name="contact-new"),
    path("contacts/add/", contact.add, name="contact-add"),
    path("contacts/undo/", contact.take_back, name="contacts-undo"),
    path("contacts/doubles/", contact_doubles.all_doubles, name="contact-doubles"),
    path("contacts/files/", contact_files.files, name="contact-files"),
    path("contacts/files/save/", contact_files.save_file, name="contacts-save"),
    path("contacts/groups/", contact_groups.all_groups, name="contact-groups"),
    path("contacts/groups/<number:group>/", contacts.group, name="contact-group"),
    path("contacts/groups/<number:group>/change/", contact_groups.change_group, name="contact-group-change"),
    path("contacts/<number:contact>/", contact.contact, name="contact"),
    path("contacts/<number:contact>/edit/", contact.edit, name="contact-edit"),
    path("picture/<str:token>/", pictures.picture, name="picture"),
    path(MESSAGE, message.message, name="message"),
    path(f"{MESSAGE}nested/<section:section>/", message.nested, name="nested"),
    path(f"{MESSAGE}headers/", message.headers, name="headers"),
    path(f"{MESSAGE}body/", message.body, name="body"),
    path(f"{MESSAGE}print/", printing.printed, name="print"),
    path(f"{MESSAGE}invitation/", responding.invitation, name="answer-invitation"),
    path(f"{MESSAGE}receipt/", responding.receipt, name="answer-receipt"),
    path(f"{MESSAGE}unsubscribe/", responding.unsubscribe, name="unsubscribe"),
    path(f"{MESSAGE}original/", responding.original, name="reported-message"),
    path(f"{MESSAGE}part/<section:section>/", files.part, name="part"),
    path(f"{MESSAGE}parts.zip", files.archive, name="archive"),
    path(f"{MESSAGE}source/", files.source, name="source"),
    path(f"{MESSAGE}message.eml", files.eml, name="eml"),
]
