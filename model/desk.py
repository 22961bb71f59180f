"""Who is served next: requests wait here by priority, and one worker thread serves them a step at a time."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model.constrain import Shape
from model.engine import Engine, Generation, Marking
from model.lexicon import Lexicon
from model.marks import mark_prompt, pieces, spans
from model.schema import BadShape
from model.tokenizer import TextStream, Tokenizer
from model.wire import Request

LIMIT = 64  # requests, waiting and begun
TOGETHER = 8  # answers that share one pass over the weights at most
Send = Callable[[dict[str, object]], None]


@dataclass(eq=False, slots=True, kw_only=True)
class Job:
    """One request and how far it is. `send` takes the messages for the client.

    The last is "end", "error" (the client's fault) or "broken" (ours).
    """

    request: Request
    send: Send
    number: int
    began: float
    cancelled: bool = False
    generation: Generation | None = None
    marking: Marking | None = None
    text: TextStream | None = None
    first_token: float | None = field(default=None)

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller is served sooner."""
        return self.request.priority, self.number


class Desk:
    """A bounded queue and the loop that serves it.

    After every step the smallest (priority, arrival) goes on, so a more urgent request overtakes a running one at its
    next token; the overtaken one keeps its memory and resumes. A request of a lower priority never takes part in the
    step of a higher one, which it would slow down. Who loses when more than LIMIT are here: the newest of
    the least urgent, which is told "refused"; `refused` counts them.
    """

    def __init__(self, engine: Engine, tokenizer: Tokenizer, lexicon: Lexicon) -> None:
        """Serve with `engine`; call `run` in the thread that shall compute."""
        self._engine, self._tokenizer, self._lexicon = engine, tokenizer, lexicon
        self._changed = threading.Condition()
        self._jobs: list[Job] = []
        self._arrived = 0
        self._closed = self._wrote = False
        self.refused = 0

    def submit(self, request: Request, send: Send) -> Job:
        """Put a request in the queue; `send` is called from the computing thread."""
        with self._changed:
            self._arrived += 1
            job = Job(request=request, send=send, number=self._arrived, began=time.perf_counter())
            self._jobs.append(job)
            loser = max(self._jobs, key=lambda each: each.rank) if len(self._jobs) > LIMIT else None
            if loser is not None:
                self._jobs.remove(loser)
                self.refused += 1
            self._changed.notify()
        if loser is not None:
            loser.send({"end": "refused", "usage": _usage(loser)})
        return job

    def cancel(self, job: Job) -> None:
        """Forget a job; one that is computing stops after its present step."""
        with self._changed:
            job.cancelled = True
            if job in self._jobs:
                self._jobs.remove(job)

    def close(self) -> None:
        """Let `run` return."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def run(self) -> None:
        """Serve until closed."""
        while jobs := self._next():
            try:
                ended = [self._step(jobs[0])] if len(jobs) == 1 else self._step_together(jobs)
            except BadShape as wrong:
                jobs[0].send({"error": str(wrong)})
                ended = [True]
            except Exception as surprise:  # the process serves others too; these are told, the log has the trace
                traceback.print_exc()
                for job in jobs:
                    job.send({"broken": f"{type(surprise).__name__}: {surprise}"})
                ended = [True] * len(jobs)
            for job, over in zip(jobs, ended, strict=True):
                if over:
                    self.cancel(job)

    def _next(self) -> list[Job]:
        """Who takes the next step, of the most urgent priority: all that write together, or one that still reads.

        Where some write and some read, they take turns, so that whoever comes later soon writes along.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            if self._closed:
                return []
            ranked = sorted(self._jobs, key=lambda job: job.rank)
        alike = [job for job in ranked if job.request.priority == ranked[0].request.priority]
        writing = [job for job in alike if job.generation and job.generation.in_step][:TOGETHER]
        reading = [job for job in alike if not (job.generation and job.generation.in_step)]
        self._wrote = bool(writing) and not (reading and self._wrote)
        return writing if self._wrote else reading[:1]

    def _step(self, job: Job) -> bool:
        """Advance a job by one step; True when it has ended."""
        if job.request.kind == "mark":
            return self._mark(job)
        if job.generation is None or job.text is None:
            self._begin(job)
            return False
        return self._tell(job, job.generation.advance())

    def _step_together(self, jobs: Sequence[Job]) -> list[bool]:
        """Advance several by one token each; True for each that has ended."""
        told = self._engine.advance([job.generation for job in jobs if job.generation is not None])
        return [self._tell(job, new) for job, new in zip(jobs, told, strict=True)]

    def _tell(self, job: Job, new: Sequence[int]) -> bool:
        """Send on what is newly written; True when the job has ended."""
        if job.cancelled or job.text is None or job.generation is None:
            return True
        if new and job.first_token is None:
            job.first_token = time.perf_counter()
        piece = job.text.feed(new)
        ended = job.generation.end
        if ended and not job.text.stopped:
            piece += job.text.finish()
        if piece:
            job.send({"text": piece})
        if job.text.stopped:
            ended = "stop"
        if ended:
            end = "warm" if job.request.kind == "warm" and ended != "refused" else ended
            job.send({"end": end, "usage": _usage(job)})
        return ended is not None

    def _mark(self, job: Job) -> bool:
        """One step of pointing at facts; True when it has ended."""
        text = job.request.text
        if job.marking is None:
            job.marking = self._engine.mark(mark_prompt(self._tokenizer, text), pieces(text, self._tokenizer))
        job.marking.advance()
        if job.marking.end == "stop":
            delta = self._engine.marker.delta
            labels = () if delta is None else delta.labels
            found = spans(job.marking.chances, job.marking.places, labels)
            job.send({"marks": [[mark.label, mark.start, mark.end, round(mark.sure, 4)] for mark in found]})
        if job.marking.end is not None:
            job.send({"end": job.marking.end, "usage": _usage(job)})
        return job.marking.end is not None

    def _begin(self, job: Job) -> None:
        request = job.request
        job.text = TextStream(self._tokenizer, request.stop)
        if request.kind == "warm":
            job.generation = self._engine.warm(self._tokenizer.chat(request.messages, reply=False))
            return
        shape = request.shape
        walk = None if shape is None else Shape(shape.schema, shape.source, self._lexicon).walk()
        prompt = self._tokenizer.chat(request.messages, reply=True)
        job.generation = self._engine.generate(prompt, request.sampling, walk)


def _usage(job: Job) -> dict[str, object]:
    done, made = time.perf_counter(), job.generation
    return {
        "prompt_tokens": made.prompt_tokens if made else job.marking.prompt_tokens if job.marking else 0,
        "cached_tokens": made.cached_tokens if made else 0,
        "completion_tokens": len(made.written) if made else 0,
        "first_token_ms": None if job.first_token is None else round((job.first_token - job.began) * 1000, 1),
        "ms": round((done - job.began) * 1000, 1),
    }
