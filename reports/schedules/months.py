"""The monthly report as a letter: which month, which files, which words. Pure, but for who prints it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from messages.mail import Attachment, Letter
from reports.asked import Range, range_of, zone_of
from reports.definitions import Language
from reports.schedules.letters import KINDS, MOST_BYTES
from reports.schedules.models import Form, ReportSchedule
from reports.schedules.times import next_due

_WORDS: Final = {
    Language.EN: (
        "{title}: what {month} came to. Volumes and effect, opinions with 95 % intervals, sites, partners.",
        "Attached: {names}.",
        (
            "Too large for mail, {size:.0f} MB: {names}. Fetch it on the page Opinion, Monthly report, or "
            "have the schedule send one kind of file only."
        ),
        "Centralino sends this once a month. Whoever looks after the reports can change or stop it.",
    ),
    Language.IT: (
        "{title}: com'è andato {month}. Volumi ed effetto, opinioni con intervalli al 95 %, siti, partner.",
        "In allegato: {names}.",
        (
            "Troppo grande per la posta, {size:.0f} MB: {names}. Si scarica dalla pagina Opinione, Rapporto "
            "mensile, oppure si fa inviare un solo tipo di file."
        ),
        "Centralino lo invia una volta al mese. Chi cura i report può cambiarlo o fermarlo.",
    ),
    Language.RU: (
        "{title}: итоги за {month}. Объёмы и их эффект, мнения с интервалами 95 %, площадки, партнёры.",
        "Приложено: {names}.",
        (
            "Слишком велико для почты, {size:.0f} МБ: {names}. Можно скачать на странице «Мнение», «Отчёт за "
            "месяц», или отправлять файл одного вида."
        ),
        "Centralino отправляет это раз в месяц. Изменить или остановить может ответственный за отчёты.",
    ),
}


class Press(Protocol):
    """Makes the monthly report. Who knows opinions and care hands one in; this room knows neither."""

    async def __call__(self, month: str, language: Language, form: Form) -> bytes:
        """The file of a month, as 2026-10. Raises `CentralinoError` when it cannot be made now."""
        ...


def month_of(due: datetime, zone: str) -> str:
    """Of which month a letter of this time tells: of the last one that was over by the zone's clocks."""
    since, _ = range_of(Range.LAST_MONTH, due, zone)
    return since.astimezone(zone_of(zone)).strftime("%Y-%m")


def last_due(found: ReportSchedule, due: datetime, now: datetime) -> datetime:
    """The last time that has come: after a long stop only the latest month goes out."""
    while (later := _next(found, due)) <= now:
        due = later
    return due


def last_in_month(found: ReportSchedule, now: datetime) -> datetime | None:
    """When it was due in this month; None when that has not come yet."""
    first = now.astimezone(zone_of(found.zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    due = _next(found, first - timedelta(microseconds=1))
    return due if due <= now else None


def by_its_time(found: ReportSchedule, due: datetime) -> bool:
    """Whether the schedule itself brings this time; else somebody asked for it to be sent now."""
    return _next(found, due - timedelta(microseconds=1)) == due


def month_letter(
    schedule: ReportSchedule, due: datetime, month: str, files: Mapping[Form, bytes]
) -> tuple[Letter, int]:
    """The letter, and how many bytes its files have. What is too large is named, not attached."""
    language = Language(schedule.language)
    words, size = _WORDS[language], sum(map(len, files.values()))
    names = {form: month_file(month, language, form) for form in files}
    fits = size <= MOST_BYTES
    told = words[1 if fits else 2].format(names=", ".join(names.values()), size=size / 1024 / 1024)
    letter = Letter(
        to=schedule.recipients,
        subject=f"{schedule.title} · {month}",
        text=f"{words[0].format(title=schedule.title, month=month)}\n\n{told}\n\n{words[3]}\n",
        id=f"report.{schedule.id}.{int(due.timestamp())}",
        attachments=[Attachment(names[form], KINDS[form], data) for form, data in files.items()]
        if fits
        else [],
    )
    return letter, size


def month_file(month: str, language: Language, form: Form) -> str:
    """`monthly-2026-10-it.pdf`."""
    return f"monthly-{month}-{language.value}.{form.value}"


def _next(found: ReportSchedule, after: datetime) -> datetime:
    return next_due(after, time=found.time, zone=found.zone, days=found.days, month_day=found.month_day)
