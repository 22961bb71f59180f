"""The hosts we sculpt: shape targets, colours, hair and clothes of each, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    hair_drop: float = 0.285  # metres from the eyes to the tips; 0 is short hair
    hair_strands: int = 15000
    tied: bool = False  # combed back into a knot on top
    fringe: float = 0.0  # metres from the eyes up to the fringe's tips; 0 is no fringe
    zoom: float = 1800.0  # finished pixels per metre
    neckline: float = 0.048  # metres from the notch of the collar bones down to the top's edge


def shaped(look: Look, other: Mapping[str, float]) -> Weights:
    """A look's shape with some weights set otherwise; 0 takes a target out."""
    return tuple((name, weight) for name, weight in {**dict(look.shape), **other}.items() if weight)


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

CHEN = Look(
    id="chen",
    name_zh="辰",
    name_en="Chen",
    presents="man",
    seed=21,
    voice_zh="zm_yunyang",
    voice_en="am_michael",
    shape=(
        ("macrodetails/asian-male-young", 0.70),
        ("macrodetails/caucasian-male-young", 0.30),
        ("macrodetails/universal-male-young-averagemuscle-averageweight", 0.8),
        ("macrodetails/universal-male-young-averagemuscle-minweight", 0.2),
        ("macrodetails/proportions/male-young-averagemuscle-averageweight-idealproportions", 1.0),
        ("head/head-oval", 0.2),
        ("head/head-fat-decr", 0.40),
        ("head/head-age-incr", 0.12),
        ("eyes/l-eye-scale-incr", 0.60),
        ("eyes/l-eye-height2-incr", 0.30),
        ("eyes/l-eye-epicanthus-in", 0.2),
        ("chin/chin-width-decr", 0.25),
        ("chin/chin-triangle", 0.15),
        ("cheek/l-cheek-bones-incr", 0.1),
        ("nose/nose-volume-decr", 0.20),
        ("nose/nose-scale-horiz-decr", 0.30),
        ("nose/nose-flaring-decr", 0.30),
        ("nose/nose-greek-incr", 0.10),
        ("mouth/mouth-angles-up", 0.30),
        ("mouth/mouth-upperlip-height-incr", 0.10),
        ("mouth/mouth-lowerlip-height-incr", 0.10),
        ("forehead/forehead-temple-incr", 0.2),
        ("neck/neck-scale-horiz-decr", 0.2),
    ),
    smile=0.24,
    head_scale=1.05,
    shoulder_scale=0.74,
    skin=(0.925, 0.785, 0.705),
    blush=(0.86, 0.52, 0.46),
    lips=(0.74, 0.44, 0.42),
    iris=(0.28, 0.17, 0.11),
    brow=(0.13, 0.095, 0.08),
    hair=(0.085, 0.065, 0.06),
    hair_shine=(0.56, 0.48, 0.45),
    cloth=(0.20, 0.26, 0.36),
    shirt=(0.88, 0.88, 0.875),
    lip_strength=0.62,
    make_up=0.12,
    brow_weight=1.3,
    parting=0.042,
    hair_drop=0.0,
    hair_strands=13000,
    zoom=1700.0,
    neckline=0.020,
)

XIAOMAN = replace(
    LAN,
    id="xiaoman",
    name_zh="小满",
    name_en="Xiaoman",
    seed=13,
    voice_zh="zf_xiaoyi",
    voice_en="af_bella",
    shape=shaped(
        LAN,
        {
            "head/head-round": 0.35,
            "head/head-oval": 0.1,
            "nose/nose-scale-vert-decr": 0.25,
            "chin/chin-triangle": 0.2,
            "eyes/l-eye-scale-incr": 0.95,
            "mouth/mouth-scale-horiz-decr": 0.25,
        },
    ),
    smile=0.34,
    skin=(0.955, 0.835, 0.77),
    lips=(0.83, 0.42, 0.40),
    iris=(0.30, 0.19, 0.12),
    hair=(0.085, 0.065, 0.06),
    hair_shine=(0.58, 0.50, 0.47),
    brow=(0.15, 0.11, 0.10),
    cloth=(0.93, 0.86, 0.74),
    shirt=(0.42, 0.55, 0.50),
    parting=0.004,
    hair_drop=0.125,
    fringe=0.022,
)

SUYUN = replace(
    LAN,
    id="suyun",
    name_zh="素云",
    name_en="Suyun",
    seed=31,
    voice_zh="zf_xiaobei",
    voice_en="af_heart",
    shape=shaped(
        LAN,
        {
            "head/head-oval": 0.8,
            "cheek/l-cheek-bones-decr": 0.0,
            "cheek/l-cheek-bones-incr": 0.2,
            "head/head-age-decr": 0.0,
            "head/head-age-incr": 0.18,
            "eyes/l-eye-scale-incr": 0.6,
            "nose/nose-greek-incr": 0.15,
            "chin/chin-width-decr": 0.4,
        },
    ),
    smile=0.24,
    skin=(0.935, 0.80, 0.72),
    lips=(0.70, 0.25, 0.28),
    hair=(0.07, 0.055, 0.055),
    hair_shine=(0.50, 0.45, 0.46),
    brow=(0.13, 0.10, 0.09),
    cloth=(0.15, 0.30, 0.29),
    shirt=(0.93, 0.90, 0.84),
    parting=0.0,
    tied=True,
)

AMARA = replace(
    LAN,
    id="amara",
    name_zh="阿玛拉",
    name_en="Amara",
    seed=43,
    voice_zh="zf_xiaoxiao",
    voice_en="af_bella",
    shape=shaped(
        LAN,
        {
            "macrodetails/asian-female-young": 0.0,
            "macrodetails/caucasian-female-young": 0.35,
            "macrodetails/african-female-young": 0.65,
            "eyes/l-eye-epicanthus-in": 0.0,
            "mouth/mouth-scale-horiz-decr": 0.0,
            "mouth/mouth-lowerlip-volume-incr": 0.25,
        },
    ),
    smile=0.32,
    skin=(0.60, 0.41, 0.30),
    blush=(0.62, 0.30, 0.25),
    lips=(0.58, 0.27, 0.27),
    iris=(0.20, 0.12, 0.08),
    hair=(0.05, 0.04, 0.038),
    hair_shine=(0.42, 0.37, 0.35),
    brow=(0.08, 0.06, 0.05),
    cloth=(0.86, 0.62, 0.22),
    shirt=(0.95, 0.93, 0.90),
    tied=True,
    parting=0.0,
)

MARK = replace(
    CHEN,
    id="mark",
    name_zh="马克",
    name_en="Mark",
    seed=57,
    voice_zh="zm_yunjian",
    voice_en="am_michael",
    shape=shaped(
        CHEN,
        {
            "macrodetails/asian-male-young": 0.0,
            "macrodetails/caucasian-male-young": 0.8,
            "macrodetails/caucasian-male-old": 0.2,
            "eyes/l-eye-epicanthus-in": 0.0,
            "chin/chin-width-decr": 0.0,
            "head/head-square": 0.2,
            "head/head-oval": 0.0,
        },
    ),
    smile=0.28,
    skin=(0.93, 0.765, 0.68),
    iris=(0.28, 0.38, 0.42),
    hair=(0.22, 0.15, 0.10),
    hair_shine=(0.72, 0.58, 0.44),
    brow=(0.22, 0.15, 0.11),
    cloth=(0.36, 0.34, 0.31),
    shirt=(0.72, 0.79, 0.86),
    parting=-0.030,
)

LOOKS = {look.id: look for look in (LAN, CHEN, XIAOMAN, SUYUN, AMARA, MARK)}
