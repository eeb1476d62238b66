"""A mail domain as the administrator describes it. `webmail.domains.registry` is the way to those that hold."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import validators as valid

AT_LEAST_ONE = (MinValueValidator(1),)


class MailDomain(models.Model):
    """A limit that is empty is that of the settings. Lists are texts with an entry on each line."""

    class Login(models.TextChoices):
        FULL = "full", _("The whole address")
        LOCAL = "local", _("What stands before the @")
        TEMPLATE = "template", _("By a template")

    class Provisioning(models.TextChoices):
        ANYONE = "anyone", _("Anyone whom the mail server accepts")
        LISTED = "listed", _("Only people who are listed here")

    class SenderPolicy(models.TextChoices):
        ACCOUNT = "account", _("Only their own address")
        DOMAIN = "domain", _("Any address of this domain")
        LISTED = "listed", _("Their own and the listed addresses")
        ANY = "any", _("Any address (the mail server decides)")

    name = models.CharField(
        _("domain"),
        max_length=253,
        unique=True,
        validators=[valid.domain_name],
        help_text=_("What stands after the @, such as example.org."),
    )
    is_default = models.BooleanField(
        _("default"),
        default=False,
        help_text=_(
            "Also serves addresses of domains that are not in this list, and names without a domain."
        ),
    )
    hosts = models.TextField(
        _("host names"),
        blank=True,
        validators=[valid.host_names],
        help_text=_(
            "Under which names of this website people find the sign-in page of this domain, one on each line. There "
            "the name before the @ is enough."
        ),
    )

    imap_url = models.CharField(
        _("IMAP server"),
        max_length=300,
        validators=[valid.imap_url],
        help_text=_(
            "imaps://host, imap+starttls://host, or imap://host without TLS; with :port where needed."
        ),
    )
    smtp_url = models.CharField(
        _("submission server"),
        max_length=300,
        blank=True,
        validators=[valid.smtp_url],
        help_text=_(
            "smtps://host, smtp+starttls://host, or smtp://host without TLS. Empty: nobody can send."
        ),
    )
    sieve_url = models.CharField(
        _("ManageSieve server"),
        max_length=300,
        blank=True,
        validators=[valid.sieve_url],
        help_text=_("sieve+starttls://host, sieves://host, or sieve://host without TLS."),
    )
    ca_pem = models.TextField(
        _("certificate authority"),
        max_length=200_000,
        blank=True,
        validators=[valid.certificates],
        help_text=_(
            "Where the servers' certificates are from your own authority: its certificate, as PEM text."
        ),
    )
    ca_file = models.CharField(
        _("file of the certificate authority"),
        max_length=500,
        blank=True,
        validators=[valid.whole_path],
        help_text=_("The same as a file on this machine, on all of them where there are several."),
    )
    verify = models.BooleanField(
        _("verify certificates"),
        default=True,
        help_text=_("Without it anybody on the way can read passwords."),
    )

    login = models.CharField(_("signs in as"), max_length=8, choices=Login, default=Login.FULL)
    login_template = models.CharField(
        _("template"),
        max_length=200,
        blank=True,
        validators=[valid.login_template],
        help_text=_("For example %(local)s+%(domain)s"),
    )
    provisioning = models.CharField(
        _("who may sign in"), max_length=6, choices=Provisioning, default=Provisioning.ANYONE
    )

    attachment_limit = models.PositiveIntegerField(
        _("largest attachments, in octets"), null=True, blank=True, validators=AT_LEAST_ONE
    )
    recipients = models.PositiveIntegerField(
        _("recipients of a message"), null=True, blank=True, validators=AT_LEAST_ONE
    )
    messages_per_hour = models.PositiveIntegerField(
        _("messages of a person in an hour"), null=True, blank=True, validators=AT_LEAST_ONE
    )
    connections = models.PositiveSmallIntegerField(
        _("connections of a person"), null=True, blank=True, validators=AT_LEAST_ONE
    )
    streams = models.PositiveSmallIntegerField(
        _("live pages of a person"), null=True, blank=True, validators=AT_LEAST_ONE
    )
    threads = models.PositiveSmallIntegerField(
        _("requests that may wait for the mail server"),
        null=True,
        blank=True,
        validators=AT_LEAST_ONE,
        help_text=_(
            "In each instance. While the server is slow, more of them are told at once that it is busy."
        ),
    )

    sender_policy = models.CharField(
        _("people may write as"), max_length=7, choices=SenderPolicy, default=SenderPolicy.DOMAIN
    )
    sender_addresses = models.TextField(
        _("listed addresses"),
        blank=True,
        validators=[valid.senders],
        help_text=_(
            "One on each line: an address or @domain for everybody, account:address for one account. They count "
            "where people may write as the listed addresses."
        ),
    )
    trusted_hosts = models.TextField(
        _("trusted authentication hosts"),
        blank=True,
        validators=[valid.authentication_hosts],
        help_text=_(
            "Whose Authentication-Results are believed, one on each line: the first word of what your own mail "
            "server writes there."
        ),
    )

    title = models.CharField(_("name shown"), max_length=60, blank=True, validators=[valid.one_line])
    logo = models.BinaryField(_("logo"), max_length=valid.LOGO_OCTETS, blank=True, default=b"")
    # "image/png" or the like, as the picture itself says; "" without one.
    logo_type = models.CharField(max_length=10, blank=True, editable=False)
    colour = models.CharField(
        _("colour"), max_length=7, blank=True, validators=[valid.colour], help_text=_("Such as #0b57c4.")
    )
    help_url = models.CharField(
        _("help"), max_length=300, blank=True, validators=[valid.https], help_text=_("An https:// address.")
    )
    notice = models.TextField(
        _("notice on the sign-in page"), max_length=1000, blank=True, help_text=_("Plain text.")
    )

    folder_sent = models.CharField(_("sent mail"), max_length=200, blank=True, validators=[valid.one_line])
    folder_drafts = models.CharField(_("drafts"), max_length=200, blank=True, validators=[valid.one_line])
    folder_trash = models.CharField(_("trash"), max_length=200, blank=True, validators=[valid.one_line])
    folder_junk = models.CharField(_("junk"), max_length=200, blank=True, validators=[valid.one_line])
    folder_archive = models.CharField(_("archive"), max_length=200, blank=True, validators=[valid.one_line])
    changed = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_domain",
                violation_error_message=_("Another domain is the default already."),
            ),
        )
        ordering = ("name",)
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = valid.canonical_name(self.name)
        if self.login == self.Login.TEMPLATE and not self.login_template:
            raise ValidationError(
                {"login_template": _("Write a template, or choose another way to sign in.")}
            )
        for other in MailDomain.objects.exclude(pk=self.pk).exclude(hosts="").only("name", "hosts"):
            if both := valid.hosts_of(self.hosts) & valid.hosts_of(other.hosts):
                words = _("%(host)s is where people of %(domain)s sign in.")
                params = {"host": min(both), "domain": other.name}
                raise ValidationError({"hosts": ValidationError(words, params=params)})
