"""The hosts we sculpt: shape targets, colours, hair and clothes of each, as plain values."""

from dataclasses import dataclass, field

Weights = tuple[tuple[str, float], ...]
Colour = tuple[float, float, float]  # sRGB, 0–1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One person. Shape names are files of the base mesh; `eyes/l-…` stands for both sides."""

    id: str
    name_zh: str
    name_en: str
    presents: str  # "woman" or "man"
    seed: int
    voice_zh: str
    voice_en: str
    shape: Weights
    smile: float
    head_scale: float
    shoulder_scale: float
    skin: Colour
    blush: Colour
    lips: Colour
    iris: Colour
    brow: Colour
    hair: Colour
    hair_shine: Colour
    cloth: Colour
    shirt: Colour
    lip_strength: float = 1.0
    make_up: float = 1.0
    brow_weight: float = 1.0
    parting: float = 0.028  # metres right of the middle, as the viewer sees it
    extra: dict[str, float] = field(default_factory=dict)


LAN = Look(
    id="lan",
    name_zh="岚",
    name_en="Lan",
    presents="woman",
    seed=7,
    voice_zh="zf_xiaoxiao",
    voice_en="af_heart",
    shape=(
        ("macrodetails/asian-female-young", 0.75),
        ("macrodetails/caucasian-female-young", 0.25),
        ("macrodetails/universal-female-young-averagemuscle-averageweight", 0.7),
        ("macrodetails/universal-female-young-averagemuscle-minweight", 0.3),
        ("macrodetails/proportions/female-young-averagemuscle-averageweight-idealproportions", 1.0),
        ("head/head-oval", 0.5),
        ("head/head-scale-vert-decr", 0.1),
        ("eyes/l-eye-scale-incr", 0.82),
        ("eyes/l-eye-height2-incr", 0.45),
        ("eyes/l-eye-height3-incr", 0.2),
        ("eyes/l-eye-trans-out", 0.1),
        ("eyes/l-eye-epicanthus-in", 0.2),
        ("chin/chin-width-decr", 0.55),
        ("chin/chin-triangle", 0.45),
        ("head/head-fat-decr", 0.12),
        ("cheek/l-cheek-bones-decr", 0.25),
        ("cheek/l-cheek-volume-decr", 0.1),
        ("nose/nose-volume-decr", 0.25),
        ("nose/nose-scale-horiz-decr", 0.4),
        ("nose/nose-flaring-decr", 0.4),
        ("nose/nose-nostrils-width-decr", 0.3),
        ("nose/nose-point-width-decr", 0.35),
        ("nose/nose-base-up", 0.1),
        ("mouth/mouth-upperlip-height-incr", 0.1),
        ("mouth/mouth-lowerlip-height-incr", 0.15),
        ("mouth/mouth-lowerlip-volume-incr", 0.1),
        ("mouth/mouth-cupidsbow-incr", 0.3),
        ("mouth/mouth-angles-up", 0.35),
        ("mouth/mouth-scale-horiz-decr", 0.12),
        ("forehead/forehead-temple-incr", 0.2),
        ("head/head-age-decr", 0.1),
        ("neck/neck-scale-horiz-decr", 0.25),
    ),
    smile=0.28,
    head_scale=1.05,
    shoulder_scale=0.87,
    skin=(0.952, 0.822, 0.752),
    blush=(0.93, 0.55, 0.52),
    lips=(0.80, 0.36, 0.37),
    iris=(0.36, 0.22, 0.14),
    brow=(0.20, 0.135, 0.11),
    hair=(0.13, 0.085, 0.07),
    hair_shine=(0.72, 0.52, 0.42),
    cloth=(0.76, 0.50, 0.50),
    shirt=(0.90, 0.885, 0.87),
)

LOOKS = {look.id: look for look in (LAN,)}
