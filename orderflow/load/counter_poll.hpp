// CounterPoll: asks a program for its counters, now and then, on a connection of its own.
#pragma once

#include <optional>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/net/http_client.hpp"
#include "orderflow/load/load_options.hpp"
#include "orderflow/load/server_counters.hpp"

namespace orderflow::load {

class CounterPoll final : net::HttpClient::Listener {
  public:
    // `loop` and `clock` outlive it; see HttpClient about the loop.
    CounterPoll(boost::asio::io_context& loop, const MetricsPage& page, const Clock& clock,
                std::chrono::milliseconds answer_within);

    // Asks unless an answer is still to come.
    void ask();
    // What was told so far is old, and so is an answer that is still to come: it was asked for before now.
    void begin_anew();
    void expire_if_due(Instant now) { client_.expire_if_due(now); }

    // Of the newest answer; nothing when the newest was none.
    const std::optional<ServerCounters>& newest() const { return newest_; }
    // Answers and failures so far.
    std::uint64_t told() const { return told_; }
    // Orders settled since the first answer; nothing when that cannot be told.
    std::optional<std::uint64_t> settled_since_start() const;
    std::optional<std::uint64_t> rejected_since_start() const;
    // A counter went back: the server was started anew and counts from zero.
    bool server_restarted() const { return restarted_; }

  private:
    void answered(net::HttpClient& client, const net::HttpAnswer& answer) override;
    void failed(net::HttpClient& client, net::HttpFailure failure) override;

    net::HttpClient client_;
    const Clock& clock_;
    std::string question_;
    std::chrono::milliseconds answer_within_;
    std::optional<ServerCounters> newest_;
    std::optional<std::uint64_t> settled_at_start_;
    std::uint64_t settled_before_ = 0;
    std::uint64_t rejected_at_start_ = 0;
    std::uint64_t rejected_before_ = 0;
    bool outdated_ = false;  // the answer that is still to come
    std::uint64_t told_ = 0;
    bool restarted_ = false;
};

}  // namespace orderflow::load
