// ObservedDispatch: the metrics and log lines of the dispatcher of events.
#pragma once

#include <array>
#include <map>
#include <string>

#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "worker-service/dispatch_observer.hpp"

namespace orderflow::worker {

// Log lines name endpoints and orders by id and failures by code; URLs, bodies and answers are never logged.
class ObservedDispatch final : public DispatchObserver {
  public:
    // All outlive it. `metrics` gets its declarations here.
    ObservedDispatch(observe::Metrics& metrics, const observe::Logger& log);

    void called(const orders::EventDelivery& delivery) override;
    void serving(std::string_view endpoint, bool begun) override;
    void disabled(std::string_view endpoint, std::string_view code) override;
    void state(std::string_view endpoint, const DispatchState& state) override;
    void endpoints(const EndpointCounts& counts) override;
    void declared(std::string_view endpoint) override;
    void store_failed(std::string_view call, const Error& why) override;

  private:
    const observe::Logger& log_;
    std::array<observe::Counter*, orders::delivery_outcome_count> calls_;
    observe::Histogram& seconds_;
    observe::Counter& disabled_;
    observe::Counter& store_errors_;
    observe::Gauge& enabled_now_;
    observe::Gauge& disabled_now_;
    observe::Gauge& not_served_now_;
    observe::Gauge& failing_;
    observe::Gauge& backlog_;
    observe::Gauge& held_;
    observe::Gauge& oldest_;
    std::map<std::string, DispatchState, std::less<>> states_;
};

}  // namespace orderflow::worker
