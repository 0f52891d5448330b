// EndpointMetrics: the traffic of the Amazon SQS endpoint, counted.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "libs/net/http_observer.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "queue-service/protocol/action_observer.hpp"

namespace orderflow::sqs {

// Any thread. Faults of ours are logged too, without a word of the request.
class EndpointMetrics final : public net::HttpObserver, public ActionObserver {
  public:
    // Both outlive this.
    EndpointMetrics(observe::Metrics& metrics, const observe::Logger& log);

    void performed(std::string_view action, unsigned status, BootClock::duration took) override;

    void answered(const Exchange& exchange) override;
    void refused(unsigned status, std::string_view code) override;
    void connection_opened() override { connections_.add(1); }
    void connection_closed() override { connections_.add(-1); }
    void accept_failed(std::string_view reason) override;
    void bug(std::string_view route, std::string_view what) override;

  private:
    struct ActionMetrics {
        observe::Histogram* seconds;
        std::array<observe::Counter*, 6> by_class;  // index: status / 100
    };
    static ActionMetrics declare(observe::Metrics& metrics, const std::string& action);

    const observe::Logger& log_;
    observe::Gauge& connections_;
    observe::Counter& bytes_in_;
    observe::Counter& bytes_out_;
    observe::Counter& refused_;
    observe::Counter& accept_failures_;
    observe::Counter& bugs_;
    std::map<std::string, ActionMetrics, std::less<>> actions_;
};

}  // namespace orderflow::sqs
