// Amounts arrive as decimal strings in major units; they are only ever formatted here, never calculated with.

/** `"59.00"`, `"CNY"` → ¥59; decimals only when there are any. */
export function money(amount, currency) {
  const whole = !/[.]\d*[1-9]/.test(amount);
  const locale = document.documentElement.lang || "zh-CN";
  const format = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  if (whole) Object.assign(format, { minimumFractionDigits: 0, maximumFractionDigits: 0 });
  return new Intl.NumberFormat(locale, format).format(Number(amount));
}
