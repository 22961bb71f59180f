"""Money as the books keep it: whole minor units with a currency, never a float (ISO 4217 exponents)."""

from decimal import Decimal, InvalidOperation

from app.errors import BadInput

EXPONENTS = {
    **dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF"), 0),
    **dict.fromkeys(("KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"), 3),
    **dict.fromkeys(
        (
            *("CNY", "USD", "EUR", "GBP", "HKD", "TWD", "MOP", "SGD", "MYR", "THB", "IDR", "PHP", "INR", "AUD", "NZD"),
            *("CAD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "BRL", "MXN", "ZAR", "AED", "SAR", "ILS"),
        ),
        2,
    ),
}
"""Digits after the point of each accepted currency."""

MINOR_MOST = 10**15  # fits a 64-bit sum of nine thousand such amounts


def exponent(currency: str) -> int:
    """Digits after the point. Raises BadInput for a currency that is not listed."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise BadInput("currency", "a known ISO 4217 code", currency) from None


def to_minor(amount: Decimal, currency: str, field: str = "amount") -> int:
    """Whole minor units. Raises BadInput when negative, too fine for the currency, too large or not a number."""
    digits = exponent(currency)
    if not amount.is_finite() or amount < 0:
        raise BadInput(field, "an amount of at least 0", str(amount))
    if amount.adjusted() > 18 or len(amount.as_tuple().digits) > 24:  # beyond these, `decimal` would round
        raise BadInput(field, "a smaller amount", str(amount))
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise BadInput(field, f"at most {digits} digits after the point in {currency}", str(amount))
    if minor > MINOR_MOST:
        raise BadInput(field, "a smaller amount", str(amount))
    return int(minor)


def to_major(minor: int, currency: str) -> Decimal:
    """The amount in major units with exactly the currency's digits: 5900 CNY is Decimal("59.00")."""
    return Decimal(minor).scaleb(-exponent(currency))


def amount_of(text: str, field: str = "amount") -> Decimal:
    """The decimal number written in `text` (ASCII digits, no grouping). Raises BadInput."""
    if len(text) > 24 or not text.isascii() or not text.strip():
        raise BadInput(field, "a decimal number such as 59.90", text)
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise BadInput(field, "a decimal number such as 59.90", text) from None
    if not amount.is_finite():
        raise BadInput(field, "a decimal number such as 59.90", text)
    return amount
