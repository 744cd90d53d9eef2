"""Import 数据导入: a file, its map, what will happen, then the import itself."""

import streamlit as st

from core.imports import files
from pages.ui.imports import columns, importing
from pages.ui.kit import headings, places, words
from pages.ui.kit.words import _

MEGABYTES = files.MOST_UPLOADED // files.MEGABYTE

headings.title(words.in_domain("page", "imports"))
run_id = places.number("run")
if run_id is not None:
    importing.cases(run_id)
    st.stop()
importing.show_outcome()
upload = st.file_uploader(
    _("CSV or Excel file, at most {megabytes} MB", megabytes=MEGABYTES),
    type=sorted(files.TYPES),
    max_upload_size=MEGABYTES,
    help=_("Larger files come in on the server, with python -m core import."),
    key="import_file",
)
if upload is None:
    st.info(_("Choose a file: nothing comes in before you have seen what will happen."))
    importing.recent()
    st.stop()

file = files.SourceFile(upload.name, upload.getvalue())
chosen = columns.choose_map(file, upload.file_id)
column_map = columns.edit_map(file, upload.file_id, chosen)
preview = importing.preview(file, upload.file_id, column_map)
if preview:
    importing.show_preview(preview, file, column_map)
    keeps_late = importing.ask_late(preview)
    coming = preview.new + preview.completed
    label = words.n_("Import one row", "Import {n} rows", coming)
    is_ready = bool(coming) and keeps_late is not None
    if st.button(label, type="primary", key="import_send", disabled=not is_ready):
        importing.bring_in(file, column_map, chosen, keeps_late=bool(keeps_late))
importing.recent()
