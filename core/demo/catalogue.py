"""What the demo company sells and repairs: invented brands, and faults as technicians tell them."""

from dataclasses import dataclass

from db.codes import FaultArea


@dataclass(frozen=True)
class Model:
    """A product of the catalogue; a weak one fails again and again in the same way."""

    brand: str
    model: str
    category: str
    # What a piece is sold for, in cents.
    price: int
    months: int = 12
    weak: FaultArea | None = None


@dataclass(frozen=True)
class Fault:
    """What the customer says, what the technician finds, and what it takes."""

    area: FaultArea
    symptom: str
    cause: str
    work: str
    part: str = ""
    parts_cents: int = 0
    labour_cents: int = 8000


WASHER, FRIDGE, AIR, HEATER, HOOD, WATER = "洗衣机", "冰箱", "空调", "热水器", "油烟机", "净水器"

MODELS = (
    Model("霁白", "XB-W80 滚筒", WASHER, 2899_00, 36),
    Model("霁白", "XB-W100 变频", WASHER, 3599_00, 36),
    Model("霁白", "XB-D90 烘干", WASHER, 4299_00, 24),
    Model("澜石", "LS-W70 波轮", WASHER, 999_00, 12),
    Model("澜石", "LS-W85 波轮", WASHER, 1199_00, 12, weak=FaultArea.LEAK),
    Model("拾禾", "SH-R218 双门", FRIDGE, 1399_00, 36),
    Model("拾禾", "SH-R336 三门", FRIDGE, 2199_00, 36),
    Model("拾禾", "SH-R480 对开", FRIDGE, 3899_00, 36, weak=FaultArea.NOISE),
    Model("澜石", "LS-R255 双门", FRIDGE, 1699_00, 12),
    Model("霁白", "XB-K26 挂机", AIR, 2299_00, 72),
    Model("霁白", "XB-K35 挂机", AIR, 2699_00, 72),
    Model("霁白", "XB-K72 柜机", AIR, 6999_00, 72),
    Model("拾禾", "SH-K35 挂机", AIR, 2399_00, 36, weak=FaultArea.FUNCTION),
    Model("拾禾", "SH-K50 柜机", AIR, 5299_00, 36),
    Model("澜石", "LS-H60 储水", HEATER, 999_00, 24),
    Model("澜石", "LS-H80 储水", HEATER, 1199_00, 24),
    Model("拾禾", "SH-G12 燃气", HEATER, 1599_00, 24),
    Model("拾禾", "SH-G16 恒温", HEATER, 2399_00, 24),
    Model("霁白", "XB-Y19 侧吸", HOOD, 1899_00, 24),
    Model("霁白", "XB-Y22 顶吸", HOOD, 1699_00, 24),
    Model("澜石", "LS-Y20 侧吸", HOOD, 899_00, 12),
    Model("拾禾", "SH-J400 反渗透", WATER, 1299_00, 12),
    Model("拾禾", "SH-J600 反渗透", WATER, 1899_00, 12),
    Model("澜石", "LS-J300 超滤", WATER, 599_00, 12),
    Model("霁白", "XB-J800 厨下", WATER, 2599_00, 24),
)

POWER, NOISE, LEAK = FaultArea.POWER, FaultArea.NOISE, FaultArea.LEAK
FUNCTION, CONTROL = FaultArea.FUNCTION, FaultArea.CONTROL

