#include "programs/instance_figures.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace orderflow {
namespace {

using instances::Figures;
using observe::Reading;

bool has(const Reading& reading, const std::string& label, std::string_view value) {
    const auto found = reading.labels.find(label);
    return found != reading.labels.end() && found->second == value;
}

// A metric, with the label that it must have when there is one.
struct Source {
    std::string_view metric;
    std::int64_t Figures::* member;
    const char* label = nullptr;
    std::string_view value = {};
};

constexpr auto sources = std::to_array<Source>({
    {"orderflow_orders_accepted_total", &Figures::accepted},
    {"orderflow_orders_replayed_total", &Figures::replayed},
    {"orderflow_orders_refused_total", &Figures::refused},
    {"orderflow_http_responses_total", &Figures::responses},
    {"orderflow_http_responses_total", &Figures::faults, "class", "5xx"},
    {"orderflow_worker_messages_received_total", &Figures::received, "queue", "orders"},
    {"orderflow_worker_dead_letters_total", &Figures::dead_lettered},
    {"orderflow_orders_settled_total", &Figures::confirmed, "status", "confirmed"},
    {"orderflow_orders_settled_total", &Figures::completed, "status", "completed"},
    {"orderflow_orders_settled_total", &Figures::rejected, "status", "rejected"},
    {"orderflow_orders_settled_total", &Figures::cancelled, "status", "cancelled"},
});

// Buckets of a reading hold what does not exceed their bound, ours hold each thing once.
void add(instances::Latencies& to, const Reading& reading) {
    double below = 0;
    for (const auto& [upper, count] : reading.buckets) {
        to.add(upper, std::llround(count - below));
        below = count;
    }
}

bool is_order_route(const Reading& reading) {
    return has(reading, "route", "placeOrder") || has(reading, "route", "placeOrderAtOrder");
}

}  // namespace

Figures totals_of(std::span<const Reading> readings) {
    Figures totals;
    for (const auto& reading : readings) {
        for (const auto& source : sources) {
            if (reading.name != source.metric) continue;
            if (source.label != nullptr && !has(reading, source.label, source.value)) continue;
            totals.*source.member += std::llround(reading.value);
        }
        if (reading.name == "orderflow_http_request_seconds" && is_order_route(reading)) add(totals.accept, reading);
        if (reading.name == "orderflow_order_time_to_settled_seconds") add(totals.settle, reading);
    }
    return totals;
}

std::vector<instances::ActiveAlarm> alarms_of(std::span<const Reading> readings,
                                              const std::vector<alarms::AlarmRule>& rules,
                                              const std::vector<instances::ActiveAlarm>& before, WallTime now) {
    std::vector<instances::ActiveAlarm> active;
    for (const auto& rule : rules) {
        const bool is_active = std::ranges::any_of(readings, [&rule](const Reading& reading) {
            return reading.name == "orderflow_alarm_active" && has(reading, "name", rule.name) && reading.value > 0;
        });
        if (!is_active || active.size() == instances::limits::alarms_max) continue;
        const auto known = std::ranges::find(before, rule.name, &instances::ActiveAlarm::name);
        active.push_back({.name = rule.name,
                          .critical = rule.severity == alarms::Severity::critical,
                          .summary = rule.summary,
                          .since = known == before.end() ? now : known->since});
    }
    return active;
}

}  // namespace orderflow
