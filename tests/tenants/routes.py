"""Every way into the studio, read from the app itself, so that a new one cannot be forgotten."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

PARAM = re.compile(r"{(\w+)(?::\w+)?}")
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A path of one method; a websocket's method is WS."""

    method: str
    path: str

    @property
    def params(self) -> tuple[str, ...]:
        """The names in its braces."""
        return tuple(PARAM.findall(self.path))

    def filled(self, ids: dict[str, str]) -> str:
        """The path with these ids."""
        return PARAM.sub(lambda found: ids[found[1]], self.path)


def ways_of(app: FastAPI) -> list[Way]:
    """Every route of the app; mounted folders of files are not routes of ours."""
    found = {way for route in _flat(app.routes) for way in _ways(route)}
    return sorted(found, key=lambda way: (way.path, way.method))


def _flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
        else:
            yield route


def _ways(route: BaseRoute) -> Iterator[Way]:
    if isinstance(route, WebSocketRoute):
        yield Way(method="WS", path=route.path)
    elif isinstance(route, Route):
        for method in METHODS & (route.methods or set()):
            yield Way(method=method, path=route.path)
    elif not isinstance(route, Mount):
        raise TypeError(f"route: wanted one the walk knows, found {route!r}")
