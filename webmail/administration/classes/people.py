"""People: found, seen, blocked and let in again, signed out, given their data, deleted. Never their mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from webmail.accounts.models import Person
from webmail.domains.models import MailDomain
from webmail.factors.models import Authenticator, Passkey

from .. import leaving, ruling
from ..site import site
from .base import Ruled, mark
from .leaving_words import what_goes

MOST_EXPORTED = 200
NOT_YOURS = _("Only a superuser may do that to somebody who administers.")


class DomainFilter(admin.SimpleListFilter):
    title = _("domain")
    parameter_name = "domain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = MailDomain.objects.order_by("name").values_list("name", flat=True)[:200]
        return [*((name, name) for name in names), ("-", str(_("none of these")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if not self.value():
            return queryset
        if self.value() != "-":
            return queryset.filter(username__endswith=f"@{self.value()}")
        listed = Q()
        for name in MailDomain.objects.values_list("name", flat=True):
            listed |= Q(username__endswith=f"@{name}")
        return queryset.exclude(listed) if listed else queryset


def has_factor() -> Q:
    apps = Authenticator.objects.filter(person=OuterRef("pk")).exclude(confirmed=None)
    return Q(Exists(apps)) | Q(Exists(Passkey.objects.filter(person=OuterRef("pk"))))


class FactorFilter(admin.SimpleListFilter):
    title = _("second factor")
    parameter_name = "factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("has one")), ("no", _("has none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(has_factor()) if self.value() == "yes" else queryset.exclude(has_factor())


class NewPersonForm(forms.ModelForm):
    """Listed before their first sign-in; the password is the mail server's. Staff get one of their own afterwards."""

    class Meta:
        model = Person
        fields = ("username",)
        help_texts = {  # noqa: RUF012 - Django's
            "username": _(
                "The whole mail address, as it is typed to sign in. The mail server keeps the password."
            )
        }

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip().lower()
        if Person.objects.filter(username=username).exists():
            raise forms.ValidationError(_("There is such a person already."))
        return username

    def save(self, commit: bool = True) -> Person:
        self.instance.set_unusable_password()
        person: Person = super().save(commit)
        return person


