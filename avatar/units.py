"""Units of goods: written symbol → spoken Chinese, and English singular and plural."""

import re
from collections.abc import Iterable

# Longest match wins; letters are matched as written here, then without case when that is unambiguous.
CHINESE: dict[str, str] = {
    "mm": "毫米", "cm": "厘米", "dm": "分米", "m": "米", "km": "公里", "nm": "纳米", "um": "微米", "μm": "微米",
    "µm": "微米", "mm²": "平方毫米", "cm²": "平方厘米", "m²": "平方米", "m2": "平方米", "km²": "平方公里",
    "cm2": "平方厘米", "cm³": "立方厘米", "m³": "立方米", "m3": "立方米", "cm3": "立方厘米",
    "mg": "毫克", "g": "克", "kg": "千克", "KG": "千克", "Kg": "千克", "μg": "微克", "ug": "微克", "t": "吨",
    "ml": "毫升", "mL": "毫升", "ML": "毫升", "L": "升", "l": "升", "cl": "厘升", "cc": "毫升",
    "W": "瓦", "kW": "千瓦", "KW": "千瓦", "MW": "兆瓦", "kWh": "千瓦时", "kwh": "千瓦时", "Wh": "瓦时",
    "mAh": "毫安时", "mah": "毫安时", "MAH": "毫安时", "Ah": "安时", "mA": "毫安", "V": "伏", "v": "伏", "kV": "千伏",
    "Hz": "赫兹", "hz": "赫兹", "HZ": "赫兹", "kHz": "千赫兹", "MHz": "兆赫兹", "GHz": "吉赫兹",
    "dB": "分贝", "db": "分贝", "Pa": "帕", "pa": "帕", "kPa": "千帕", "KPa": "千帕", "MPa": "兆帕",
    "N": "牛", "J": "焦", "kJ": "千焦", "KJ": "千焦", "cal": "卡", "kcal": "千卡", "Kcal": "千卡",
    "lm": "流明", "lux": "勒克斯", "nit": "尼特", "nits": "尼特", "Ω": "欧", "rpm": "转每分", "fps": "帧每秒",
    "inch": "英寸", "in": "英寸", "″": "英寸", '"': "英寸", "ft": "英尺", "oz": "盎司", "lb": "磅", "lbs": "磅",
    "px": "像素", "Mbps": "兆比特每秒", "h": "小时", "H": "小时", "hr": "小时", "hrs": "小时", "min": "分钟",
    "mins": "分钟", "s": "秒", "sec": "秒", "ms": "毫秒", "°C": "摄氏度", "°F": "华氏度", "°": "度",
    "pcs": "件", "PCS": "件", "pc": "件", "km/h": "公里每小时", "m/s": "米每秒", "mmHg": "毫米汞柱",
    "w": "万", "k": "千", "mmol": "毫摩尔", "mol": "摩尔", "IU": "国际单位", "TEX": "特克斯", "wh": "瓦时",
    "bar": "巴", "ct": "克拉", "N·m": "牛米", "Nm": "牛米", "r/min": "转每分", "mg/L": "毫克每升", "g/L": "克每升",
    "dm³": "立方分米", "mm2": "平方毫米", "GPa": "吉帕", "Gbps": "吉比特每秒",
}  # fmt: skip

ENGLISH: dict[str, tuple[str, str]] = {
    "mm": ("millimeter", "millimeters"), "cm": ("centimeter", "centimeters"), "m": ("meter", "meters"),
    "km": ("kilometer", "kilometers"), "mg": ("milligram", "milligrams"), "g": ("gram", "grams"),
    "kg": ("kilogram", "kilograms"), "ml": ("milliliter", "milliliters"), "mL": ("milliliter", "milliliters"),
    "L": ("liter", "liters"), "l": ("liter", "liters"), "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"), "Wh": ("watt hour", "watt hours"), "V": ("volt", "volts"),
    "mAh": ("milliamp hours", "milliamp hours"), "Ah": ("amp hour", "amp hours"), "A": ("amp", "amps"),
    "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"), "dB": ("decibel", "decibels"), "GB": ("gigabyte", "gigabytes"),
    "MB": ("megabyte", "megabytes"), "TB": ("terabyte", "terabytes"), "KB": ("kilobyte", "kilobytes"),
    "in": ("inch", "inches"), "inch": ("inch", "inches"), "ft": ("foot", "feet"), "oz": ("ounce", "ounces"),
    "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "h": ("hour", "hours"), "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"), "s": ("second", "seconds"),
    "sec": ("second", "seconds"), "ms": ("millisecond", "milliseconds"), "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"), "°": ("degree", "degrees"), "pcs": ("piece", "pieces"),
    "px": ("pixel", "pixels"), "lm": ("lumen", "lumens"), "kcal": ("calorie", "calories"),
    "cal": ("calorie", "calories"),
    "mph": ("mile per hour", "miles per hour"), "rpm": ("revolution per minute", "revolutions per minute"),
    "fl oz": ("fluid ounce", "fluid ounces"), "sq ft": ("square foot", "square feet"),
    "m²": ("square meter", "square meters"),
    '"': ("inch", "inches"), "″": ("inch", "inches"), "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"), "kPa": ("kilopascal", "kilopascals"),
    "Pa": ("pascal", "pascals"),
}  # fmt: skip


def alternatives(units: Iterable[str]) -> str:
    """A regular-expression alternation of the written symbols, longest first."""
    return "|".join(re.escape(symbol) for symbol in sorted(units, key=len, reverse=True))
