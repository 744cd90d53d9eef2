"""Which pages there are, who may open them, and where the piles of work are found."""

from dataclasses import dataclass

from core.kernel.unit_of_work import Actor
from core.process.permissions import may


@dataclass(frozen=True)
class Screen:
    """One page: its file, icon, section of the menu, and the permission that opens it."""

    file: str
    icon: str
    section: str
    permission: str
    hidden: bool = False
    # Another permission that opens it as well.
    or_permission: str = ""

    def opens_to(self, actor: Actor) -> bool:
        """Whether the actor may open it."""
        return any(may(actor, each) for each in (self.permission, self.or_permission) if each)

    @property
    def path(self) -> str:
        """The page's address, the same in every language."""
        return self.file


HOME = "home"
# In no heading: pages beside the headings, and pages that the row above every page leads to.
BESIDE, IN_ROW = "", "row"
SCREENS = (
    Screen("home", "home", BESIDE, "account:edit"),
    Screen("intake", "call", BESIDE, "request:register"),
    Screen("my_jobs", "home_repair_service", BESIDE, "job:work"),
    Screen("dispatch", "assignment_ind", "service", "job:dispatch"),
    Screen("board", "calendar_view_day", "service", "job:dispatch"),
    Screen("desk", "inbox", "service", "request:answer"),
    Screen("mail", "drafts", "service", "mail:handle"),
    Screen("online", "edit_note", "service", "online:handle"),
    Screen("followups", "phone_callback", "service", "followup:call"),
    Screen("care", "call", "service", "care:call"),
    Screen("workshop", "home_repair_service", "service", "workshop:read"),
    Screen("maintenance", "repeat", "service", "maintenance:read"),
    Screen("contracts", "description", "service", "customer:read"),
    Screen("stock", "inventory_2", "service", "stock:read"),
    Screen("parts", "list_alt", "service", "stock:read"),
    Screen("prices", "receipt_long", "service", "price:read"),
    Screen("till", "credit_card", "service", "money:take", or_permission="money:read"),
    Screen("tools", "home_repair_service", "service", "tool:read"),
    Screen("emergencies", "emergency", "service", "emergency:read"),
    Screen("roster", "badge", "service", "roster:read", or_permission="absence:ask"),
    Screen("knowledge", "lightbulb", "service", "knowledge:read"),
    Screen("courses", "group", "service", "course:read"),
    Screen("find", "search", "service", "search:use"),
    Screen("archives", "description", "service", "archive:ask", or_permission="archive:log"),
    Screen("complaints", "report", "quality", "complaint:read"),
    Screen("quality", "science", "quality", "quality:read"),
    Screen("suggestions", "lightbulb", "quality", "suggestion:read"),
    Screen("penalties", "balance", "quality", "penalty:appeal", or_permission="penalty:read"),
    Screen("measures", "task_alt", "quality", "improvement:do"),
    Screen("returns", "undo", "returns", "return:read"),
    Screen("scan", "qr_code_scanner", "returns", "return:read", or_permission="workshop:read"),
    Screen("kpi", "monitoring", "review", "kpi:read"),
    Screen("meeting", "fact_check", "review", "kpi:read"),
    Screen("reports", "list_alt", "review", "kpi:read"),
    Screen("prevention", "health_and_safety", "review", "prevention:read"),
    Screen("return_costs", "money_off", "review", "kpi:read"),
    Screen("norms", "gavel", "review", "norm:read"),
    Screen("what_if", "experiment", "review", "norm:edit"),
    Screen("imports", "upload_file", "settings", "import:run"),
    Screen("people", "group", "settings", "people:edit"),
    Screen("access", "badge", "settings", "access:read"),
    Screen("company", "apartment", "settings", "company:edit"),
    Screen("messages", "drafts", "settings", "message:edit"),
    Screen("papers", "description", "settings", "paper:edit"),
    Screen("backups", "inventory_2", "settings", "backup:read"),
    Screen("proof", "fact_check", "settings", "history:verify"),
    Screen("inbox", "notifications", IN_ROW, "notice:read"),
    Screen("account", "account_circle", IN_ROW, "account:edit"),
    Screen("case", "folder_open", IN_ROW, "case:read", hidden=True),
    Screen("job", "home_repair_service", IN_ROW, "job:work", hidden=True),
    Screen("customer", "person", IN_ROW, "search:use", hidden=True),
    Screen("piece", "inventory_2", IN_ROW, "search:use", hidden=True),
    Screen("purchase", "receipt_long", IN_ROW, "search:use", hidden=True),
    Screen("apply_return", "edit_note", IN_ROW, "return:apply", hidden=True),
    Screen("batch", "inventory_2", IN_ROW, "quality:read", hidden=True),
)
# Where a pile is not on the page of its own name, and what its address asks for there.
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "running": ("dispatch", {"dispatch_queue": "running"}),
    "jobs": ("my_jobs", {}),
    "late_reports": ("dispatch", {"dispatch_queue": "late_reports"}),
    "roster": ("roster", {"roster_part": "absences"}),
    "money_owed": ("till", {}),
    "money_held": ("till", {}),
    "money_to_count": ("till", {}),
    "stock": ("stock", {"stock_part": "orders"}),
    "stock_short": ("stock", {"lying_only": "true"}),
    "old_parts": ("stock", {"stock_part": "old"}),
    "supplements": ("contracts", {"contracts_part": "supplements"}),
    "handovers": ("archives", {}),
    "readings": ("archives", {}),
    "recalls": ("batch", {}),
    "knowledge": ("knowledge", {"knowledge_part": "under_way"}),
}


def place_of(pile: str) -> tuple[str, dict[str, str]]:
    """The page of a pile, and what its address asks for there."""
    return PAGES.get(pile, (pile, {}))
