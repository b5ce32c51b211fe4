"""The pages: a search, and one customer. That somebody was looked at is written down before it is shown."""

from aiohttp import web

from customers import Customers, search
from users import Right
from values import BadInputError, mask_number
from web.access import allowed, audit, who
from web.customer.cards import card_values
from web.errors import NotFoundError
from web.keys import PARTS, PATIENCE
from web.pages import page

routes = web.RouteTableDef()


@routes.get("/customers")
@allowed(Right.CUSTOMERS)
async def found(request: web.Request) -> web.Response:
    """The search with what it finds; with `part` only the list."""
    parts, text = request.app[PARTS], request.query.get("q", "").strip()
    people, problem = [], ""
    if text:
        try:
            async with parts.db.read() as session:
                people = list(
                    await search(session, text, country=parts.gate.house.country, now=parts.clock.now())
                )
        except BadInputError as wrong:
            problem = str(wrong)
    template = "customer/found.html" if "part" in request.query else "customer/search.html"
    shown = [
        {"id": each.card.id, "name": each.card.name, "tier": each.card.tier.value,
         "number": mask_number(each.number)}
        for each in people
    ]  # fmt: skip
    return page(request, template, people=shown, q=text, problem=problem)


@routes.get("/customers/{customer_id}")
@allowed(Right.CUSTOMERS)
async def one(request: web.Request) -> web.Response:
    """One customer's page; with `part` only the card."""
    parts, customer_id = request.app[PARTS], request.match_info["customer_id"]
    customers = Customers(parts.db)
    async with parts.db.read() as session:
        values = await card_values(
            session,
            customers,
            customer_id,
            parts.clock,
            who(request).language,
            request.app[PATIENCE],
            marks=who(request).may(Right.SURVEYS),
        )
    if values is None:
        raise NotFoundError("There is no such customer.")
    async with parts.db.write() as session:
        await audit(request, session, "customer.opened", subject=customer_id, customer_id=customer_id)
    template = "customer/card.html" if "part" in request.query else "customer/customer.html"
    return page(request, template, **values)
