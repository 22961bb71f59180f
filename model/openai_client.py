"""Any OpenAI-compatible endpoint (vLLM, SGLang, a cloud model, our own `serve-model`) as a language model.

Fits the same port as the embedded model, by shape. Every way in which an endpoint can fail is an OSError, because its
askers have an honest line ready for a model that is away.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from model.client import _Prompt, _Sampling, _Shape
from model.openai_schema import to_openai
from model.thoughts import Thoughts

TRIES = 2  # of one call that has said nothing yet
PAUSE = 0.3  # seconds between them
LONGEST_ANSWER = 64 * 1024  # characters; an endpoint that never stops is stopped
_LONGEST_LINE = 256 * 1024  # bytes of one event


class EndpointUnavailable(OSError):
    """The endpoint is away, slow, busy, or said something that is no answer."""


class EndpointRefused(EndpointUnavailable):
    """The endpoint refused the request for good: a wrong key, model or parameter."""


class OpenAIModel:
    """Talks to one endpoint. `close` it at the end."""

    def __init__(self, url: str, *, key: str | None, name: str, patience: float) -> None:
        """`url` is the base (`…/v1`); `patience` are seconds of silence after which the endpoint counts as hung."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"model_url: wanted http(s)://host[:port]/v1, found {url!r}")
        base = url.rstrip("/")
        self._url = f"{base if parts.path.strip('/') else base + '/v1'}/chat/completions"
        self._where = parts.netloc.rpartition("@")[2]
        self._key, self._name, self._patience = key, name, patience
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def stream(
        self, prompt: _Prompt, sampling: _Sampling, shape: _Shape | None = None
    ) -> AsyncGenerator[str, None]:
        """Pieces of text as they come, without thinking; a shaped answer comes whole and is JSON.

        Raises EndpointUnavailable (an OSError).
        """
        body = self._body(prompt, sampling, shape)
        for attempt in range(TRIES):
            begun, whole = False, ""
            try:
                async with aclosing(self._pieces(body)) as pieces:
                    async for piece in pieces:
                        whole += piece
                        if len(whole) > LONGEST_ANSWER:
                            raise EndpointUnavailable(f"{self._where}: wanted an answer with an end, found none")
                        if shape is None and piece:
                            begun = True
                            yield piece
                if shape is not None:
                    yield self._object(whole)
                return
            except EndpointRefused:
                raise
            except EndpointUnavailable:
                if begun or attempt == TRIES - 1:
                    raise
            await asyncio.sleep(PAUSE)

    def _body(self, prompt: _Prompt, sampling: _Sampling, shape: _Shape | None) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._name,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
            "stream": True,
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)[:4]
        if shape is not None:
            schema = to_openai(shape.schema)
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema, "strict": True},
            }
        return body

    async def _pieces(self, body: Mapping[str, Any]) -> AsyncGenerator[str, None]:
        """The deltas of one call. Raises EndpointUnavailable or EndpointRefused."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self._patience, sock_read=self._patience)
        if self._session is None:
            self._session = aiohttp.ClientSession(read_bufsize=_LONGEST_LINE)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        thoughts = Thoughts()
        try:
            async with self._session.post(
                self._url, json=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status != 200:
                    await self._refuse(response)
                ended = False
                async for line in response.content:
                    if (event := self._event(line)) is None:
                        continue
                    if event == "[DONE]":
                        ended = True
                        break
                    text, finished = self._delta(event)
                    ended = ended or finished
                    yield thoughts.feed(text)
                if not ended:
                    raise EndpointUnavailable(
                        f"{self._where}: wanted the rest of an answer, found the connection closed"
                    )
                yield thoughts.finish()
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            what = str(problem) or type(problem).__name__
            raise EndpointUnavailable(f"{self._where}: wanted an answer, but {what}") from problem

    async def _refuse(self, response: aiohttp.ClientResponse) -> None:
        said = (await response.content.read(2000)).decode("utf-8", errors="replace")
        message = f"{self._where}: wanted status 200, found {response.status} ({said.strip()[:200]})"
        if response.status in (408, 409, 425, 429) or response.status >= 500:
            raise EndpointUnavailable(message)
        raise EndpointRefused(message)

    @staticmethod
    def _event(line: bytes) -> str | None:
        """The data of one line of an event stream, None for other lines."""
        return line[5:].decode("utf-8", errors="replace").strip() if line.startswith(b"data:") else None

    def _delta(self, event: str) -> tuple[str, bool]:
        """New text, and whether the answer ended."""
        chunk = json.loads(event)
        if not isinstance(chunk, dict) or "error" in chunk:
            raise EndpointUnavailable(f"{self._where}: wanted a piece of an answer, found {event[:200]}")
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return "", False  # the closing chunk that carries the usage has no choice
        delta = choices[0].get("delta")
        text = delta.get("content") if isinstance(delta, dict) else None
        return (text if isinstance(text, str) else ""), choices[0].get("finish_reason") is not None

    def _object(self, whole: str) -> str:
        """The JSON object of a shaped answer, without the fence that some models put around it."""
        bare = re.sub(r"^\s*```(?:json)?\s*|\s*```\s*$", "", whole)
        try:
            found = json.loads(bare)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise EndpointUnavailable(f"{self._where}: wanted a JSON object, found {whole.strip()[:80]!r}")
        return bare
