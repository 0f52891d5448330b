#include "orderflow/load/server_counters.hpp"

#include <charconv>

namespace orderflow::load {
namespace {

// "name{labels} 17" or "name 17"; a fraction is cut off.
std::optional<std::uint64_t> value_of(std::string_view line, std::string_view name) {
    if (!line.starts_with(name)) return std::nullopt;
    line.remove_prefix(name.size());
    if (!line.starts_with('{') && !line.starts_with(' ')) return std::nullopt;
    const auto blank = line.rfind(' ');
    const auto number = line.substr(blank + 1);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end == number.data()) return std::nullopt;
    return value;
}

// Queues of others may be there too, and what waits in them is nothing to wait for.
bool is_of_a_foreign_queue(std::string_view line) {
    return line.find("{queue=\"") != std::string_view::npos && line.find("{queue=\"orders") == std::string_view::npos;
}

void sum(std::optional<std::uint64_t>& into, std::optional<std::uint64_t> value) {
    if (value) into = into.value_or(0) + *value;
}

}  // namespace

ServerCounters& ServerCounters::operator+=(const ServerCounters& other) {
    sum(accepted, other.accepted);
    sum(settled, other.settled);
    sum(rejected, other.rejected);
    sum(queued, other.queued);
    return *this;
}

ServerCounters read_counters(std::string_view page) {
    ServerCounters counters;
    while (!page.empty()) {
        const auto end = page.find('\n');
        const auto line = page.substr(0, end);
        page.remove_prefix(end == std::string_view::npos ? page.size() : end + 1);
        if (!line.starts_with("orderflow_") || is_of_a_foreign_queue(line)) continue;
        sum(counters.accepted, value_of(line, "orderflow_orders_accepted_total"));
        sum(counters.settled, value_of(line, "orderflow_orders_settled_total"));
        if (line.find("status=\"rejected\"") != std::string_view::npos) {
            sum(counters.rejected, value_of(line, "orderflow_orders_settled_total"));
        }
        sum(counters.queued, value_of(line, "orderflow_queue_visible_messages"));
        sum(counters.queued, value_of(line, "orderflow_queue_in_flight_messages"));
        sum(counters.queued, value_of(line, "orderflow_queue_delayed_messages"));
    }
    return counters;
}

}  // namespace orderflow::load
