// Times as the viewer's own clock has them. The page is written in UTC, for those without scripts.
const day = { year: "numeric", month: "2-digit", day: "2-digit" };
const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
const language = document.documentElement.lang || "en";
const dated = { day: "numeric", month: "short", year: "numeric" };
const forms = {
  date: new Intl.DateTimeFormat(language, dated),
  utcDate: new Intl.DateTimeFormat(language, { ...dated, timeZone: "UTC" }),
  short: new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  hour: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  clock: new Intl.DateTimeFormat("sv-SE", clock),
  fine: new Intl.DateTimeFormat("sv-SE", { ...clock, fractionalSecondDigits: 2 }),
  day: new Intl.DateTimeFormat("sv-SE", { ...day, ...clock }),
};
const whole = new Intl.DateTimeFormat("sv-SE", { ...day, ...clock, timeZoneName: "short" });

// Rewrites each <time data-form="hour|clock|fine|day|short|date"> below `root`; the full time with its zone goes into the title.
export function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-form]")) {
    const at = new Date(time.dateTime);
    const noHour = time.dateTime.length === 10; // a day is the same day everywhere
    time.textContent = forms[noHour ? "utcDate" : time.dataset.form].format(at).replace(/,(?=\d)/, ".");
    if (!noHour) time.title = whole.format(at);
  }
}
