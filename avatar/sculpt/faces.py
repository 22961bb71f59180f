"""Face-unit weights of every shape the mouth and eyes are baked in."""

from avatar.sculpt.looks import Look

OPEN_STEPS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
WIDTHS = (-1.0, -0.5, 0.0, 0.5, 1.0)
BLINKS = (0.0, 1.0, 2.0, 3.0, 4.0)
GAZES = (-1.0, -0.5, 0.0, 0.5, 1.0)
GAZE_ANGLE = 0.21  # radians at gaze ±1


def both(name: str, weight: float) -> dict[str, float]:
    """The same unit on the left and the right side."""
    return {f"{name}Left": weight, f"{name}Right": weight}


def mouth(look: Look, opening: float, width: float) -> dict[str, float]:
    """Units for a place in the grid: opening 0–5, width −1 (rounded) to 1 (spread)."""
    wide, narrow = max(width, 0.0), max(-width, 0.0)
    far = opening / 5
    smile = look.smile * (1 - 0.75 * narrow) * (1 - 0.35 * far) + 0.20 * wide
    shut = 0.13 * max(1 - opening, 0.0)  # a smile parts the resting lips a little: take it back
    return {
        **both("mouthSmile", smile),
        **both("mouthStretch", 0.30 * wide * (0.4 + 0.6 * far)),
        **both("mouthUpperUp", (0.10 + 0.16 * wide) * min(opening / 1.5, 1.0) - shut),
        **both("mouthLowerDown", (0.10 + 0.22 * wide) * min(opening / 1.5, 1.0) - shut),
        "jawOpen": 0.52 * far**0.95 * (1 - 0.22 * narrow),
        "mouthPucker": 0.72 * narrow * (1 - 0.30 * far),
        "mouthFunnel": 0.55 * narrow * far**0.7,
    }


def pressed(look: Look) -> dict[str, float]:
    """Lips pressed together: m, b, p."""
    return {
        **both("mouthSmile", look.smile * 0.5),
        **both("mouthPress", 0.35),
        "mouthRollLower": 0.30,
        "mouthRollUpper": 0.28,
    }


def bitten(look: Look) -> dict[str, float]:
    """Lower lip under the upper teeth: f, v."""
    return {
        **both("mouthSmile", look.smile * 0.5),
        **both("mouthUpperUp", 0.30),
        "mouthRollLower": 0.62,
        "jawOpen": 0.07,
    }


def blink(look: Look, step: float) -> dict[str, float]:
    """Resting mouth with the lids lowered: step 0 open to 4 closed."""
    return {**mouth(look, 0.0, 0.0), **both("eyeBlink", step / 4)}
