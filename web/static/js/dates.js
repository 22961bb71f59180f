// Date fields read as the page's language writes dates; while they are filled in, the browser's own field is there.

const lang = document.documentElement.lang;
const DAY = { year: "numeric", month: "long", day: "numeric" };

for (const field of document.querySelectorAll(".when > input")) {
  const own = field.parentElement.querySelector(".when-own");
  const how = field.type === "date" ? DAY : { ...DAY, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const told = () => {
    const moment = field.value && new Date(field.type === "date" ? `${field.value}T00:00` : field.value);
    own.textContent = moment ? new Intl.DateTimeFormat(lang, how).format(moment) : own.dataset.none;
    own.classList.toggle("when-none", !moment);
  };
  for (const event of ["input", "change", "blur"]) field.addEventListener(event, told);
  told();
  field.parentElement.classList.add("when-ready");
}
