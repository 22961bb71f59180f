"""A button of the desk, checked before it reaches the show (pure)."""

from app.errors import BadInput, Conflict
from app.events import Button, CrewPressed, ProductId
from app.live import phrases, wire
from app.live.questions import named_product
from app.live.shelf import Shelf
from app.live.show import Show

SPEAKING: frozenset[Button] = frozenset({"say", "correct", "reply", "answer"})


def checked(press: wire.Press, by: str, show: Show, shelf: Shelf) -> CrewPressed:
    """The press as an event of the show.

    Raises BadInput for a product that is not in the show, a comment that is not among its recent ones, a sentence that
    is not ahead, and words that no fact of today supports or the law forbids; Conflict for speech while it is quiet.
    """
    if press.button in SPEAKING and show.phase in ("held", "silenced"):
        raise Conflict(f"host: wanted it on air, found it {show.phase}; hand back or resume first")
    product = _product(press, shelf)
    comment = next((item for item in show.heard if item.comment == press.comment), None)
    if press.button in ("answer", "reply", "skip") and comment is None:
        raise BadInput("comment", "one of this show's recent comments", press.comment)
    if press.button == "skip_line" and not _ahead(show, press.line):
        raise BadInput("line", "a sentence that is still to come", press.line)
    if press.button == "reply" and comment is not None and product is None:
        product = named_product(comment.text, show.titles, show.topic)
    text = press.text.strip()
    if press.button in ("say", "correct", "reply"):
        said = phrases.corrected(text, show.lang) if press.button == "correct" else text
        _may_be_said(said if text else "", product or show.topic, shelf)
    return CrewPressed(
        button=press.button,
        by=by,
        text=text,
        product=product,
        comment=comment.comment if comment else None,
        line=press.line,
    )


def _product(press: wire.Press, shelf: Shelf) -> ProductId | None:
    product = ProductId(press.product) if press.product else None
    if product is not None and product not in shelf.products:
        raise BadInput("product", "one of this show", press.product)
    if press.button in ("jump", "pin") and product is None:
        raise BadInput("product", "the product to show", press.product)
    return product


def _ahead(show: Show, place: str) -> bool:
    coming = any(line.place == place for line, _ in show.upcoming())
    return coming or (show.act is not None and show.act.planned is not None and show.act.planned.place == place)


def _may_be_said(text: str, product: ProductId | None, shelf: Shelf) -> None:
    if not text:
        raise BadInput("text", "something to say", text)
    ruling = shelf.may_say(text, product)
    if not ruling.ok:
        raise BadInput("text", "words that facts of today support", f"{text[:60]} ({ruling.reason})")
