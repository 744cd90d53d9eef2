"""What customers of the demo company complain about, what lay behind it, and what was done."""

from dataclasses import dataclass

from db.codes import CauseKind, CauseScope, FaultArea, MeasureKind

Offer = tuple[MeasureKind, str, int]


@dataclass(frozen=True)
class Grievance:
    """A complaint as it is told and as it turns out; money in cents."""

    said: str
    area: FaultArea
    # Class and sub-class of the rule book.
    nature: str
    cause: str
    cause_kind: CauseKind
    offers: tuple[Offer, ...]
    answer: str
    lesson: str
    loss: int = 0
    scope: CauseScope = CauseScope.COMPANY


APOLOGY: Offer = (MeasureKind.APOLOGISE, "电话致歉并说明原因", 0)

LATE_VISIT = Grievance(
    "师傅迟到一个多小时，也没有提前打电话",
    FaultArea.SERVICE,
    "service.manner",
    "前一单超时，没有按规定提前告知顾客",
    CauseKind.SERVICE,
    (APOLOGY, (MeasureKind.COMPENSATE, "减免人工费", 80_00)),
    "已核实并向您致歉，本次人工费全免，今后由专人跟进。",
    "预计超时半小时的，调度必须先致电顾客",
    120_00,
)
RUDE = Grievance(
    "师傅态度不好，问什么都不耐烦",
    FaultArea.SERVICE,
    "service.attitude",
    "连续派单过多，服务用语不规范",
    CauseKind.SERVICE,
    (APOLOGY,),
    "已由网点负责人当面致歉，并重新培训服务用语。",
    "每日派单不超过六单，新员工先培训服务礼仪",
    50_00,
)
WALL = Grievance(
    "安装后墙面损坏没有处理",
    FaultArea.INSTALLATION,
    "service.skill",
    "打孔前没有探测墙内管线，也没有遮护",
    CauseKind.INSTALLATION,
    (APOLOGY, (MeasureKind.COMPENSATE, "修补墙面", 650_00)),
    "已派人修补墙面，费用由我方承担，再次致歉。",
    "安装前先探测管线，铺好遮护再打孔",
    1150_00,
)
NO_CALL_BACK = Grievance(
    "客服承诺回电却没有回",
    FaultArea.SERVICE,
    "service.quality",
    "交接班没有移交待办事项",
    CauseKind.INFORMATION,
    (APOLOGY,),
    "已致歉并补充回复，今后交接必须留单。",
    "交接班清单增加待回电一项",
)
PRICE = Grievance(
    "收费与报价不一致，要求退还差价",
    FaultArea.SERVICE,
    "service.quality",
    "没有使用最新价目表",
    CauseKind.INFORMATION,
    (APOLOGY, (MeasureKind.REFUND, "退还差价", 180_00)),
    "已核对价目，差价当日退回。",
    "价目表改版后，旧版当日收回",
    180_00,
)
LEAKS_AGAIN = Grievance(
    "修了两次还是漏水，要求彻底解决",
    FaultArea.LEAK,
    "product_quality.failure",
    "排水管接头批次老化，换件后仍渗漏",
    CauseKind.MATERIAL,
    ((MeasureKind.REPAIR, "更换排水总成并试漏", 380_00), APOLOGY),
    "安排高级工程师更换总成，费用全免，并延长保修半年。",
    "该批次接头停用，库存退回供应商",
    2600_00,
)
NOISY = Grievance(
    "新机夜里异响，吵得睡不着，要求换机",
    FaultArea.NOISE,
    "product_quality.defect",
    "压缩机减震脚垫硬度超差",
    CauseKind.PRODUCTION,
    ((MeasureKind.REPLACE, "更换同型号新机", 3200_00),),
    "检测确认为产品缺陷，三日内为您更换同型号新机。",
    "脚垫来料增加硬度抽检",
    3200_00,
)
FLOODED = Grievance(
    "洗衣机漏水泡坏了木地板，要求赔偿",
    FaultArea.LEAK,
    "product_quality.defect",
    "水位传感器失效，未能断水",
    CauseKind.DESIGN,
    (
        (MeasureKind.REFUND, "退回货款", 2980_00),
        (MeasureKind.COMPENSATE, "赔偿地板维修", 4600_00),
        APOLOGY,
    ),
    "同意退货退款，并按定损赔偿地板维修费用。",
    "水位控制增加机械限位",
    7600_00,
)
DENTED = Grievance(
    "送来的冰箱侧面凹了一块，要求换货",
    FaultArea.DELIVERY,
    "logistics",
    "二次搬运时没有使用护角",
    CauseKind.TRANSPORT,
    ((MeasureKind.REPLACE, "换货并承担往返运费", 420_00),),
    "确认为运输磕碰，明日为您换货，运费由我方承担。",
    "大件搬运一律加护角，签收前当面验外观",
    900_00,
)
LATE_PARCEL = Grievance(
    "约好周六送货，拖到周二也没人说明",
    FaultArea.DELIVERY,
    "logistics",
    "承运商改线，没有通知顾客",
    CauseKind.TRANSPORT,
    (APOLOGY, (MeasureKind.COMPENSATE, "赠送清洗一次", 120_00)),
    "已改派专车送达，并赠送清洗服务一次。",
    "改线当天由物流致电顾客",
    120_00,
)
CONTRACT = Grievance(
    "延保合同写明包含滤芯，现在又说要收费",
    FaultArea.OTHER,
    "contract",
    "延保条款新旧版本表述不一致",
    CauseKind.INFORMATION,
    ((MeasureKind.OTHER, "按旧版条款免费更换滤芯", 360_00),),
    "按您签约时的条款执行，滤芯免费更换。",
    "延保条款统一版本，旧约按签约时条款执行",
    360_00,
)
SMELL = Grievance(
    "清洗完还有异味，地上也没擦干净",
    FaultArea.SERVICE,
    "cleaning_job",
    "风轮没有拆洗，收尾没有验收",
    CauseKind.SERVICE,
    (APOLOGY, (MeasureKind.OTHER, "免费重新清洗一次", 150_00)),
    "今日安排免费重新清洗，并请您当面验收。",
    "清洗必须拆洗风轮，顾客验收后离开",
    150_00,
)
WRONG_USE = Grievance(
    "用了一个月就烧坏了，质量太差",
    FaultArea.POWER,
    "product_quality.failure",
    "顾客自行改接电源，电压不符",
    CauseKind.USE,
    ((MeasureKind.OTHER, "优惠更换电源板", 0), APOLOGY),
    "经检测为电源改接引起，配件按优惠价更换，并说明安全用电要求。",
    "上门时主动检查电源并提醒",
    scope=CauseScope.CUSTOMER,
)

