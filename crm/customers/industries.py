"""Industries: a list both languages know, forgiving of spelling; other words are kept as they are."""

from difflib import get_close_matches

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Industry(TextChoices):
    """The industries offered; the value is what is stored, in lists, filters and the API."""

    AGRICULTURE = "agriculture", _("Agriculture")
    AUTOMOTIVE = "automotive", _("Automotive")
    CHEMICALS = "chemicals", _("Chemicals")
    CONSTRUCTION = "construction", _("Construction")
    CONSULTING = "consulting", _("Consulting")
    EDUCATION = "education", _("Education")
    ELECTRONICS = "electronics", _("Electronics")
    EMPLOYMENT = "employment", _("Employment")
    ENERGY = "energy", _("Energy")
    ENTERTAINMENT = "entertainment", _("Entertainment")
    FINANCE = "finance", _("Finance")
    FOOD = "food", _("Food and drink")
    GOVERNMENT = "government", _("Government")
    HOSPITALITY = "hospitality", _("Hospitality")
    INSURANCE = "insurance", _("Insurance")
    LEGAL = "legal", _("Legal")
    LOGISTICS = "logistics", _("Logistics")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    MARKETING = "marketing", _("Marketing")
    MEDIA = "media", _("Media")
    MEDICAL = "medical", _("Medical")
    NONPROFIT = "nonprofit", _("Non-profit")
    PHARMACEUTICALS = "pharmaceuticals", _("Pharmaceuticals")
    REAL_ESTATE = "real estate", _("Real estate")
    RETAIL = "retail", _("Retail")
    SERVICES = "services", _("Services")
    SOFTWARE = "software", _("Software")
    TECHNOLOGY = "technology", _("Technology")
    TELECOMMUNICATIONS = "telecommunications", _("Telecommunications")
    TRANSPORT = "transport", _("Transport")
    TRAVEL = "travel", _("Travel")


# What people also write, in either language.
SYNONYMS = {
    "banking": Industry.FINANCE,
    "financial services": Industry.FINANCE,
    "health care": Industry.MEDICAL,
    "healthcare": Industry.MEDICAL,
    "health": Industry.MEDICAL,
    "it": Industry.TECHNOLOGY,
    "tech": Industry.TECHNOLOGY,
    "information technology": Industry.TECHNOLOGY,
    "telecom": Industry.TELECOMMUNICATIONS,
    "telco": Industry.TELECOMMUNICATIONS,
    "food and drink": Industry.FOOD,
    "non-profit": Industry.NONPROFIT,
    "staffing": Industry.EMPLOYMENT,
    "农业": Industry.AGRICULTURE,
    "汽车": Industry.AUTOMOTIVE,
    "化工": Industry.CHEMICALS,
    "建筑": Industry.CONSTRUCTION,
    "咨询": Industry.CONSULTING,
    "教育": Industry.EDUCATION,
    "电子": Industry.ELECTRONICS,
    "人力资源": Industry.EMPLOYMENT,
    "能源": Industry.ENERGY,
    "娱乐": Industry.ENTERTAINMENT,
    "金融": Industry.FINANCE,
    "食品": Industry.FOOD,
    "政府": Industry.GOVERNMENT,
    "酒店": Industry.HOSPITALITY,
    "保险": Industry.INSURANCE,
    "法律": Industry.LEGAL,
    "物流": Industry.LOGISTICS,
    "制造业": Industry.MANUFACTURING,
    "制造": Industry.MANUFACTURING,
    "营销": Industry.MARKETING,
    "媒体": Industry.MEDIA,
    "医疗": Industry.MEDICAL,
    "公益": Industry.NONPROFIT,
    "制药": Industry.PHARMACEUTICALS,
    "房地产": Industry.REAL_ESTATE,
    "零售": Industry.RETAIL,
    "服务": Industry.SERVICES,
    "服务业": Industry.SERVICES,
    "软件": Industry.SOFTWARE,
    "科技": Industry.TECHNOLOGY,
    "技术": Industry.TECHNOLOGY,
    "通信": Industry.TELECOMMUNICATIONS,
    "电信": Industry.TELECOMMUNICATIONS,
    "运输": Industry.TRANSPORT,
    "旅游": Industry.TRAVEL,
}
# Django puts this list together anew each time it is asked, and lists ask for every row.
VALUES = frozenset(Industry.values)
_WORDS: dict[str, str] = {value: value for value in Industry.values} | {
    word: industry.value for word, industry in SYNONYMS.items()
}
# "technolgy" is 0.95 like "technology"; "retailing" should stay what somebody wrote.
ALIKE = 0.88
SHORTEST_MISSPELT = 5


def find_industry(text: str) -> str:
    """Return the industry people mean by this, whatever the spelling; unknown words unchanged."""
    cleaned = " ".join(text.split())
    word = cleaned.casefold()
    if word in _WORDS:
        return _WORDS[word]
    if len(word) < SHORTEST_MISSPELT:
        return cleaned
    close = get_close_matches(word, _WORDS, n=1, cutoff=ALIKE)
    return _WORDS[close[0]] if close else cleaned


def is_known_industry(text: str) -> bool:
    """Return whether this is an industry's name as it is written, in either language."""
    return " ".join(text.split()).casefold() in _WORDS


def industry_label(value: str) -> str:
    """Return an industry in the reader's language."""
    return str(Industry(value).label) if value in VALUES else value
