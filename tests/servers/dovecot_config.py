"""The configuration of a private Dovecot, in the syntax of 2.3 (Debian 12) and of 2.4 (Debian 13)."""

from __future__ import annotations

import grp
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificate import KeyPair

SPECIAL = {"Drafts": "Drafts", "Sent": "Sent", "Junk": "Junk", "Trash": "Trash", "Archive": "Archive"}


@dataclass(frozen=True, slots=True)
class Options:
    """What a test may want different. `extra` is appended as it is and must suit the installed version. `shared`:
    people may open folders to each other (ACL), which then are below `shared/`."""

    separator: str = "/"
    prefix: str = ""
    special_use: bool = True
    max_connections: int = 200
    max_line_length: int = 65536
    quota: bool = False
    shared: bool = False
    cleartext: bool = True
    extra: str = ""

    @property
    def host(self) -> str:
        """Dovecot trusts a connection between equal addresses, so LOGINDISABLED is only said on another."""
        return "127.0.0.1" if self.cleartext else "127.0.0.2"


@dataclass(frozen=True, slots=True)
class Place:
    directory: Path
    port: int
    tls_port: int
    keys: KeyPair


def config(version: tuple[int, int], place: Place, options: Options) -> str:
    """The text of dovecot.conf for `version`, runnable by root and by anybody else."""
    blocks = [_common(place, options), _rootless(), _services(place)]
    blocks.append(_modern(place, options) if version >= (2, 4) else _classic(place, options))
    return "\n".join([*reversed(blocks), options.extra, ""])


def _common(place: Place, options: Options) -> str:
    base = place.directory
    return f"""
instance_name = ekorn-tests
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
listen = {options.host}
ssl = {"yes" if options.cleartext else "required"}
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
first_valid_uid = 1
mail_fsync = never
mail_max_userip_connections = {options.max_connections}
imap_max_line_length = {options.max_line_length}
"""


def _rootless() -> str:
    if os.getuid() == 0:
        return ""
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return f"""
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def _services(place: Place) -> str:
    # Without anvil's penalty a test that signs in wrongly does not slow the next one.
    return f"""
service imap-login {{
  process_min_avail = 1
  inet_listener imap {{
    port = {place.port}
  }}
  inet_listener imaps {{
    port = {place.tls_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 1024
}}
service anvil {{
  client_limit = 4000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  client_limit = 8000
  unix_listener auth-client {{
    mode = 0666
  }}
}}
"""


def _mailboxes(options: Options) -> str:
    if not options.special_use:
        return ""
    return "".join(
        f"  mailbox {name} {{\n    auto = subscribe\n    special_use = \\{use}\n  }}\n"
        for name, use in SPECIAL.items()
    )


def _classic(place: Place, options: Options) -> str:
    users, home = f"{place.directory}/users/%u", f"{place.directory}/home/%u"
    return f"""
protocols = imap
auth_username_format = %u
ssl_cert = <{place.keys.cert_file}
ssl_key = <{place.keys.key_file}
disable_plaintext_auth = {"no" if options.cleartext else "yes"}
mail_location = maildir:~/Maildir
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {users}
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {users}
  default_fields = home={home}
}}
service imap-login {{
  service_count = 0
}}
namespace inbox {{
  inbox = yes
  separator = {options.separator}
  prefix = {options.prefix}
{_mailboxes(options)}}}
{_classic_plugins(place, options)}
"""


def _classic_plugins(place: Place, options: Options) -> str:
    names = [name for name, on in (("quota", options.quota), ("acl", options.shared)) if on]
    if not names:
        return ""
    shared = f"""
namespace shared {{
  type = shared
  separator = {options.separator}
  prefix = shared{options.separator}%%u{options.separator}
  location = maildir:%%h/Maildir:INDEXPVT=~/Maildir/of-others/%%u
  subscriptions = no
  list = children
}}
plugin {{
  acl = vfile
  acl_shared_dict = file:{place.directory}/sharing/mailboxes
}}
"""
    quota = """
plugin {
  quota = count:User quota
  quota_vsizes = yes
}
"""
    return f"""
mail_plugins = {" ".join(names)}
protocol imap {{
  mail_plugins = {" ".join(names)} {" ".join(f"imap_{name}" for name in names)}
}}
{quota if options.quota else ""}{shared if options.shared else ""}
"""


def _modern(place: Place, options: Options) -> str:
    users, home = f"{place.directory}/users/%{{user}}", f"{place.directory}/home/%{{user}}"
    return f"""
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
auth_username_format = %{{user}}
ssl_server_cert_file = {place.keys.cert_file}
ssl_server_key_file = {place.keys.key_file}
auth_allow_cleartext = {"yes" if options.cleartext else "no"}
mail_driver = maildir
mail_path = ~/Maildir
passdb passwd-file {{
  passwd_file_path = {users}
  default_password_scheme = PLAIN
}}
userdb passwd-file {{
  passwd_file_path = {users}
  fields {{
    home:default = {home}
  }}
}}
service imap-login {{
  restart_request_count = unlimited
}}
namespace inbox {{
  inbox = yes
  separator = {options.separator}
  prefix = {options.prefix}
{_mailboxes(options)}}}
{_modern_plugins(place, options)}
"""


def _modern_plugins(place: Place, options: Options) -> str:
    names = [name for name, on in (("quota", options.quota), ("acl", options.shared)) if on]
    if not names:
        return ""
    lines = "\n".join(f"  {name} = yes" for name in names)
    imap_lines = "\n".join(f"    imap_{name} = yes" for name in names)
    shared = f"""
acl_driver = vfile
acl_sharing_map {{
  dict file {{
    path = {place.directory}/sharing/mailboxes
  }}
}}
namespace shared {{
  type = shared
  separator = {options.separator}
  prefix = shared{options.separator}$user{options.separator}
  mail_path = %{{owner_home}}/Maildir
  mail_index_private_path = ~/Maildir/of-others/%{{owner_user}}
  subscriptions = no
  list = children
}}
"""
    quota = """
quota "User quota" {
}
"""
    return f"""
mail_plugins {{
{lines}
}}
protocol imap {{
  mail_plugins {{
{imap_lines}
  }}
}}
{quota if options.quota else ""}{shared if options.shared else ""}
"""
