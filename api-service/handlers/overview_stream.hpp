// OverviewStream: the overview once a second as server-sent events (HTML Living Standard, section 9.2).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "api-service/overview_desk.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"

namespace orderflow::api {

// For the loop of its connection. A second in which the overview cannot be read has a heartbeat instead, so that a
// reader knows that the connection is well.
class OverviewStream final : public net::StreamBody {
  public:
    static constexpr BootClock::duration every = 1s;

    // Null when `open_max` of them are open. `open` counts them. `desk` outlives it.
    static std::shared_ptr<OverviewStream> open(OverviewDesk& desk, orders::LoopParts loop,
                                                std::shared_ptr<std::atomic<int>> open, int open_max);
    ~OverviewStream() override;
    OverviewStream(const OverviewStream&) = delete;
    OverviewStream& operator=(const OverviewStream&) = delete;

    // Ends (the client comes back) after stream_time.
    task<std::optional<std::string>> next(std::stop_token stop) override;

  private:
    OverviewStream(OverviewDesk& desk, orders::LoopParts loop, std::shared_ptr<std::atomic<int>> open);

    OverviewDesk& desk_;
    orders::LoopParts loop_;
    std::shared_ptr<std::atomic<int>> open_;
    Instant end_at_;
    std::optional<Instant> next_at_;  // nothing: it has said nothing yet
};

}  // namespace orderflow::api
