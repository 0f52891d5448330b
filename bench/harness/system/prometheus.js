// The Prometheus text format, as far as counters need it.

/**
 * The sum over all labels of a metric; only samples whose labels contain `labels` count.
 * @param {string} text
 * @param {string} name
 * @param {string} [labels] for example status="confirmed"
 */
export function sumOf(text, name, labels = "") {
  let total = 0;
  for (const line of text.split("\n")) {
    if (!line.startsWith(name)) continue;
    const rest = line.slice(name.length);
    if ((rest[0] === " " || rest[0] === "{") && rest.includes(labels))
      total += Number(rest.slice(rest.lastIndexOf(" ") + 1));
  }
  return total;
}
