// The parts of check(), one per subject, and what they share.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "libs/audit/check.hpp"

namespace orderflow::audit {

// The arguments of check(), indexed by order.
struct Evidence {
    Evidence(const History& h, const Snapshot& s, const CheckOptions& o);

    const StoredOrder* find(const orders::OrderId& id) const {
        const auto found = stored.find(id);
        return found == stored.end() ? nullptr : found->second;
    }

    const History& history;
    const Snapshot& snapshot;
    CheckOptions options;
    std::unordered_map<orders::OrderId, const StoredOrder*> stored;
    std::unordered_set<orders::OrderId> queued;  // by any message
    std::unordered_set<orders::OrderId> places_queued;
    std::unordered_set<orders::OrderId> cancels_queued;
    std::unordered_set<orders::OrderId> dead_letters;
    std::unordered_set<orders::OrderId> tombstones;
};

// How often an event of this type stands in the order's history.
std::size_t count_events(const StoredOrder& order, orders::EventType type);

void check_attempts(const Evidence& evidence, Report& report);   // I1, I2, I3: acknowledgements against orders
void check_histories(const Evidence& evidence, Report& report);  // I6, I3: each order against its own events
void check_stock(const Evidence& evidence, Report& report);      // I4
void check_money(const Evidence& evidence, Report& report);      // I5, I3: amounts, ledger, the provider's ledger
void check_queues(const Evidence& evidence, Report& report);     // I7

}  // namespace orderflow::audit
