"""What the made-up customers are called, in English and in Chinese. All of it is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that names and addresses are made of."""

    language: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    roots: tuple[str, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]
    titles: tuple[str, ...]
    streets: tuple[str, ...]
    # Country, region, city.
    places: tuple[tuple[str, str, str], ...]
    mail: str


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENGLISH = Words(
    language="en",
    given=_split(
        "Amara Bernadette Chiara Daniel Elena Finn Grace Henrik Ingrid Jonas Katarzyna Liam Mads Nadia Oluwaseun "
        "Priya Quentin Rosa Søren Tariq Ursula Viktor Wanda Xavier Yusuf Zoe Aidan Beatriz Callum Dmitri Esther "
        "Farah Gareth Hannah Isabel Jürgen Keiko Lorenzo Maya Niamh Oscar Paloma Rahul Saoirse Tomasz Una Vera Will"
    ),
    family=_split(
        "Adebayo Bellandi Carver Dreyer Eriksen Fontaine Großkreutz Hartley Iversen Jankowski Kowalczyk Lindqvist "
        "Mercer Nakamura O’Shaughnessy Pemberton Quayle Raghunathan Steiner Thorvaldsdóttir Underhill Vasquez "
        "Whitcombe Yilmaz Zielinski Abernathy Blackwood Castellano Delacroix Emmerich Fairbanks Galbraith Holloway "
        "Ingram Jellicoe Kaur Lombardi MacAllister Novak Okafor Petrov Rosenthal Sandoval Tanaka Vaughan Winslow"
    ),
    roots=_split(
        "Nordhavn Kelvin Meridian Halden Harwell Brightwater Copperfield Dunmore Eastgate Fernhill Greystone "
        "Hollins Ironbridge Juniper Kestrel Langford Marlowe Northgate Oakridge Penrose Quarry Redwood Silverlake "
        "Thornbury Underwood Valemont Westbrook Yarrow Ashcombe Birchall Calder Drummond Elmswell Foxglove"
    ),
    trades=_split(
        "Instruments Logistics Dairy Labs Foods Textiles Robotics Optics Shipping Energy Castings Packaging "
        "Software Analytics Motors Ceramics Paper Pharma Tools Interiors Timber Plastics Hotels Insurance"
    ),
    forms=("Ltd", "plc", "GmbH", "AB", "Inc", "Group", "B.V.", "A/S", "SpA", "& Sons"),
    titles=(
        "Head of Procurement", "Chief Operating Officer", "Plant Manager", "Buyer", "Finance Director",
        "IT Manager", "Managing Director", "Quality Engineer", "Marketing Lead", "Office Manager",
    ),
    streets=("Mill Lane", "Station Road", "Harbour Street", "Victoria Avenue", "Kings Way", "Orchard Close"),
    places=(
        ("GB", "", "Manchester"), ("GB", "", "London"), ("DE", "", "Hamburg"),
        ("DK", "", "Esbjerg"), ("US", "New York", "Albany"), ("FR", "", "Lyon"),
        ("SE", "", "Malmö"), ("IT", "", "Torino"), ("NL", "", "Rotterdam"),
    ),
    mail="example.com",
)  # fmt: skip

CHINESE = Words(
    language="zh",
    given=(
        "建国", "思源", "雨桐", "嘉豪", "婉清", "明哲", "丽华", "文博", "立新", "晓彤", "凯", "佩珊", "海涛", "志远", "梦瑶", "栋",
        "静", "伟", "敏", "强", "芳", "磊", "娜", "洋", "艳", "勇", "杰", "娟", "涛", "超", "秀英", "霞", "平", "刚", "桂英",
        "子轩", "欣怡", "浩然", "诗涵", "宇航", "佳琪", "俊杰", "思雨", "天宇", "梓萱",
    ),
    family=(
        "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
        "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "欧阳",
        "司马", "上官", "诸葛",
    ),
    roots=(
        "华东", "远航", "天府", "丝路", "粤港", "清源", "光谷", "海峡", "云栖", "海润", "汇川", "秦岭", "联泰", "长江", "玄武", "滨海",
        "瑞丰", "恒达", "金石", "博远", "星河", "启明", "正阳", "东方", "中盛", "国泰", "宏图", "嘉禾", "锦程", "康源", "龙腾", "宁海",
    ),
    trades=(
        "精密机械", "电子", "智联", "国际物流", "供应链", "环保工程", "激光装备", "数据服务", "家电", "自动化", "航空零部件", "贸易",
        "轴承", "信息安全", "新材料", "生物医药", "食品", "纺织", "能源", "教育", "软件", "传媒",
    ),
    forms=("有限公司", "股份有限公司", "集团", "科技有限公司", "研究院"),
    titles=(
        "采购总监", "首席信息官", "运营经理", "副总经理", "供应链主管", "项目负责人", "总经理", "采购专员", "技术副总裁", "财务经理",
        "质量工程师", "行政总裁", "信息中心主任",
    ),
    streets=("中山路", "人民路", "解放大道", "科技园路", "滨江路", "建设街"),
    places=(
        ("CN", "上海市", "上海市"), ("CN", "广东省", "深圳市"), ("CN", "四川省", "成都市"),
        ("CN", "湖北省", "武汉市"), ("CN", "浙江省", "杭州市"), ("CN", "北京市", "北京市"),
    ),
    mail="example.cn",
)  # fmt: skip


def words_of(language: str) -> Words:
    """Return the words for a workspace of this language."""
    return CHINESE if language.startswith("zh") else ENGLISH