@admin.register(Person, site=site)
class PersonAdmin(UserAdmin, Ruled):
    change_form_template = "admin/accounts/person/change_form.html"
    list_display = ("username", "state", "last_sign_in", "factor", "staff", "date_joined")
    list_filter = ("is_active", "is_staff", DomainFilter, FactorFilter, "last_login", "groups")
    search_fields = ("username", "identities__address", "identities__name")
    search_help_text = _("Sign-in name, or an address or name that they write as.")
    ordering = ("username",)
    filter_horizontal = ()
    delete_confirmation_template = "admin/accounts/person/delete.html"
    delete_selected_confirmation_template = "admin/accounts/person/delete_selected.html"
    add_form = NewPersonForm
    add_form_template = None
    add_fieldsets = ((None, {"fields": ("username",)}),)
    actions = ("block", "unblock", "sign_out", "reset_factor", "export")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        people: QuerySet[Person] = super().get_queryset(request)
        return people.annotate(has_factor=has_factor())

    def get_fieldsets(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        seen = ("username", "state", "last_sign_in", "date_joined", "factor", "writes_as", "more")
        staff = ("is_staff", "is_superuser", "groups")
        words = _("Staff sign in here, with a password of their own: their mail's is no use here.")
        return (
            (None, {"fields": seen}),
            (_("Administration"), {"fields": staff, "description": words}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is None:
            return ()
        seen = ("username", "state", "last_sign_in", "date_joined", "factor", "writes_as", "more")
        return seen if _is_root(request) else (*seen, "is_staff", "is_superuser", "groups")

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Of a person nothing can be changed but what they may do here. All else are actions."""
        return _is_root(request)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_touch(request, obj))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        actions = [action for action in self.get_actions(request).values() if action is not None]
        person = self.get_object(request, unquote(object_id))
        idle = {"delete_selected", "unblock" if person and person.is_active else "block"}
        deeds = [(name, words) for _do, name, words in actions if name not in idle]
        return super().change_view(request, object_id, form_url, {"deeds": deeds} | (extra_context or {}))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        if not _is_root(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    @admin.display(description=_("state"), ordering="is_active")
    def state(self, person: Person) -> Any:
        if not person.is_active:
            return mark(_("blocked"), "bad")
        if person.last_login is None:
            return mark(_("never signed in"))
        return mark(_("active"), "good")

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_sign_in(self, person: Person) -> Any:
        if person.last_login is None:
            return self.get_empty_value_display()
        return date_format(timezone.localtime(person.last_login), "DATETIME_FORMAT")

    @admin.display(description=_("second factor"), ordering="has_factor")
    def factor(self, person: Any) -> Any:
        return mark(_("set up"), "good") if person.has_factor else self.get_empty_value_display()

    @admin.display(description=_("staff"), ordering="is_staff")
    def staff(self, person: Person) -> Any:
        if person.is_superuser:
            return mark(_("superuser"))
        return mark(_("staff")) if person.is_staff else None

    @admin.display(description=_("writes as"))
    def writes_as(self, person: Person) -> Any:
        """Names and addresses; what else an identity has is the person's own."""
        lines = [
            (f"{one.name} <{one.address}>" if one.name else one.address,) for one in person.identities.all()
        ]
        return format_html_join(mark_safe("<br>"), "{}", lines) or self.get_empty_value_display()

    @admin.display(description=_("more of them"))
    def more(self, person: Person) -> Any:
        pages = (
            ("signins_session", "person__id__exact", _("Sessions")),
            ("signins_signinevent", "person__id__exact", _("Sign-ins")),
            ("outbox_outgoing", "person__id__exact", _("Outbox")),
            ("administration_holding", "person__id__exact", _("Connections")),
        )
        links = (
            format_html(
                '<a href="{}?{}={}">{}</a>', reverse(f"admin:{name}_changelist"), key, person.pk, words
            )
            for name, key, words in pages
        )
        return format_html(" · ".join("{}" for _page in pages), *links)

    @admin.action(description=_("Block: no sign-in, and what is open ends"), permissions=["block"])
    def block(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        self._each(request, queryset.filter(is_active=True), ruling.block, "Blocked.")

    @admin.action(description=_("Unblock"), permissions=["unlock"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        self._each(request, queryset.filter(is_active=False), ruling.unblock, "Unblocked.")

    @admin.action(description=_("Sign out everywhere"), permissions=["unlock"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        self._each(request, queryset, ruling.sign_out_everywhere, "Signed out everywhere.")

    @admin.action(description=_("Reset the second factor"), permissions=["unlock"])
    def reset_factor(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        self._each(request, queryset, ruling.reset_factor, "Second factor reset.")

    @admin.action(description=_("Export their data"), permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet[Person]) -> FileResponse | None:
        people = list(queryset[: MOST_EXPORTED + 1])
        if len(people) > MOST_EXPORTED:
            words = _("That is too much for one file. Choose at most %(most)s people.")
            self.message_user(request, words % {"most": MOST_EXPORTED}, messages.ERROR)
            return None
        for person in people:
            self.log_change(request, person, "Data exported.")
        name = f"{people[0].username}.zip" if len(people) == 1 else "people.zip"
        return FileResponse(leaving.exported(people=people), as_attachment=True, filename=name)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """In our words, and counted: Django would list every contact."""
        people = list(objs)
        refused = {str(_("staff (only a superuser may)")) for one in people if not may_touch(request, one)}
        return what_goes(people), {}, refused, []

    def delete_model(self, request: HttpRequest, obj: Person) -> None:
        leaving.erase(person=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        for person in queryset:
            leaving.erase(person=person)

    def _each(
        self, request: HttpRequest, people: QuerySet[Person], do: Callable[..., object], said: str
    ) -> None:
        done = refused = 0
        for person in people:
            if not may_touch(request, person):
                refused += 1
                continue
            do(person=person)
            self.log_change(request, person, said)
            done += 1
        if refused:
            self.message_user(request, NOT_YOURS, messages.ERROR)
        words = ngettext("Done for %(count)s person.", "Done for %(count)s people.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)


def _is_root(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def may_touch(request: HttpRequest, person: Person) -> bool:
    """Whoever administers is touched by superusers alone, or a helper could take their place."""
    return _is_root(request) or not (person.is_staff or person.is_superuser)
