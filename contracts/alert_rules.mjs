// The alarms of alarms.json as alerting rules of Prometheus (2.42 or newer: keep_firing_for), one for each alarm, judged
// for each instance as the programs do it themselves.

const seconds = (count) => `${count}s`;

/** A selector: `metric{label=~"a|b"}`, with more behind it. */
function series({ metric, labels = {} }, suffix = "") {
  const filters = Object.entries(labels).map(([name, values]) => `${name}=~"${values.join("|")}"`);
  return `${metric}${suffix}${filters.length > 0 ? `{${filters.join(",")}}` : ""}`;
}

const risen = (of, window, suffix, labels = "instance") =>
  `sum by (${labels}) (increase(${series(of, suffix)}[${seconds(window)}]))`;

/** The value of a measure, and what must hold beside it. */
const value = {
  level: ({ of, take }) => [`${take === "smallest" ? "min" : "max"} by (instance) (${series(of)})`],
  increase: ({ of, window_seconds: window }) => [risen(of, window)],
  share: ({ part, whole, window_seconds: window, at_least: least }) => [
    `${risen(part, window)} / ${risen(whole, window)}`,
    `${risen(whole, window)} >= ${least}`,
  ],
  quantile: ({ of, quantile, window_seconds: window, at_least: least }) => [
    `histogram_quantile(${quantile}, sum by (instance, le) (rate(${series(of, "_bucket")}[${seconds(window)}])))`,
    `${risen(of, window, "_count")} >= ${least}`,
  ],
};

function expression({ measure, above, below }) {
  if (measure.kind === "standstill") {
    const labels = measure.by ? `instance, ${measure.by}` : "instance";
    const stands = `sum by (${labels}) (${series(measure.waiting)}) > 0 and ${risen(measure.progress, above, "", labels)} == 0`;
    return measure.by ? `max by (instance) (${stands})` : stands;
  }
  const [number, condition] = value[measure.kind](measure);
  const beyond = above === undefined ? `${number} < ${below}` : `${number} > ${above}`;
  return condition ? `(${beyond}) and (${condition})` : beyond;
}

const camelCase = (name) => name.replaceAll(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());

const runbook = "docs/runbook.md, section Alarms";

export function alertRules(alarms) {
  const rules = alarms.map((alarm) => ({
    alert: `Orderflow${camelCase(alarm.name)}`,
    expr: expression(alarm),
    for: seconds(alarm.hold_seconds),
    keep_firing_for: seconds(alarm.clear_hold_seconds),
    labels: { severity: alarm.severity, alarm: alarm.name },
    annotations: { summary: alarm.summary, runbook },
  }));
  // What no program can say of itself.
  rules.push({
    alert: "OrderflowDown",
    expr: 'up{job="orderflow"} == 0',
    for: "1m",
    labels: { severity: "critical", alarm: "down" },
    annotations: { summary: "A program of Orderflow does not answer Prometheus.", runbook },
  });
  return { groups: [{ name: "orderflow", rules }] };
}
