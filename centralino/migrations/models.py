"""Every module that holds tables, so that migrations and tests see the whole schema."""

from importlib import import_module

from sqlalchemy import MetaData

from store import Base

MODEL_MODULES = (
    "store.outbox",
    "store.audit",
    "users.models",
    "customers.models",
    "calls.models",
    "messages.webhooks.models",
    "messages.sms.models",
    "ivr.versions.models",
    "ivr.scripts.models",
    "agents.models",
    "agents.queues.models",
    "dialer.models",
    "care.models",
    "proactive.appointments.models",
    "proactive.assurance.models",
    "proactive.events.models",
    "proactive.outages.models",
    "proactive.provisioning.models",
    "proactive.rules.models",
    "proactive.traffic.models",
    "reports.schedules.models",
    "surveys.models",
    "surveys.contracts.models",
    "surveys.sampling.models",
)
"""A room that gets tables adds its module here."""


def metadata() -> MetaData:
    """The tables of every room that has some. Raises `ModuleNotFoundError` for one that is not there."""
    for name in MODEL_MODULES:
        import_module(name)
    return Base.metadata
