// ApiMetrics: what the API counts, from the HTTP server, from intake and from its handlers.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/net/http_observer.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/orders/application/intake/intake_observer.hpp"

namespace orderflow::api {

// Any thread. Faults of ours are logged too, with the request id and without a word of the request.
class ApiMetrics final : public net::HttpObserver, public orders::IntakeObserver {
  public:
    // `routes`: every route name that the server can report. Both outlive this.
    ApiMetrics(observe::Metrics& metrics, const observe::Logger& log, const std::vector<std::string>& routes);

    void answered(const Exchange& exchange) override;
    void refused(unsigned status, std::string_view code) override;
    void connection_opened() override { connections_.add(1); }
    void connection_closed() override { connections_.add(-1); }
    void accept_failed(std::string_view reason) override;
    void bug(std::string_view route, std::string_view what) override;

    void batch_sent(std::size_t entries, BootClock::duration took) override;
    void send_retried() override { send_retries_.add(); }
    void lookup_skipped() override { lookups_skipped_.add(); }

    void order_accepted(bool replayed) { (replayed ? replayed_ : accepted_).add(); }
    // `code` of the problem; codes that are not expected here are counted as "other".
    void order_refused(std::string_view code);
    void stream_opened() { streams_.add(1); }
    void stream_closed() { streams_.add(-1); }

  private:
    struct RouteMetrics {
        observe::Histogram* seconds;
        std::array<observe::Counter*, 6> by_class;  // index: status / 100
    };

    const observe::Logger& log_;
    observe::Counter& accepted_;
    observe::Counter& replayed_;
    observe::Counter& send_retries_;
    observe::Counter& lookups_skipped_;
    observe::Counter& accept_failures_;
    observe::Counter& bugs_;
    observe::Counter& refused_before_route_;
    observe::Histogram& batch_messages_;
    observe::Histogram& send_seconds_;
    observe::Gauge& connections_;
    observe::Gauge& streams_;
    std::map<std::string, observe::Counter*, std::less<>> refused_;
    std::map<std::string, RouteMetrics, std::less<>> routes_;
};

}  // namespace orderflow::api
