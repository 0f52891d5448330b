#include "libs/contract/instance_message.hpp"

#include <limits>
#include <optional>
#include <utility>

#include "libs/contract/object_reader.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

using instances::ActiveAlarm;
using instances::InstanceRow;
using instances::Latencies;
namespace limits = instances::limits;

constexpr std::string_view source = "orderflow/api";
constexpr std::string_view type_prefix = "orderflow.instance.";
constexpr json::ParseLimits parse_limits{.bytes = message_bytes_max, .depth = 8};
constexpr std::size_t event_id_max = 128;
constexpr std::int64_t count_max = 1'000'000'000'000;
constexpr json::Place data_place{.parent = &json::whole_document, .name = "data"};

std::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::invalid_input, "message.malformed", std::move(detail));
}

void write_counts(json::Writer& out, const instances::Figures& figures) {
    out.key("counts").begin_object();
    for (const auto& count : instances::figure_counts) {
        if (figures.*count.member != 0) out.key(count.name).integer(figures.*count.member);
    }
    out.end_object();
    out.key("accept").begin_array();
    for (const auto count : figures.accept.counts()) out.integer(count);
    out.end_array();
}

void write_alarms(json::Writer& out, const std::vector<ActiveAlarm>& alarms) {
    out.key("alarms").begin_array();
    for (const auto& alarm : alarms) {
        out.begin_object().key("name").string(alarm.name);
        out.key("severity").string(alarm.critical ? "critical" : "warning");
        out.key("summary").string(alarm.summary).key("since").string(to_timestamp(alarm.since)).end_object();
    }
    out.end_array();
}

// Reads one message; what does not fit is reported in `errors`, or makes `form` false.
struct Reading {
    FieldErrors errors{};
    bool form = true;

    WallTime timestamp(ObjectReader& reader, std::string_view name) {
        const auto text = reader.exact(name, Presence::required);
        const auto at = text ? parse_timestamp(*text) : std::nullopt;
        form = form && at.has_value();
        return at.value_or(WallTime());
    }

    bool flag(ObjectReader& reader, std::string_view name) {
        const auto* value = reader.member(name, Presence::optional);
        const auto flag = value != nullptr ? value->boolean() : std::optional(false);
        form = form && flag.has_value();
        return flag.value_or(false);
    }

    void counts(const json::Value& value, const json::Place& place, instances::Figures& figures) {
        ObjectReader reader(value, place, errors);
        for (const auto& count : instances::figure_counts) {
            figures.*count.member = reader.integer(count.name, Presence::optional, 0, count_max).value_or(0);
        }
        reader.finish();
    }

    Latencies latencies(const json::Value& value) {
        Latencies::Counts counts{};
        const auto* items = value.array();
        form = form && items != nullptr && items->size() == counts.size();
        for (std::size_t i = 0; form && i < counts.size(); ++i) {
            const auto number = (*items)[i].number();
            const auto count = number ? number->to_int64() : Result<std::int64_t>(-1);
            form = count && *count >= 0 && *count <= count_max;
            counts[i] = form ? *count : 0;
        }
        return Latencies(counts);
    }

    ActiveAlarm alarm(const json::Value& value, const json::Place& place) {
        ObjectReader reader(value, place, errors);
        ActiveAlarm alarm;
        alarm.name = reader.text("name", Presence::required, {.max = limits::alarm_name_max}).value_or("");
        const auto severity = reader.exact("severity", Presence::required);
        form = form && (severity == "critical" || severity == "warning");
        alarm.critical = severity == "critical";
        alarm.summary = reader.text("summary", Presence::required, {.max = limits::alarm_summary_max}).value_or("");
        alarm.since = timestamp(reader, "since");
        reader.finish();
        return alarm;
    }

    std::vector<ActiveAlarm> alarms(const json::Value& value, const json::Place& place) {
        const auto* items = value.array();
        form = form && items != nullptr && items->size() <= limits::alarms_max;
        std::vector<ActiveAlarm> alarms;
        if (!form) return alarms;
        for (const auto& item : *items) alarms.push_back(alarm(item, place));
        return alarms;
    }

    void data(const json::Value& value, InstanceRow& row) {
        ObjectReader reader(value, data_place, errors);
        row.id = reader.text("instance", Presence::required, {.max = limits::id_max}).value_or("");
        const auto program = reader.exact("program", Presence::required);
        const auto role = program ? instances::parse_role(*program) : std::nullopt;
        form = form && role.has_value();
        row.role = role.value_or(instances::Role::api);
        row.version = reader.text("version", Presence::required, {.max = limits::version_max}).value_or("");
        row.started_at = timestamp(reader, "started_at");
        row.from = timestamp(reader, "from");
        row.last = flag(reader, "last");
        const auto* counted = reader.member("counts", Presence::required);
        if (counted != nullptr) counts(*counted, reader.place_of("counts"), row.figures);
        const auto* accept = reader.member("accept", Presence::required);
        if (accept != nullptr) row.figures.accept = latencies(*accept);
        const auto* raised = reader.member("alarms", Presence::required);
        if (raised != nullptr) row.alarms = alarms(*raised, reader.place_of("alarms"));
        reader.finish();
    }
};

}  // namespace

std::string encode_instance_message(const InstanceRow& row) {
    json::Writer out;
    out.begin_object().key("specversion").string("1.0");
    out.key("id").string(row.id + ":" + std::to_string(to_unix_ms(row.until))).key("source").string(source);
    out.key("type").string(instance_row_type).key("time").string(to_timestamp(row.until));
    out.key("data").begin_object().key("instance").string(row.id).key("program").string(to_string(row.role));
    out.key("version").string(row.version).key("started_at").string(to_timestamp(row.started_at));
    out.key("from").string(to_timestamp(row.from));
    if (row.last) out.key("last").boolean(true);
    write_counts(out, row.figures);
    write_alarms(out, row.alarms);
    out.end_object().end_object();
    return std::move(out).take();
}

bool is_instance_message(std::string_view body) {
    if (body.find(type_prefix) == std::string_view::npos) return false;  // spares most messages the second reading
    const auto event = json::parse(body, parse_limits);
    const auto* type = event ? event->find("type") : nullptr;
    return type != nullptr && type->string() != nullptr && type->string()->starts_with(type_prefix);
}

Result<InstanceRow> decode_instance_message(std::string_view body) {
    const auto event = json::parse(body, parse_limits);
    if (!event) return malformed(event.error().code());
    if (!json::duplicate_members(*event).empty()) return malformed("A member stands there twice.");
    Reading reading;
    ObjectReader reader(*event, json::whole_document, reading.errors);
    const auto version = reader.exact("specversion", Presence::required);
    const auto from = reader.exact("source", Presence::required);
    (void)reader.text("id", Presence::required, {.max = event_id_max});
    const auto type = reader.exact("type", Presence::required);
    InstanceRow row;
    row.until = reading.timestamp(reader, "time");
    const auto* data = reader.member("data", Presence::required);
    reader.finish();
    if (!reading.errors.empty()) return malformed("It is no event.");
    if (version != "1.0" || from != source) return malformed("It is no event of ours.");
    if (type != instance_row_type) {
        return fail(ErrorKind::invalid_input, "message.unknown_type", "There is no handler for this type of message.");
    }
    reading.data(*data, row);
    if (!reading.errors.empty()) {
        const auto& first = reading.errors.reported().front();
        return malformed(first.pointer + ": " + std::string(to_string(first.rule)));
    }
    if (!reading.form) return malformed("/data has not its form.");
    return row;
}

}  // namespace orderflow::contract
