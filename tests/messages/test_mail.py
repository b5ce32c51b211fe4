"""Letters reach a real mail server; what is certain not to have gone is told apart from what is not."""

import ssl
import subprocess
from pathlib import Path

import pytest

from messages.mail import (
    Attachment,
    Letter,
    Mailer,
    MailLaterError,
    MailOffError,
    MailRefusedError,
    MailSettings,
    MailUnsureError,
    Tls,
    address_of,
)
from tests.dialer.results.samples import NINE
from tests.messages.post_office import PostOffice, post_office
from values import BadInputError
from values.testing import FixedClock

pytestmark = pytest.mark.unit
LETTER = Letter(
    to=["ops@example.com", "boss@example.com"],
    subject="Отчёт\r\nBcc: thief@example.com",
    text="Всё хорошо.\n.\nPunto.\n",
    id="report.rs1.1",
    attachments=[Attachment("agents.csv", "text/csv", "имя;ü\r\n".encode())],
)


def mailer(office: PostOffice, **words: object) -> Mailer:
    usual = {"host": "127.0.0.1", "port": office.port, "tls": Tls.NONE, "sender": "House <house@example.com>"}
    return Mailer(MailSettings(**(usual | words)), FixedClock(NINE))  # type: ignore[arg-type]


async def test_a_letter_with_a_file() -> None:
    async with post_office() as office:
        assert await mailer(office).send(LETTER) == []
    (letter,), (envelope,) = office.letters, office.envelopes
    assert envelope == ("house@example.com", ["ops@example.com", "boss@example.com"])
    assert letter["Subject"] == "Отчёт Bcc: thief@example.com"
    assert letter["Bcc"] is None
    assert letter["Message-ID"] == "<report.rs1.1@example.com>"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["Всё хорошо.", ".", "Punto."]
    (file,) = letter.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("agents.csv", "имя;ü\r\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


async def test_encrypted_and_with_a_password(certificate: Path, tmp_path: Path) -> None:
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    trusted = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    file = tmp_path / "password"
    file.write_text("open sesame\n")
    ways = {"tls": Tls.STARTTLS, "user": "house", "password_file": file}
    async with post_office(context=server, password="open sesame") as office:
        await mailer(office, context=trusted, **ways).send(LETTER)
        assert office.encrypted == [True]
        file.write_text("wrong")
        with pytest.raises(MailLaterError, match="does not let us in: 535 who are you"):
            await mailer(office, context=trusted, **ways).send(LETTER)
        with pytest.raises(MailLaterError, match="no connection"):  # nobody vouches for this certificate
            await mailer(office, **ways).send(LETTER)
    async with post_office() as plain:
        with pytest.raises(MailLaterError, match="no connection"):  # it offers no encryption: nothing is said
            await mailer(plain, tls=Tls.STARTTLS).send(LETTER)
    assert len(office.letters) == 1
    assert plain.letters == []


async def test_what_is_said_by_a_server_that_takes_nothing() -> None:
    async with post_office(answers={"RCPT TO:<boss@example.com>": "550 nobody here"}) as office:
        assert await mailer(office).send(LETTER) == ["boss@example.com"]
        assert office.envelopes[0][1] == ["ops@example.com"]
        office.answers = {"RCPT": "550 nobody here"}
        with pytest.raises(MailRefusedError, match="the mail server said: 550 nobody here"):
            await mailer(office).send(LETTER)
        office.answers = {"MAIL": "451 later please"}
        with pytest.raises(MailLaterError, match="451 later please"):
            await mailer(office).send(LETTER)
        office.answers = {"DATA": "552 too large"}
        with pytest.raises(MailRefusedError, match="552 too large"):
            await mailer(office).send(LETTER)
    assert len(office.letters) == 1
    with pytest.raises(MailLaterError, match="no connection"):
        await mailer(office).send(LETTER)


async def test_nobody_can_say_whether_a_letter_went_whose_receipt_is_missing() -> None:
    async with post_office(hang_up_after_data=True) as office:
        with pytest.raises(MailUnsureError):
            await mailer(office).send(LETTER)


async def test_without_a_server_nothing_is_sent() -> None:
    off = Mailer(MailSettings(), FixedClock(NINE))
    assert not off.on
    with pytest.raises(MailOffError, match="set smtp and mail_from"):
        await off.send(LETTER)


@pytest.mark.parametrize(
    "text", ["", "ops", "a@b\r\nRCPT TO:<c@d>", "a b@c.it", "<a@b.it>", "a@" + "b" * 300]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadInputError, match="recipients"):
        address_of(text)
