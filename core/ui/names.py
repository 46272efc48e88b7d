"""How a name becomes the letters and the colour of its avatar."""

import re
import unicodedata
from zlib import crc32

HUES = 6
CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# A company's name begins with where it is: 上海远航电子有限公司. What follows some places is no name
# of its own: 北京大学.
PLACE = re.compile(
    "(?:中国|北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    "广西|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|宁夏|新疆|西藏|香港|澳门|台湾|深圳|广州|杭州|南京|苏州|"
    "无锡|宁波|武汉|成都|西安|长沙|郑州|青岛|济南|大连|沈阳|厦门|福州|合肥|东莞|佛山|昆明|哈尔滨|石家庄)"
    "[省市]?(?!省|市|[股份]*有限|公司|集团|大学|学院|银行|医院|研究|工业|科技(?:股份)?有限|$)"
)


def is_chinese(name: str) -> bool:
    """Return whether the name holds a Chinese character."""
    return CHINESE.search(name) is not None


def initials(name: str, size: str = "") -> str:
    """Return the avatar letters: for Chinese names the last one, or two when large; else initials."""
    if is_chinese(name):
        letters = CHINESE.findall(name)
        return "".join(letters[-2:] if size == "lg" else letters[-1:])
    words = ["".join(filter(str.isalnum, word)) for word in name.split()]
    words = [word for word in words if word]
    # A number at the end of a name tells less than its last word.
    words = [word for word in words if not word.isdigit()] or words
    if not words:
        return "?"
    chosen = words[:1] if size == "xs" or len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


def company_initials(name: str, size: str = "") -> str:
    """Return a company's avatar letters: for Chinese names the first ones after its place."""
    said = name.lstrip(" “”\"'《（(")
    if not is_chinese(said):
        return initials(name, size)
    trade = said[len(place[0]) :] if (place := PLACE.match(said)) else said
    if not is_chinese(trade[:1]):
        return initials(CHINESE.split(trade)[0], size)
    return "".join(CHINESE.findall(trade)[: 1 if size in ("xs", "sm") else 2])


def hue(name: str) -> int:
    """Return a number from 1 to 6 that stays with the name."""
    composed = name if name.isascii() else unicodedata.normalize("NFC", name)
    return crc32(composed.encode()) % HUES + 1
