"""What the REST API offers, told by itself: an OpenAPI document made from what stands beside the handlers."""

from web.openapi.describe import ANSWERS, Described, described, described_as
from web.openapi.pages import routes

__all__ = ["ANSWERS", "Described", "described", "described_as", "routes"]
