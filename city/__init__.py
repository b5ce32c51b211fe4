"""A simulated town of subscribers on a second Asterisk. Floor 7; nobody imports it but the front door.

`read_people` says who lives there and what each does with a telephone; `City` answers for them when they are
rung, rings 0611 for them, and repairs their lines now and then, so that there is something to call about.
`Staff` are simulated agents, whose telephones are in the town too.
"""

from city.people import Called, Caller, People, Person, read_people
from city.staff import Model, Staff
from city.town import City, CityPlaces

__all__ = ["Called", "Caller", "City", "CityPlaces", "Model", "People", "Person", "Staff", "read_people"]