FAULTS: dict[str, tuple[Fault, ...]] = {
    WASHER: (
        Fault(
            LEAK, "洗衣时底部漏水，地面积水", "排水管接头老化", "更换排水管并试漏", "排水管", 6500
        ),
        Fault(
            NOISE, "脱水时抖动厉害，声音很大", "减震器失效", "更换减震器，调平机身", "减震器", 12000
        ),
        Fault(FUNCTION, "通电正常但滚筒不转", "皮带断裂", "更换皮带，试机三次正常", "皮带", 4500),
        Fault(
            CONTROL,
            "面板按键没有反应，显示 E3",
            "显示板受潮",
            "更换显示板并做防潮处理",
            "显示板",
            23000,
        ),
        Fault(POWER, "按电源键没有任何反应", "电源板保险烧断", "更换电源板", "电源板", 18000),
    ),
    FRIDGE: (
        Fault(
            FUNCTION,
            "冷藏室不制冷，冷冻正常",
            "风道结冰堵塞",
            "除冰并更换化霜传感器",
            "化霜传感器",
            5500,
        ),
        Fault(
            NOISE,
            "夜里压缩机嗡嗡响",
            "压缩机减震脚垫老化",
            "更换脚垫，重新固定管路",
            "减震脚垫",
            3000,
        ),
        Fault(LEAK, "冷藏室底部积水", "排水孔堵塞", "疏通排水孔并清洗接水盘"),
        Fault(POWER, "跳闸，一插电就跳", "化霜加热管绝缘下降", "更换化霜加热管", "加热管", 9000),
        Fault(FaultArea.APPEARANCE, "门封条松脱，关不严", "门封变形", "更换门封条", "门封条", 7000),
    ),
    AIR: (
        Fault(
            FUNCTION,
            "开机半小时还不凉",
            "制冷剂不足，接口微漏",
            "补焊接口并加注制冷剂",
            "制冷剂",
            16000,
            15000,
        ),
        Fault(LEAK, "室内机滴水，墙面打湿", "排水管坡度不够", "重新调整排水管并试水"),
        Fault(NOISE, "室内机有咔哒声", "贯流风轮偏心", "更换风轮轴承", "风轮轴承", 5200),
        Fault(
            POWER, "遥控和面板都开不了机", "主板继电器损坏", "更换室内机主板", "主板", 32000, 12000
        ),
        Fault(CONTROL, "显示 F4 后停机", "室外温度传感器断路", "更换传感器", "温度传感器", 4800),
    ),
    HEATER: (
        Fault(FUNCTION, "水烧不热，只有温水", "加热管结垢", "更换加热管并除垢", "加热管", 11000),
        Fault(LEAK, "进水口滴水", "密封圈老化", "更换密封圈", "密封圈", 1500),
        Fault(
            POWER, "漏电保护插头复位不了", "加热管漏电", "更换加热管，测绝缘合格", "加热管", 11000
        ),
        Fault(CONTROL, "水温忽冷忽热", "水流传感器脏堵", "清洗水流传感器"),
    ),
    HOOD: (
        Fault(NOISE, "一开就嗡嗡响，吸力小", "叶轮油垢过多失衡", "拆洗叶轮，动平衡正常"),
        Fault(FUNCTION, "不吸烟，油烟倒灌", "止逆阀卡死", "更换止逆阀", "止逆阀", 3500),
        Fault(CONTROL, "触摸键失灵", "按键板进油", "更换按键板", "按键板", 14000),
        Fault(POWER, "照明灯和风机都不工作", "电源线接触不良", "重新压接端子"),
    ),
    WATER: (
        Fault(LEAK, "滤芯接口渗水", "快接头密封圈变形", "更换快接头", "快接头", 2500),
        Fault(FUNCTION, "出水很慢", "反渗透膜堵塞", "更换反渗透膜", "反渗透膜", 26000),
        Fault(NOISE, "一直响，不停地制水", "高压开关失灵", "更换高压开关", "高压开关", 4200),
        Fault(CONTROL, "换了滤芯还提示更换", "未复位计数", "复位计数并讲解用法"),
    ),
}


def faults_of(model: Model) -> tuple[Fault, ...]:
    """The faults of a model; a weak one has its own fault three times in four."""
    usual = FAULTS[model.category]
    own = tuple(fault for fault in usual if fault.area is model.weak)
    return usual + own * (3 * len(usual))
