// EndpointStore: what the dispatcher of events writes: its leases and how far it came. Operators change endpoints
// through OperatorStore.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/event_endpoint.hpp"

namespace orderflow::orders {

// Compare and set: `owner` and `beat` of the endpoint are these, and become those.
struct LeaseChange {
    std::string endpoint;
    std::string owner;
    std::int64_t beat = 0;
    std::string new_owner;  // empty: given back
    std::int64_t new_beat = 0;
};

struct DeliveryProgress {
    std::string endpoint;
    std::string owner;                        // of the lease; nothing is written for another
    std::vector<EventLane> lanes = {};        // of those that are there; one that was removed meanwhile stays so
    std::vector<std::string> ended = {};      // lanes to be forgotten
    std::vector<EventDelivery> log = {};      // appended
    std::string disable = {};                 // the new disabled_code; empty: none
    std::optional<WallTime> forget_before{};  // entries of the log; and those beyond deliveries_kept
};

// Durable when a call returns. Errors as OrderStore::apply(); all calls may be repeated but for the log, which then has
// an entry twice. Any executor.
class EndpointStore {
  public:
    virtual ~EndpointStore() = default;

    // False: the endpoint has another owner or beat, or is gone.
    virtual task<Result<bool>> change_lease(LeaseChange change) = 0;
    // One transaction. conflict "webhook.lease_lost": somebody else has the endpoint, or it is gone.
    virtual task<Result<void>> record(DeliveryProgress progress) = 0;
};

}  // namespace orderflow::orders
