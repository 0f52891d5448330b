// OrderTracker: follows one order at a time from its acknowledgement until GET shows it settled, and counts how long
// that took. An upper bound: what the client sees, at most one interval and one round trip late.
#pragma once

#include <string>

#include "libs/base/executor.hpp"
#include "libs/net/http_client.hpp"
#include "orderflow/load/latency_histogram.hpp"
#include "orderflow/load/request_text.hpp"

namespace orderflow::load {

class OrderTracker final : net::HttpClient::Listener {
  public:
    // All outlive it; see HttpClient about the loop.
    OrderTracker(boost::asio::io_context& loop, const net::ListenAddress& server, Executor& timers, const Clock& clock,
                 const RequestText& text, LatencyHistogram& confirmed);

    bool is_free() const { return order_.empty() && misses_ < misses_max; }
    // Only when free.
    void follow(std::string_view order_id, Instant acknowledged);
    void expire_if_due(Instant now) { client_.expire_if_due(now); }

  private:
    static constexpr int misses_max = 5;  // then the server is one that cannot be asked

    void answered(net::HttpClient& client, const net::HttpAnswer& answer) override;
    void failed(net::HttpClient& client, net::HttpFailure failure) override;
    void ask();
    void ask_later();
    void give_up();

    net::HttpClient client_;
    Executor& timers_;
    const Clock& clock_;
    const RequestText& text_;
    LatencyHistogram& confirmed_;
    std::string order_;
    Instant acknowledged_{};
    int misses_ = 0;
};

}  // namespace orderflow::load
