// DispatchObserver: what the dispatcher of events tells about its work, for metrics and logs. Called on its loop; must
// be quick. No argument holds personal data; the detail of an answer may, and is not told.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/error.hpp"
#include "libs/orders/domain/event_endpoint.hpp"

namespace orderflow::worker {

// Of one endpoint that this worker serves.
struct DispatchState {
    std::size_t backlog = 0;  // events that were read and not delivered
    std::size_t held_orders = 0;
    std::chrono::milliseconds oldest{0};  // age of the oldest of them
    bool failing = false;
};

struct EndpointCounts {
    std::size_t enabled = 0;
    std::size_t disabled = 0;
    std::size_t not_served = 0;  // of those that are enabled: topics that this worker is not configured for
};

class DispatchObserver {
  public:
    virtual ~DispatchObserver() = default;

    virtual void called(const orders::EventDelivery& delivery) = 0;
    virtual void serving(std::string_view endpoint, bool begun) = 0;
    virtual void disabled(std::string_view endpoint, std::string_view code) = 0;
    virtual void state(std::string_view endpoint, const DispatchState& state) = 0;
    virtual void endpoints(const EndpointCounts& counts) = 0;
    // The endpoint of a topic was made, because the configuration names it.
    virtual void declared(std::string_view endpoint) = 0;
    // A call to the store failed; it is tried again.
    virtual void store_failed(std::string_view call, const Error& why) = 0;
};

}  // namespace orderflow::worker
