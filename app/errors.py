"""Everything that can be refused, as one small tree.

    ZhuboError                 500
    ├── Refused                400  what was asked cannot be done as asked
    │   ├── BadInput           422  wanted / found
    │   ├── NotSignedIn        401
    │   ├── Forbidden          403
    │   │   └── RoleNeeded     403  who may
    │   ├── NotFound           404  (also: another shop's)
    │   ├── Conflict           409
    │   ├── TooLarge           413
    │   └── TooOften           429
    └── Unavailable            503  a part of the studio is away; try again

Each message says what was wanted and what was found.
"""

from collections.abc import Sequence


class ZhuboError(Exception):
    """The root: something of ours went wrong."""

    status = 500


class Refused(ZhuboError):
    """The request cannot be done as asked."""

    status = 400


class BadInput(Refused):
    """A value has another form than the one wanted."""

    status = 422

    def __init__(self, field: str, wanted: str, found: object) -> None:
        shown = repr(found)
        super().__init__(f"{field}: wanted {wanted}, found {shown if len(shown) <= 120 else shown[:117] + '…'}")
        self.field, self.wanted, self.found = field, wanted, found


class NotSignedIn(Refused):
    """No valid session came with the request."""

    status = 401


class Forbidden(Refused):
    """Signed in, but not allowed; also a failed origin, token or signature check."""

    status = 403


class RoleNeeded(Forbidden):
    """Somebody of the shop, but another role may do this."""

    def __init__(self, roles: Sequence[str], found: str) -> None:
        super().__init__(f"role: wanted {' or '.join(roles)}, found {found}")
        self.roles, self.found = tuple(roles), found


class NotFound(Refused):
    """There is no such thing in this shop."""

    status = 404


class Conflict(Refused):
    """The thing is in a state that does not allow this."""

    status = 409


class TooLarge(Refused):
    """More bytes, rows or characters than the documented limit."""

    status = 413


class TooOften(Refused):
    """A documented rate limit was reached."""

    status = 429


class Unavailable(ZhuboError):
    """A part of the studio is away for the moment."""

    status = 503
