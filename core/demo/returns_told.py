"""What customers of the demo company give back, what was found, and what became of it."""

from dataclasses import dataclass

from core.demo.catalogue import MODELS, Model
from core.demo.complaints_told import Defect
from db.codes import CauseKind, FaultArea, GoodsState, ReturnReason, Wish


@dataclass(frozen=True)
class Regret:
    """A return as it is told and as it turns out; freight in cents."""

    said: str
    model: Model
    reason: ReturnReason
    wish: Wish
    goods: GoodsState
    # So many days after it was bought.
    days: int
    finding: str
    answer: str
    cause: CauseKind
    freight: int = 60_00
    online: bool = False
    pieces: int = 1
    batch: str = ""
    # So many pieces do not come; what else is different.
    missing: int = 0
    difference: str = ""
    # What is kept of the price, in percent, and why; what is left of it for resale.
    kept_percent: int = 0
    kept_for: str = ""
    worth_percent: int = 100
    # Found by quality control, and what is done about it.
    defect: Defect | None = None


def _sold(letters: str) -> Model:
    return next(model for model in MODELS if model.model.startswith(letters))


QUALITY, OWN = ReturnReason.QUALITY, ReturnReason.OWN
RETURN, EXCHANGE = Wish.RETURN, Wish.EXCHANGE
UNUSED, USED = GoodsState.UNUSED, GoodsState.USED
REFUNDED = "经检测确认为质量问题，货款已原路退回，运费由我方承担。"
EXCHANGED = "经检测确认为质量问题，已为您更换新机，运费由我方承担。"

WARM = Regret(
    "买来四天冷藏室就不制冷，要求退货",
    _sold("SH-R336"),
    QUALITY,
    RETURN,
    USED,
    4,
    "蒸发器焊点泄漏，充注后两小时失压",
    REFUNDED,
    CauseKind.PRODUCTION,
    freight=120_00,
    batch="R2610-04",
    defect=Defect(
        "买来四天冷藏室就不制冷",
        FaultArea.FUNCTION,
        "冷藏室温度降不下来，管路失压",
        "蒸发器焊点泄漏",
        CauseKind.PRODUCTION,
        "更换整机",
        "确认为焊接问题，已为您退货，并要求厂家整改。",
        "同批在库整机复检管路压力",
        "焊点由抽检改为逐台保压检验",
    ),
)
FLICKERS = Regret(
    "使用十天显示屏闪烁，要求换新",
    _sold("LS-W70"),
    QUALITY,
    EXCHANGE,
    USED,
    10,
    "显示板排线虚焊，晃动即闪烁",
    EXCHANGED,
    CauseKind.PRODUCTION,
    batch="W2609-02",
    defect=Defect(
        "使用十天显示屏闪烁",
        FaultArea.CONTROL,
        "振动时显示断续",
        "显示板排线虚焊",
        CauseKind.PRODUCTION,
        "更换整机",
        "确认为虚焊，已为您更换新机。",
        "返修同批在库显示板",
        "显示板增加振动老化试验",
    ),
)
THREE_LEAK = Regret(
    "三台净水器都渗水，要求全部退货",
    _sold("SH-J400"),
    QUALITY,
    RETURN,
    USED,
    20,
    "滤瓶密封圈硬度超差，加压即渗水",
    "已收到两台并退款，第三台寄到后一并处理，运费由我方承担。",
    CauseKind.MATERIAL,
    freight=48_00,
    online=True,
    pieces=3,
    missing=1,
    difference="少一台；其中一台缺滤芯扳手",
    batch="J2608-01",
    defect=Defect(
        "三台净水器都渗水",
        FaultArea.LEAK,
        "滤瓶接口渗水，三台一致",
        "密封圈来料硬度超差",
        CauseKind.MATERIAL,
        "更换密封圈",
        "确认为来料问题，已为您退货。",
        "隔离同批密封圈",
        "密封圈来料增加硬度检验",
    ),
)
TOO_WIDE = Regret(
    "油烟机尺寸不合适，没有拆封，要求退货",
    _sold("XB-Y19"),
    OWN,
    RETURN,
    UNUSED,
    12,
    "包装完好，未使用，可再售",
    "同意退货，往返运费按规定由您承担，余款已退回。",
    CauseKind.INFORMATION,
)
TRIED = Regret(
    "装上试了一次觉得吸力不够，要求退货",
    _sold("LS-Y20"),
    OWN,
    RETURN,
    GoodsState.FIT_FOR_RESALE,
    6,
    "已拆封，滤网有轻微油渍，清洁后可再售",
    "同意退货，扣除拆封折价和运费后余款已退回。",
    CauseKind.INFORMATION,
    kept_percent=10,
    kept_for="已拆封试用",
    worth_percent=85,
)
CHANGED_MIND = Regret(
    "网上买的净水器还没有安装，不想要了",
    _sold("LS-J300"),
    OWN,
    RETURN,
    UNUSED,
    6,
    "包装完好，未使用",
    "七日无理由退货已办妥，货款已退回，寄回运费由您承担。",
    CauseKind.OTHER,
    freight=18_00,
    online=True,
    worth_percent=95,
)
SMALLER = Regret(
    "买错型号，没有拆封，想换一台",
    _sold("XB-Y22"),
    OWN,
    EXCHANGE,
    UNUSED,
    9,
    "包装完好，未使用，可再售",
    "同意换货，新机已寄出，运费按规定由您承担。",
    CauseKind.INFORMATION,
)
NO_FAULT = Regret(
    "热水器出水忽冷忽热，怀疑有故障，要求退货",
    _sold("SH-G12"),
    QUALITY,
    RETURN,
    USED,
    25,
    "连续测试水温稳定，系进水压力偏低",
    "检测未发现质量缺陷，不符合退货条件；可免费上门调试水压。",
    CauseKind.USE,
)
TIRED = Regret(
    "用了两个月觉得声音大，不想要了",
    _sold("SH-R218"),
    OWN,
    RETURN,
    USED,
    61,
    "噪声在标准范围内",
    "已使用两个月且无质量问题，不符合退货条件，请您谅解。",
    CauseKind.OTHER,
)

# How often what is given back.
OFTEN = (
    *((CHANGED_MIND, 0.24), (TOO_WIDE, 0.15), (TRIED, 0.15), (SMALLER, 0.12)),
    *((NO_FAULT, 0.1), (TIRED, 0.06), (FLICKERS, 0.09), (WARM, 0.09)),
)

HOPELESS = "已使用，且无质量缺陷，任何退货条件都不成立"
NO_DEFECT = "检测未发现缺陷，不符合退货条件"
APPEALS = ("我家用着就是忽冷忽热，要求换一个人再检测", "买的时候说好不满意可以退")
UPHELD = "复检结果一致，维持原决定"
ALLOWED = "销售时确有口头承诺，予以支持"
GOODWILL = "按销售承诺特批退货"
ASKED = "请顾客补充签收日期和购买凭证照片"
REMINDED = "电话提醒顾客寄回，顾客说本周寄出"
CHANGED = "顾客决定自己留用，撤回申请"
LESSONS = ("", "", "下单前由导购核对安装尺寸", "网店详情页补充噪声和吸力说明")
CARRIERS = ("顺丰", "德邦", "京东物流")
SAMPLE = "顾客寄样"
