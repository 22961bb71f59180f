"""A button of the desk, checked before it reaches the show (pure)."""

from app.errors import BadInput
from app.events import CrewPressed, ProductId
from app.live import wire
from app.live.shelf import Shelf
from app.live.show import Show


def checked(press: wire.Press, by: str, show: Show, shelf: Shelf) -> CrewPressed:
    """The press as an event of the show.

    Raises BadInput for a product that is not in the show, a comment that is not among its recent ones, and words
    that no fact of today supports or the law forbids.
    """
    product = ProductId(press.product) if press.product else None
    if product is not None and product not in shelf.products:
        raise BadInput("product", "one of this show", press.product)
    if press.button == "pin" and product is None:
        raise BadInput("product", "the product to show", press.product)
    comment = next((item.comment for item in show.heard if item.comment == press.comment), None)
    if press.button in ("answer", "skip") and comment is None:
        raise BadInput("comment", "one of this show's recent comments", press.comment)
    text = press.text.strip()
    if press.button == "say":
        if not text:
            raise BadInput("text", "something to say", press.text)
        ruling = shelf.may_say(text, product or show.topic)
        if not ruling.ok:
            raise BadInput("text", "words that facts of today support", f"{text[:60]} ({ruling.reason})")
    return CrewPressed(button=press.button, by=by, text=text, product=product, comment=comment)
