"""Forms with a file, read with a limit before anything is taken apart."""

from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.access.body import read_body, read_fields
from app.catalogue.pictures import BYTES_MOST
from app.errors import BadInput

FORM_MOST = 256 * 1024  # bytes of everything beside the file
PARTS_MOST = 24


async def read_parts(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """The form's fields and its files by name; a file that was not chosen is left out.

    Raises TooLarge before more than 10 MB and the fields are kept, BadInput for a body that is no such form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {name: value for name, value in (await read_fields(request)).items() if value is not None}, {}
    raw = await read_body(request, BYTES_MOST + FORM_MOST)

    async def whole() -> AsyncGenerator[bytes, None]:
        yield raw

    try:
        form = await MultiPartParser(
            request.headers, whole(), max_files=1, max_fields=PARTS_MOST, max_part_size=FORM_MOST
        ).parse()
    except (MultiPartException, KeyError) as problem:
        raise BadInput("body", "a form as browsers send it", str(problem)) from problem
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            body = await value.read()
            if body:
                files[name] = body
        else:
            fields[name] = value
    await form.close()
    return fields, files
