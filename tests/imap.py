"""A throw-away IMAP server for the tests: Dovecot, in a folder of its own."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from imaplib import IMAP4, Time2Internaldate
from pathlib import Path

import pytest

from core.mail import boxes
from tests.running_tool import free_port

USER, PASSWORD = "service@example.com", "open:sesame/§"
START_SECONDS = 20
MISSING = (
    "These tests need the IMAP server Dovecot. "
    "`make test` installs it; by hand: apt-get install dovecot-imapd"
)
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
mail_fsync = never
auth_failure_delay = 0
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={{PLAIN}}{password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
"""


class Server:
    """A running server with one mailbox."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def url(self) -> str:
        return f"imap://service%40example.com:open%3Asesame%2F%C2%A7@127.0.0.1:{self.port}"

    def put(self, *mails: bytes, at: datetime | None = None) -> None:
        """Mails come in."""
        with self.talk() as talk:
            when = Time2Internaldate(at) if at else None
            for mail in mails:
                kind, said = talk.append("INBOX", "", when, mail)  # type: ignore[arg-type]
                assert kind == "OK", said

    def rebuild(self) -> None:
        """The same mails in a mailbox that was made anew: the server counts afresh."""
        for name in (
            "dovecot-uidlist",
            "dovecot.index",
            "dovecot.index.log",
            "dovecot.index.cache",
        ):
            (self.folder / "mail" / name).unlink(missing_ok=True)

    def empty(self) -> None:
        """Nothing is in the mailbox."""
        with self.talk() as talk:
            if talk.select("INBOX")[1] != [b"0"]:
                talk.store("1:*", "+FLAGS", "\\Deleted")
                talk.expunge()

    def flags(self) -> str:
        """What the server has noted of the mails."""
        with self.talk() as talk:
            talk.select("INBOX", readonly=True)
            return str(talk.fetch("1:*", "(FLAGS)")[1])

    @contextmanager
    def talk(self) -> Iterator[IMAP4]:
        talk = IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            talk.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield talk
        finally:
            talk.shutdown()


def program() -> str:
    """Where Dovecot is."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@contextmanager
def running() -> Iterator[Server]:
    """A server of our own: made now, stopped and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    port = free_port()
    # Dovecot lets nobody in as root.
    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    names = {"user": entry.pw_name, "group": grp.getgrgid(entry.pw_gid).gr_name}
    config = folder / "dovecot.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, password=PASSWORD, **names))
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    command = [program(), "-F", "-c", str(config)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    server = subprocess.Popen(command, cwd="/", **pipes, **as_user)  # type: ignore[call-overload]
    try:
        _wait_for(Server(folder, port), server)
        yield Server(folder, port)
    finally:
        server.terminate()
        server.wait(timeout=20)
        with closing(server.stdout):  # type: ignore[arg-type]
            shutil.rmtree(folder, ignore_errors=True)


def _wait_for(there: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with there.talk():
                return
        except (OSError, IMAP4.error):
            time.sleep(0.05)
    log = there.folder / "log"
    said = log.read_text() if log.exists() else ""
    process.terminate()
    out = process.stdout.read().decode() if process.stdout else ""
    pytest.fail(f"Dovecot did not start:\n{out}\n{said}", pytrace=False)


@contextmanager
def mailbox(monkeypatch: pytest.MonkeyPatch, server: Server) -> Iterator[Server]:
    """The company reads this mailbox."""
    monkeypatch.setenv(boxes.SETTING, server.url)
    server.empty()
    yield server
