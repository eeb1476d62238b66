"""The configuration of a private Postfix: everything in its own directory, on loopback, as Debian's static users."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificate import KeyPair
from tests.servers.ports import LOOPBACK
from tests.servers.post import DOMAIN

# Postfix wants an account and a group that nobody else here uses; these are on every Debian.
OWNER, GROUP = "news", "games"


@dataclass(frozen=True, slots=True)
class Options:
    """What a test may want different. `extra` are lines for main.cf."""

    message_size_limit: int = 50_000_000
    smtputf8: bool = True
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """`root` is where the packages are unpacked; `auth` is Dovecot's socket for SASL."""

    directory: Path
    root: Path
    keys: KeyPair
    auth: Path
    port: int
    tls_port: int
    relay_port: int
    policy_port: int


def main_cf(place: Place, options: Options) -> str:
    base, yes = place.directory, {True: "yes", False: "no"}
    return f"""
compatibility_level = 3.6
import_environment = LD_LIBRARY_PATH MAIL_CONFIG TZ
config_directory = {base}
queue_directory = {base}/queue
data_directory = {base}/data
daemon_directory = {place.root}/usr/lib/postfix/sbin
command_directory = {place.root}/usr/sbin
shlib_directory = {place.root}/usr/lib/postfix
meta_directory = {place.root}/etc/postfix
mail_owner = {OWNER}
setgid_group = {GROUP}
default_privs = nobody
maillog_file = {base}/log
maillog_file_prefixes = {base}
inet_protocols = ipv4
inet_interfaces = {LOOPBACK}
myhostname = mail.{DOMAIN}
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
default_database_type = cidr
relayhost = [{LOOPBACK}]:{place.relay_port}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtputf8_enable = {yes[options.smtputf8]}
message_size_limit = {options.message_size_limit}
mailbox_size_limit = 0
queue_minfree = 0
in_flow_delay = 0
minimal_backoff_time = 1s
queue_run_delay = 1s
smtpd_banner = $myhostname ESMTP
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_delay_reject = no
smtpd_helo_required = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {place.auth}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {place.keys.cert_file}
smtpd_tls_key_file = {place.keys.key_file}
smtpd_sender_restrictions = check_policy_service inet:{LOOPBACK}:{place.policy_port}
smtpd_recipient_restrictions = check_policy_service inet:{LOOPBACK}:{place.policy_port}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
{options.extra}
"""


def master_cf(place: Place) -> str:
    return f"""
{LOOPBACK}:{place.port} inet n - n - - smtpd
{LOOPBACK}:{place.tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
