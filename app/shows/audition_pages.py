"""试听: a line of a script or a voice's sample, streamed clause by clause as it is made."""

import base64
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.access.body import read_fields
from app.access.guard import SignedIn
from app.errors import BadInput, NotFound
from app.events import ShowId
from app.shows.cast import SAMPLE_WORDS, VOICES
from app.studio import Studio, studio_of

router = APIRouter()


@router.post("/auditions")
async def sample(request: Request, who: SignedIn) -> Response:
    """The sample sentence in `voice`. Lines of JSON: a clause with its visemes and sound each, then `end`."""
    voice = (await read_fields(request)).get("voice") or ""
    lang = next((lang for lang, voices in VOICES.items() if voice in voices), None)
    if lang is None:
        raise BadInput("voice", f"one of {', '.join(name for names in VOICES.values() for name in names)}", voice)
    return _spoken(studio_of(request), SAMPLE_WORDS[lang], voice, lang)


@router.post("/shows/{show}/blocks/{block}/lines/{number}/audition")
async def line(request: Request, show: str, block: str, number: int, who: SignedIn) -> Response:
    """One line of the script in the show's voice, with today's price in it."""
    studio = studio_of(request)
    found = await studio.shows.scripts.block(who.shop, ShowId(show), block)
    plan = await studio.shows.plan(who.shop, ShowId(show))
    words = next((each.verdict.shown for each in found.lines if each.number == number), None)
    if words is None:
        raise NotFound(f"line: wanted 1 to {len(found.lines)}, found {number}")
    return _spoken(studio, words, plan.voice, plan.lang, plan.readings)


def _spoken(studio: Studio, text: str, voice: str, lang: str, readings: Mapping[str, str] | None = None) -> Response:
    async def clauses() -> AsyncGenerator[str, None]:
        try:
            async with aclosing(studio.auditions.speak(text, voice, lang, readings)) as clips:
                async for clip in clips:
                    made = {
                        "text": clip.text,
                        "seconds": clip.seconds,
                        "visemes": list(clip.visemes),
                        "words": [(word.text, word.start, word.end) for word in clip.words],
                        "sound": base64.b64encode(clip.opus).decode(),
                    }
                    yield json.dumps(made, ensure_ascii=False) + "\n"
        except OSError:  # TimeoutError is one
            yield json.dumps({"away": True}) + "\n"
            return
        yield json.dumps({"end": True}) + "\n"

    return StreamingResponse(clauses(), media_type="application/x-ndjson", headers={"cache-control": "no-store"})
