"""Draws the fonts that are sent: `python docs/fonts.py` writes pages/ui/frame/fonts/.

Of Streamlit's two fonts it keeps the icons that the screens and Streamlit itself name, and the
letters of Latin languages with the signs: a first visit is half a megabyte smaller. Chinese was
never in them; what is missing is drawn by a font of the device. Needed again after a new icon or
a new Streamlit; a test compares.
"""

import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pages.ui.frame import bundle  # noqa: E402

QUOTED = re.compile(r"[`\"':/]([a-z0-9_]{2,40})[`\"':]")
SPELLING = "abcdefghijklmnopqrstuvwxyz0123456789_ "
# Latin letters; dashes and quotes; money; letterlike signs, arrows, mathematics; shapes.
LETTERS = ((0x20, 0x17F), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x22FF), (0x25A0, 0x25FF))


def icons(font: TTFont) -> dict[str, str]:
    """The glyph of each icon that a font of icons can spell."""
    letters = {glyph: chr(code) for code, glyph in sorted(font.getBestCmap().items())}
    tables = [
        getattr(table, "ExtSubTable", table)
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
    ]
    return {
        "".join(letters.get(part, "?") for part in (first, *ligature.Component)): ligature.LigGlyph
        for table in tables
        for first, ligatures in getattr(table, "ligatures", {}).items()
        for ligature in ligatures
    }


def named() -> set[str]:
    """Every short word that the screens or Streamlit's programs quote: each icon is one of them."""
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *bundle.PROGRAMS.glob("*.js")]
    return {name for file in files for name in QUOTED.findall(file.read_text(encoding="utf-8"))}


def draw() -> None:
    """Write both fonts."""
    bundle.FONTS.mkdir(exist_ok=True)
    symbols = TTFont(bundle.original("MaterialSymbols-Rounded"), recalcTimestamp=False)
    names = named()
    kept = [glyph for name, glyph in icons(symbols).items() if name in names]
    _write(symbols, "MaterialSymbols-Rounded", glyphs=kept, text=SPELLING)
    codes = [code for first, last in LETTERS for code in range(first, last + 1)]
    upright = TTFont(bundle.original("SourceSansVF-Upright"), recalcTimestamp=False)
    _write(upright, "SourceSansVF-Upright", unicodes=codes)


def _write(font: TTFont, stem: str, **what: object) -> None:
    options = subset.Options()
    # Or each letter would bring along all icons that can be spelt with it.
    options.layout_closure = "unicodes" in what
    # The licence keeps the names of the fonts for the whole ones.
    options.obfuscate_names = True
    options.flavor = "woff2"
    chosen = subset.Subsetter(options)
    chosen.populate(**what)
    chosen.subset(font)
    font.flavor = "woff2"
    font.save(bundle.FONTS / f"{stem}.woff2")


if __name__ == "__main__":
    draw()
