"""The letter that a report goes out in. Pure."""

import re
from datetime import datetime
from typing import Final

from messages.mail import Attachment, Letter
from reports.asked import Asked
from reports.definitions import Language
from reports.schedules.models import Form, ReportSchedule

MOST_BYTES: Final = 15 * 1024 * 1024
"""A file that is larger does not go by mail: many servers take no more than 20 MB as a letter."""
KINDS: Final = {
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PDF: "application/pdf",
}
_WORDS: Final = {
    Language.EN: (
        "Report “{title}”, {since} to {until} ({zone}): {rows} rows.",
        "The file is attached. Its second sheet says what each column means.",
        "The file is attached.",
        (
            "The file is too large for mail ({size:.0f} MB). Fetch it on the page Reports, or choose longer "
            "intervals, fewer days or fewer names."
        ),
        "Centralino sends this by itself. Whoever looks after the reports can change or stop it.",
    ),
    Language.IT: (
        "Report «{title}», dal {since} al {until} ({zone}): {rows} righe.",
        "Il file è allegato. Il secondo foglio spiega ogni colonna.",
        "Il file è allegato.",
        (
            "Il file è troppo grande per la posta ({size:.0f} MB). Si scarica dalla pagina Report, oppure si "
            "scelgono intervalli più lunghi, meno giorni o meno nomi."
        ),
        "Centralino lo invia da solo. Chi cura i report può cambiarlo o fermarlo.",
    ),
    Language.RU: (
        "Отчёт «{title}», с {since} по {until} ({zone}): строк – {rows}.",
        "Файл приложен. Второй лист объясняет каждый столбец.",
        "Файл приложен.",
        (
            "Файл слишком велик для почты ({size:.0f} МБ). Его можно скачать на странице «Отчёты» или "
            "выбрать более длинные интервалы, меньше дней или меньше имён."
        ),
        "Centralino отправляет это автоматически. Изменить или остановить может ответственный за отчёты.",
    ),
}


def letter_of(
    schedule: ReportSchedule, due: datetime, asked: Asked, rows: int, data: bytes | None, size: int
) -> Letter:
    """The letter; `data` None: the file of `size` bytes is too large."""
    words = _WORDS[Language(schedule.language)]
    told = words[0].format(
        title=schedule.title,
        since=_local(asked.since, asked),
        until=_local(asked.until, asked),
        zone=asked.zone,
        rows=rows,
    )
    if data is None:
        how = words[3].format(size=size / 1024 / 1024)
    else:
        how = words[1] if schedule.form is Form.XLSX else words[2]
    files = [] if data is None else [Attachment(file_name(asked, schedule.form), KINDS[schedule.form], data)]
    return Letter(
        to=schedule.recipients,
        subject=f"{schedule.title} · {_local(asked.since, asked)[:10]}",
        text=f"{told}\n\n{how}\n\n{words[4]}\n",
        id=f"report.{schedule.id}.{int(due.timestamp())}",
        attachments=files,
    )


def file_name(asked: Asked, form: Form) -> str:
    """`agents-2026-03-03-day.xlsx`."""
    day = asked.since.astimezone(asked.clock).date().isoformat()
    return re.sub(r"[^a-z0-9.-]", "-", f"{asked.report}-{day}-{asked.by}.{form}")


def _local(moment: datetime, asked: Asked) -> str:
    return moment.astimezone(asked.clock).strftime("%Y-%m-%d %H:%M")
