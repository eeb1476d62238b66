"""The form of a mail domain, for the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .logo import checked, set_logo
from .models import MailDomain
from .validators import LOGO_OCTETS

if TYPE_CHECKING:
    _Form = forms.ModelForm[MailDomain]
else:
    _Form = forms.ModelForm


class MailDomainForm(_Form):
    """`logo_file` is the logo to come, `no_logo` takes away the one there is."""

    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG or JPEG picture, up to 64 KB and 1024 pixels wide and high."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    no_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = MailDomain
        exclude = ("logo", "logo_type")
        widgets = {  # noqa: RUF012 - Django's
            "hosts": forms.Textarea(attrs={"rows": 2}),
            "ca_pem": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "sender_addresses": forms.Textarea(attrs={"rows": 3}),
            "trusted_hosts": forms.Textarea(attrs={"rows": 2}),
            "notice": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_logo_file(self) -> bytes:
        file: UploadedFile[bytes] | None = self.cleaned_data.get("logo_file")
        if file is None:
            return b""
        data: bytes = file.read(LOGO_OCTETS + 1)
        checked(data)
        return data

    def save(self, commit: bool = True) -> Any:
        if data := self.cleaned_data["logo_file"]:
            set_logo(self.instance, data)
        elif self.cleaned_data["no_logo"]:
            set_logo(self.instance, b"")
        return super().save(commit=commit)
