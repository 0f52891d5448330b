// How a figure is written: as many digits as a person reads.

/** @param {number} value */
export function digits(value) {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(size >= 1 ? 3 : 2)));
}

/** @param {number} value @param {string} unit */
export function figure(value, unit) {
  const text = digits(value);
  if (text === "-" || unit === "") return text;
  return unit === "x" || unit.startsWith("/") ? text + unit.replace("x", "×") : `${text} ${unit}`;
}
