"""From settings and secrets to the plans of our two Asterisks."""

import sys
from pathlib import Path

from asterisk_conf import (
    Bind,
    BrowserPlan,
    CityPlan,
    Installation,
    NodePlan,
    PhonePlan,
    TrunkPlan,
    VisitorPlan,
)
from centralino.handsets import browser_of, visitor_number
from centralino.places import Places
from centralino.secrets import Secrets, phone_secret
from centralino.settings import Address, Settings

_CODE = Path(__file__).resolve().parent.parent


def node_plan(settings: Settings, secrets: Secrets, installation: Installation) -> NodePlan:
    """The voice node of this home."""
    places = Places(settings.home.resolve())
    return NodePlan(
        name=settings.node,
        installation=installation,
        home=places.asterisk(settings.node),
        sip=_bind(settings.sip),
        ami=_bind(settings.ami),
        agi=_bind(settings.agi),
        rtp_first=settings.rtp_first,
        rtp_last=settings.rtp_last,
        trunks=tuple(
            TrunkPlan(trunk.name, _bind(trunk.address), trunk.qualify_frequency)
            for trunk in settings.all_trunks
        ),
        ami_secret=secrets.ami,
        agi_secret=secrets.agi,
        operator_secret=secrets.operator,
        phones=tuple(PhonePlan(name, phone_secret(secrets, name)) for name in settings.phones),
        browsers=BrowserPlan(
            _bind(settings.phone_socket),
            settings.phone_certificate,
            settings.phone_key,
            settings.external_address,
        )
        if settings.phones  # every call pays for it, some half a millisecond of Asterisk's time
        else None,
        browser_phones=tuple(
            PhonePlan(name, phone_secret(secrets, name)) for name in map(browser_of, settings.phones)
        ),
        prompts=places.prompts,
        spool=places.spool,
        python=Path(sys.executable),
        code=_CODE,
        language=settings.languages[0],
        dialplan=places.dialplan.read_text(encoding="utf-8") if places.dialplan.is_file() else "",
    )


def city_plan(settings: Settings, secrets: Secrets, installation: Installation) -> CityPlan:
    """The city's Asterisk of this home. Its voice ports follow the node's, so that they never meet."""
    places = Places(settings.home.resolve())
    first = settings.rtp_last + 1
    last = first + settings.rtp_last - settings.rtp_first
    return CityPlan(
        installation=installation,
        home=places.asterisk("city"),
        sip=_bind(settings.city_sip),
        ami=_bind(settings.city_ami),
        agi=_bind(settings.city_agi),
        node_sip=_bind(settings.sip),
        rtp_first=first,
        rtp_last=min(last, 65535),
        ami_secret=secrets.city_ami,
        agi_secret=secrets.city_agi,
        language=settings.languages[0],
        browsers=BrowserPlan(_bind(settings.city_phone_socket)) if settings.visitors else None,
        visitors=tuple(
            VisitorPlan(name, visitor_number(place), phone_secret(secrets, name))
            for place, name in enumerate(settings.visitors)
        ),
        service_number=settings.service_number,
    )


def _bind(address: Address) -> Bind:
    return Bind(address.host, address.port)
