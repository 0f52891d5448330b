// ServerCounters: what the load reads of a server's /metrics (Prometheus text).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orderflow::load {

struct ServerCounters {
    std::optional<std::uint64_t> accepted;  // orderflow_orders_accepted_total
    std::optional<std::uint64_t> settled;   // orderflow_orders_settled_total, all statuses
    std::optional<std::uint64_t> rejected;  // orderflow_orders_settled_total{status="rejected"}
    std::optional<std::uint64_t> queued;    // messages visible, in flight and delayed, in orders*

    // What one of them knows is known.
    ServerCounters& operator+=(const ServerCounters& other);
};

// What is not there stays empty. Pure.
ServerCounters read_counters(std::string_view page);

}  // namespace orderflow::load