GRIEVANCES = (
    *(LATE_VISIT, RUDE, WALL, NO_CALL_BACK, PRICE, LEAKS_AGAIN, NOISY, FLOODED),
    *(DENTED, LATE_PARCEL, CONTRACT, SMELL, WRONG_USE, LATE_VISIT, LEAKS_AGAIN, NOISY),
)
# What an unhappy answer to a follow-up call is about.
AFTER_A_SERVICE = (LATE_VISIT, RUDE, NO_CALL_BACK, PRICE)

UNFOUNDED = (
    "经核对通话录音和服务单，师傅按约到达并已说明收费，感谢您的监督，敬请谅解。",
    "产品经检测运行正常，声音在国家标准以内，已向您演示，敬请谅解。",
)
UNHAPPY = "顾客认为补偿太少，要求重新处理"
SENT_BACK = "补偿金额依据不足，请补充检测报告"
REFUSED = "不属于我方责任，不予补偿"
NO_PENALTY = ("情节轻微，批评教育", "责任在供应商，另行追偿", "制度原因，不追究个人")
NO_MEASURE = ("个案，已在班会通报", "已有改进措施在执行")
APPEALS = ("当天被临时加派两单，请求从轻", "配件批次问题，不应由我承担")
REVIEWS = ("情况属实，减轻处罚", "已核实，维持原决定")
EFFECTS = ("实施后同类投诉明显减少", "抽查二十单，全部按要求执行")
NO_EFFECT = "同类投诉没有减少，需另定措施"
CARRIED_OUT = ("已下发通知并完成培训", "已修改作业指导书并执行")


@dataclass(frozen=True)
class Defect:
    """A quality problem as it is told and as it turns out, with what mends and what prevents it."""

    said: str
    area: FaultArea
    nature: str
    finding: str
    cause_kind: CauseKind
    solution: str
    answer: str
    corrective: str
    preventive: str


DEFECTS = (
    Defect(
        "同一批次三台机器都有异响",
        FaultArea.NOISE,
        "低速段有金属摩擦声，三台一致",
        "风轮偏心超差",
        CauseKind.PRODUCTION,
        "更换风轮",
        "抽检确认风轮偏心，已为您更换，并通知供应商整改。",
        "返修同批在库整机",
        "风轮动平衡改为全检",
    ),
    Defect(
        "门体涂层起泡",
        FaultArea.APPEARANCE,
        "门体下沿涂层成片起泡",
        "前处理药液浓度不足",
        CauseKind.MATERIAL,
        "更换门体",
        "确认为来料问题，免费更换门体。",
        "隔离同批门体并退货",
        "来料增加附着力试验",
    ),
)
SHARED_BATCH = "K2608-03"
BATCHES = ("W2605-11", "R2606-02", "H2607-07")

SUGGESTIONS = (
    ("希望周日也能安排上门", "周日安排半数人员轮值", "感谢建议，下月起周日也可预约上门。"),
    (
        "短信里能写上师傅的名字就好了",
        "派工短信增加师傅姓名和工号",
        "感谢建议，已在派工短信中增加。",
    ),
    (
        "建议网点提供旧机回收",
        "目前没有回收资质，暂不开展",
        "感谢建议，目前条件不具备，已留档研究。",
    ),
)
