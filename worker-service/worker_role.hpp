// WorkerRole: which part of the worker's duties one process has. Where orders are worked off by many processes, or by a
// Lambda function that exists for the time of a batch alone, one process has what has to go on all the time. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orderflow::worker {

enum class WorkerRole : std::uint8_t {
    all,
    orders,      // orders and commands
    background,  // commands, dead letters, and what looks at the store by itself
};

// Commands (cancels, what operators ask for, what APIs say of themselves) are every worker's: they are to be carried
// out whichever of the two roles is away. Whatever two processes do, they do without harm: webhook endpoints are
// leased, a hold's command is taken once, a dead letter is a message like any other.
struct WorkerDuties {
    bool orders;
    bool dead_letters;
    bool upkeep;  // webhooks, orders that are on hold for too long, retention
    friend bool operator==(const WorkerDuties&, const WorkerDuties&) = default;
};

constexpr WorkerDuties duties_of(WorkerRole role) noexcept {
    switch (role) {
        case WorkerRole::all: return {.orders = true, .dead_letters = true, .upkeep = true};
        case WorkerRole::orders: return {.orders = true, .dead_letters = false, .upkeep = false};
        case WorkerRole::background: return {.orders = false, .dead_letters = true, .upkeep = true};
    }
    return {};
}

// "all", "orders", "background"; nothing else.
constexpr std::optional<WorkerRole> worker_role_of(std::string_view text) noexcept {
    if (text == "all") return WorkerRole::all;
    if (text == "orders") return WorkerRole::orders;
    if (text == "background") return WorkerRole::background;
    return std::nullopt;
}

constexpr std::string_view to_string(WorkerRole role) noexcept {
    switch (role) {
        case WorkerRole::all: return "all";
        case WorkerRole::orders: return "orders";
        case WorkerRole::background: return "background";
    }
    return "";
}

}  // namespace orderflow::worker
