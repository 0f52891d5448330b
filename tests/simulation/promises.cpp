#include "tests/simulation/promises.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orderflow::simulation {

namespace {

using Sentences = std::vector<std::string>;

// What a reader was shown is never taken back.
void compare_sightings(const Clients& clients, const audit::Snapshot& snapshot, Sentences& broken) {
    for (const auto& [id, seen] : clients.sightings()) {
        const auto order = std::ranges::find(snapshot.orders, id, &audit::StoredOrder::id);
        if (order == snapshot.orders.end()) {
            if (seen.version > 0) broken.push_back(id.to_string() + " was shown and is not stored");
            continue;
        }
        if (order->version < seen.version) {
            broken.push_back(
                fmt::format("{} was shown at version {} and is at {}", id.to_string(), seen.version, order->version));
        }
        for (const auto& [version, name] : seen.events) {
            const auto event = std::ranges::find(order->events, version, &audit::StoredEvent::version);
            if (event != order->events.end() && to_string(event->type) == name) continue;
            broken.push_back(
                fmt::format("event {} {} of {} was shown and is not there", version, name, id.to_string()));
        }
    }
}

// A stream that is open has told everything.
void compare_streams(const Clients& clients, const audit::Snapshot& snapshot, Sentences& broken) {
    for (const auto& [id, told] : clients.open_streams()) {
        const auto order = std::ranges::find(snapshot.orders, id, &audit::StoredOrder::id);
        const auto version = order == snapshot.orders.end() ? 0 : order->version;
        if (told == version) continue;
        broken.push_back(fmt::format("the stream of {} has told {} of {} events", id.to_string(), told, version));
    }
}

// Other content that was acknowledged under the same key has no effect, and the order says so.
void compare_conflicts(const Clients& clients, const audit::Snapshot& snapshot, Sentences& broken) {
    const auto pieces = [](const std::vector<audit::AskedLine>& lines) {
        std::int64_t sum = 0;
        for (const auto& line : lines) sum += line.quantity;
        return sum;
    };
    for (const auto& attempt : clients.history().attempts) {
        if (attempt.kind != audit::AttemptKind::place || attempt.outcome != audit::Outcome::ok) continue;
        const auto order = std::ranges::find(snapshot.orders, attempt.order, &audit::StoredOrder::id);
        if (order == snapshot.orders.end() || pieces(order->asked) == pieces(attempt.lines)) continue;
        const bool is_letter = std::ranges::count(snapshot.dead_letter_orders, order->id) > 0;
        const bool is_shown =
            std::ranges::count(order->events, orders::EventType::order_conflict, &audit::StoredEvent::type) > 0;
        if (!is_letter && !is_shown)
            broken.push_back(order->id.to_string() + " shows no conflict with what was acknowledged too");
    }
}

}  // namespace

std::vector<std::string> broken_promises(const Clients& clients, const audit::Snapshot& snapshot) {
    Sentences broken;
    compare_sightings(clients, snapshot, broken);
    compare_streams(clients, snapshot, broken);
    compare_conflicts(clients, snapshot, broken);
    return broken;
}

}  // namespace orderflow::simulation
