"""The studio's services in one value, as routers and pages find them on the app."""

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from app.access.service import Access
from app.analytics.store import Analytics
from app.catalogue.extraction import Extraction
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.database import Database
from app.film.pushes import Pushes
from app.live.golive import GoingLive
from app.live.rooms import Rooms
from app.orders.service import Orders
from app.privacy.service import Privacy
from app.settings import Settings
from app.shows.auditions import Auditions
from app.shows.service import Shows
from app.shows.writers import Writers
from app.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """Everything a request may ask. Services never import this; routers and pages do."""

    settings: Settings
    database: Database
    access: Access
    catalogue: Catalogue
    imports: Imports
    extraction: Extraction
    shows: Shows
    writers: Writers
    auditions: Auditions
    orders: Orders
    analytics: Analytics
    privacy: Privacy
    rooms: Rooms
    golive: GoingLive
    templates: Templates
    pushes: Pushes = field(default_factory=Pushes)


def studio_of(connection: HTTPConnection) -> Studio:
    """The studio that `create_app` put on the app of this request or websocket."""
    studio = connection.app.state.studio
    if not isinstance(studio, Studio):
        raise TypeError(f"app.state.studio: wanted a Studio, found {type(studio).__name__}")
    return studio
