#include "libs/storage/records/instance_record.hpp"

#include <utility>

#include "libs/sqlite/statement.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

using instances::Figures;
using instances::Latencies;

constexpr std::uint8_t instance_format = 1;

std::string key_of_row(std::string_view id, WallTime until) {
    return std::string(id) + "\n" + std::to_string(to_unix_ms(until));
}

void write(ByteWriter& out, const Latencies& latencies) {
    out.natural(latencies.counts().size());
    for (const auto count : latencies.counts()) out.integer(count);
}

// Of a newer program there may be more buckets than are known here: then the row cannot be read.
Latencies read_latencies(ByteReader& in) {
    Latencies::Counts counts{};
    if (in.count() != counts.size()) in.spoil();
    for (auto& count : counts) count = in.integer();
    return Latencies(counts);
}

void write(ByteWriter& out, const Figures& figures) {
    out.natural(instances::figure_counts.size());
    for (const auto& count : instances::figure_counts) out.integer(figures.*count.member);
    write(out, figures.accept);
    write(out, figures.settle);
}

// An older row has fewer counts.
Figures read_figures(ByteReader& in) {
    Figures figures;
    const auto known = in.count();
    if (known > instances::figure_counts.size()) in.spoil();
    for (std::size_t i = 0; i < known && in.ok(); ++i) figures.*instances::figure_counts[i].member = in.integer();
    figures.accept = read_latencies(in);
    figures.settle = read_latencies(in);
    return figures;
}

void write(ByteWriter& out, const instances::QueueLevel& level) {
    out.text(level.queue);
    out.integer(level.visible);
    out.integer(level.in_flight);
    out.integer(level.delayed);
    out.optional(level.oldest_age, [&](std::chrono::milliseconds age) { out.integer(age.count()); });
}

instances::QueueLevel read_level(ByteReader& in) {
    instances::QueueLevel level;
    level.queue = in.text();
    level.visible = in.integer();
    level.in_flight = in.integer();
    level.delayed = in.integer();
    if (in.flag()) level.oldest_age = std::chrono::milliseconds(in.integer());
    return level;
}

void write(ByteWriter& out, const instances::ActiveAlarm& alarm) {
    out.text(alarm.name);
    out.flag(alarm.critical);
    out.text(alarm.summary);
    out.time(alarm.since);
}

instances::ActiveAlarm read_alarm(ByteReader& in) {
    instances::ActiveAlarm alarm;
    alarm.name = in.text();
    alarm.critical = in.flag();
    alarm.summary = in.text();
    alarm.since = in.time();
    return alarm;
}

}  // namespace

std::string encode_instance(const instances::InstanceRow& row) {
    ByteWriter out(instance_format);
    out.byte(std::to_underlying(row.role));
    out.text(row.version);
    out.time(row.started_at);
    out.time(row.from);
    out.flag(row.last);
    write(out, row.figures);
    out.integer(row.in_progress);
    out.integer(row.in_progress_max);
    out.flag(row.paused);
    out.natural(row.queues.size());
    for (const auto& level : row.queues) write(out, level);
    out.natural(row.alarms.size());
    for (const auto& alarm : row.alarms) write(out, alarm);
    return std::move(out).sealed(sqlite::as_blob(key_of_row(row.id, row.until)));
}

std::optional<instances::InstanceRow> decode_instance(std::string_view id, WallTime until, Bytes record) {
    const auto key = key_of_row(id, until);
    ByteReader in(record, sqlite::as_blob(key), instance_format);
    instances::InstanceRow row;
    row.id = id;
    row.until = until;
    row.role = static_cast<instances::Role>(in.limited(instances::role_count));
    row.version = in.text();
    row.started_at = in.time();
    row.from = in.time();
    row.last = in.flag();
    row.figures = read_figures(in);
    row.in_progress = in.integer();
    row.in_progress_max = in.integer();
    row.paused = in.flag();
    for (auto left = in.count(); left > 0 && in.ok(); --left) row.queues.push_back(read_level(in));
    for (auto left = in.count(); left > 0 && in.ok(); --left) row.alarms.push_back(read_alarm(in));
    if (!in.finished()) return std::nullopt;
    return row;
}

}  // namespace orderflow::storage
