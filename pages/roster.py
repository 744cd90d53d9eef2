"""People and shifts 人员与班次: certificates, working time, absences, regions."""

from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.words import _
from pages.ui.roster import areas, away, certificates, own, setting_out, weeks

headings.title(words.in_domain("page", "roster"))
if not gate.allowed("roster:read"):
    own.show()
else:
    parts = {
        "certificates": (_("Certificates"), certificates.show),
        "shifts": (_("Shifts"), weeks.show),
        "absences": (_("Absences"), away.show),
        "regions": (_("Regions"), areas.show),
        "starts": (_("Setting out"), setting_out.show),
    }
    labels = {name: label for name, (label, _show) in parts.items()}
    part = filters.segments("roster", "part", _("Which part"), labels, usual="certificates")
    parts[part][1]()
