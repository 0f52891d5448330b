// OtlpReceiver: a collector for tests: a real listener on a free port of 127.0.0.1 that takes POST /v1/traces, checks
// each body, keeps its spans, and answers as it is told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/http_server.hpp"
#include "tests/telemetry/otlp_checker.hpp"

namespace orderflow::telemetry {

// Any thread.
class OtlpReceiver {
  public:
    // Throws std::runtime_error when it cannot listen. `entropy` outlives it.
    explicit OtlpReceiver(Entropy& entropy);
    ~OtlpReceiver();
    OtlpReceiver(const OtlpReceiver&) = delete;
    OtlpReceiver& operator=(const OtlpReceiver&) = delete;

    std::string url() const { return "http://" + server_.bound().to_string(); }

    // From now on: the status, and how long it takes to say it. What is not answered with 200 is not kept.
    void answer(unsigned status, BootClock::duration takes = {});

    // False when it does not come true in time.
    using Spans = std::vector<ReceivedSpan>;
    bool wait_for(const std::function<bool(const Spans&)>& condition,
                  std::chrono::seconds at_most = std::chrono::seconds(30));
    bool wait_for_requests(std::size_t count, std::chrono::seconds at_most = std::chrono::seconds(30));

    Spans spans() const;
    std::vector<std::string> faults() const;
    // Of the last request, names in lower case.
    std::map<std::string, std::string> fields() const;
    std::string body() const;

  private:
    task<net::Response> take(const net::Request& request);

    SystemClock clock_;
    net::HttpObserver observer_;
    net::Runtime loop_;
    net::Router router_;
    net::HttpServer server_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    unsigned status_ = 200;
    BootClock::duration takes_{};
    std::size_t requests_ = 0;
    Spans spans_;
    std::vector<std::string> faults_;
    std::map<std::string, std::string> fields_;
    std::string body_;
};

}  // namespace orderflow::telemetry
