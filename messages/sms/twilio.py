"""Texts by Twilio, through its own package."""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

import aiohttp
from twilio.auth_strategy.auth_strategy import AuthStrategy
from twilio.auth_strategy.auth_type import AuthType
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.credential.credential_provider import CredentialProvider
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from messages.sms.errors import TextLaterError, TextRefusedError, TextUnsureError
from messages.sms.ports import Receipt
from messages.sms.status import status_address
from values import BadInputError

SECONDS: Final = 20.0
"""How long Twilio may take to answer."""
API: Final = "https://api.twilio.com"
_BUSY: Final = frozenset({429, 503})
"""Statuses that say that nothing was taken."""
_LOCKED_OUT: Final = frozenset({401, 403})
"""Our own settings are wrong: the text is not to blame, and goes once they are right."""
_OURS: Final = range(400, 500)
_QUIET: Final = logging.getLogger("centralino.twilio")
_QUIET.setLevel(logging.WARNING)  # it would write down each request's address and headers


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """An account at Twilio. Without one nothing is sent."""

    account: str = ""
    token: str = field(default="", repr=False)
    sender: str = ""
    """A number, a name, or a messaging service (`MG…`)."""
    address: str = API
    """Twilio's, or that of one of its regions: `https://api.dublin.ie1.twilio.com`."""
    callback: str = ""
    """Our own address as the world sees it, for word of what became of each; '' asks for none."""

    def __post_init__(self) -> None:
        """Refuse half an account."""
        if self.account and not (self.token and self.sender):
            raise BadInputError(
                "texts need twilio_token and twilio_from beside twilio_account", field="twilio_account"
            )

    @property
    def on(self) -> bool:
        """Whether texts can be sent."""
        return bool(self.account)


class TwilioCarrier:
    """Hands texts to Twilio (`messages.sms.ports.Carrier`). Used as a context."""

    def __init__(self, settings: TwilioSettings, *, seconds: float = SECONDS) -> None:
        self._settings = settings
        self._seconds = seconds
        self._http: AsyncTwilioHttpClient | None = None
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        if self._settings.on:
            self._http = AsyncTwilioHttpClient(pool_connections=False, logger=_QUIET)
            self._http.session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
            self._client = Client(
                self._settings.account,
                self._settings.token,
                http_client=self._http,
                credential_provider=_Account(self._settings),
                environment={"": ""},  # our settings alone say where it goes
            )
            self._client.api.base_url = self._settings.address.rstrip("/")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()
        self._http = self._client = None

    @property
    def on(self) -> bool:
        """Whether an account is set."""
        return self._settings.on

    @property
    def tells(self) -> bool:
        """Whether Twilio knows where to tell us what became of a text."""
        return bool(self._settings.callback)

    async def send(self, text_id: str, number: str, words: str) -> Receipt:
        """Hand a text over, once. Raises `TextLaterError`, `TextRefusedError`, `TextUnsureError`."""
        if self._client is None:
            raise TextLaterError("texts are not set up")
        more = {"status_callback": status_address(self._settings.callback, text_id)} if self.tells else {}
        sender = self._settings.sender
        more |= {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        try:
            made = await self._client.messages.create_async(to=number, body=words, **more)
        except TwilioRestException as problem:
            raise _answered(problem) from problem
        except aiohttp.ClientConnectorError as problem:
            raise TextLaterError("no connection to Twilio") from problem
        except (aiohttp.ClientError, TwilioException, TimeoutError, OSError, ValueError) as problem:
            raise TextUnsureError from problem
        return Receipt(made.sid or "", int(made.num_segments or 0))


def is_signed(settings: TwilioSettings, path: str, form: Mapping[str, str], signature: str) -> bool:
    """Whether Twilio has signed this for our account. `path` as it was asked for, with its query.

    It signs the address it was given: ours as the world sees it, whatever a proxy makes of it.
    """
    if not (settings.on and settings.callback):
        return False
    address = f"{settings.callback.rstrip('/')}{path}"
    return bool(RequestValidator(settings.token).validate(address, dict(form), signature))


class _Account(CredentialProvider):  # type: ignore[misc]  # an untyped package
    """Name and password as a header: the package's own way leans on what aiohttp is giving up."""

    def __init__(self, settings: TwilioSettings) -> None:
        super().__init__(AuthType.BASIC)
        self._settings = settings

    def to_auth_strategy(self) -> AuthStrategy:
        return _Basic(f"{self._settings.account}:{self._settings.token}")


class _Basic(AuthStrategy):  # type: ignore[misc]
    def __init__(self, words: str) -> None:
        super().__init__(AuthType.BASIC)
        self._words = words

    def get_auth_string(self) -> str:
        return f"Basic {base64.b64encode(self._words.encode()).decode()}"

    def requires_authentication(self) -> bool:
        return True


def _answered(problem: TwilioRestException) -> TextLaterError | TextRefusedError | TextUnsureError:
    """What an answer that is no yes means. Twilio's own words may hold the number: they are not kept."""
    code = str(problem.code or problem.status)
    if problem.status in _BUSY:
        return TextLaterError(f"Twilio is busy ({problem.status})", code=code)
    if problem.status in _LOCKED_OUT:
        return TextLaterError(f"Twilio does not let us in ({code}): see twilio_account", code=code)
    if problem.status in _OURS:
        return TextRefusedError(f"Twilio refuses it with its error {code}", code=code)
    return TextUnsureError(f"Twilio answered {problem.status}", code=code)
