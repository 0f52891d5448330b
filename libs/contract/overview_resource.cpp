#include "libs/contract/overview_resource.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "libs/contract/operator_resource.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

using instances::Figures;
using instances::Latencies;
using json::Writer;

constexpr std::array percentiles{std::pair{"p50_us", 0.5}, std::pair{"p95_us", 0.95}, std::pair{"p99_us", 0.99}};

void write_orders(Writer& out, const Figures& figures) {
    out.key("accepted").integer(figures.accepted).key("replayed").integer(figures.replayed);
    out.key("refused").integer(figures.refused);
    out.key("settled").begin_object().key("confirmed").integer(figures.confirmed);
    out.key("completed").integer(figures.completed).key("rejected").integer(figures.rejected);
    out.key("cancelled").integer(figures.cancelled).end_object();
    out.key("responses").integer(figures.responses).key("faults").integer(figures.faults);
    out.key("dead_lettered").integer(figures.dead_lettered);
}

void write_times(Writer& out, std::string_view name, const Latencies& times) {
    out.key(name).begin_object().key("count").integer(times.total());
    for (const auto& [key, share] : percentiles) {
        if (const auto time = times.quantile(share)) out.key(key).integer(time->count());
    }
    out.end_object();
}

void write_latency(Writer& out, const Figures& figures) {
    out.key("latency").begin_object();
    write_times(out, "accept", figures.accept);
    write_times(out, "settle", figures.settle);
    out.end_object();
}

void write_queues(Writer& out, const std::vector<instances::QueueLevel>& queues) {
    out.key("queues").begin_array();
    for (const auto& level : queues) {
        out.begin_object().key("name").string(level.queue).key("visible").integer(level.visible);
        out.key("in_flight").integer(level.in_flight).key("delayed").integer(level.delayed);
        if (level.oldest_age) out.key("oldest_age_ms").integer(level.oldest_age->count());
        out.end_object();
    }
    out.end_array();
}

void write_alarms(Writer& out, const std::vector<instances::RaisedAlarm>& alarms) {
    out.key("alarms").begin_array();
    for (const auto& [alarm, ids] : alarms) {
        out.begin_object().key("name").string(alarm.name);
        out.key("severity").string(alarm.critical ? "critical" : "warning");
        out.key("summary").string(alarm.summary).key("since").string(to_timestamp(alarm.since));
        out.key("instances").begin_array();
        for (const auto& id : ids) out.string(id);
        out.end_array().end_object();
    }
    out.end_array();
}

void write_instance(Writer& out, const instances::InstanceState& instance) {
    const auto& row = instance.row;
    out.begin_object().key("id").string(row.id).key("name").string(name_of(row));
    out.key("program").string(to_string(row.role)).key("version").string(row.version);
    out.key("state").string(to_string(instance.life));
    out.key("started_at").string(to_timestamp(row.started_at));
    out.key("last_seen_at").string(to_timestamp(row.until));
    if (has_worker(row.role)) {
        out.key("paused").boolean(row.paused).key("in_progress").integer(row.in_progress);
        out.key("in_progress_max").integer(row.in_progress_max);
    }
    out.end_object();
}

void write_origin(Writer& out, std::string_view name, const orders::SettingOrigin& origin) {
    if (origin.command_id.empty()) return;
    out.key(name).begin_object().key("asked_at").string(to_timestamp(origin.asked_at));
    out.key("command").string(command_path(origin.command_id)).end_object();
}

void write_settings(Writer& out, const orders::WorkerSettings& settings) {
    out.key("paused").boolean(settings.paused);
    write_origin(out, "paused_by", settings.paused_by);
    if (settings.in_progress_max) out.key("in_progress_max").integer(*settings.in_progress_max);
    write_origin(out, "limited_by", settings.limited_by);
}

}  // namespace

std::string encode_overview(const instances::Overview& overview, const OverviewExtras& extras) {
    Writer out;
    out.begin_object().key("at").string(to_timestamp(overview.at));
    out.key("capabilities").begin_object().key("oldest_age").boolean(extras.oldest_age).end_object();
    out.key("per_minute").begin_object();
    write_orders(out, overview.pace.per_minute);
    out.end_object();
    write_latency(out, overview.pace.figures);
    write_queues(out, overview.queues);
    out.key("in_progress").integer(overview.in_progress);
    out.key("dead_letters_open").integer(extras.dead_letters_open);
    out.key("workers").begin_object();
    write_settings(out, extras.workers);
    out.end_object();
    write_alarms(out, overview.alarms);
    out.key("instances").begin_array();
    for (const auto& instance : overview.instances) write_instance(out, instance);
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_history(const std::vector<instances::Span>& spans, std::chrono::seconds step) {
    Writer out;
    out.begin_object().key("step_seconds").integer(step.count()).key("data").begin_array();
    for (const auto& span : spans) {
        out.begin_object().key("from").string(to_timestamp(span.from)).key("to").string(to_timestamp(span.until));
        write_orders(out, span.figures);
        write_latency(out, span.figures);
        write_queues(out, span.queues);
        out.key("in_progress").integer(span.in_progress).key("instances").integer(span.instances);
        out.key("alarms").begin_array();
        for (const auto& name : span.alarms) out.string(name);
        out.end_array().end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_workers(const orders::WorkerSettings& settings,
                           const std::vector<instances::InstanceState>& instances) {
    Writer out;
    out.begin_object();
    write_settings(out, settings);
    out.key("data").begin_array();
    for (const auto& instance : instances) {
        if (has_worker(instance.row.role)) write_instance(out, instance);
    }
    out.end_array().end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
