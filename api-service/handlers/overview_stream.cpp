#include "api-service/handlers/overview_stream.hpp"

#include <algorithm>
#include <utility>

#include "api-service/stream_time.hpp"
#include "libs/async/sleep.hpp"
#include "libs/contract/timestamp.hpp"

namespace orderflow::api {

std::shared_ptr<OverviewStream> OverviewStream::open(OverviewDesk& desk, orders::LoopParts loop,
                                                     std::shared_ptr<std::atomic<int>> open, int open_max) {
    if (open->fetch_add(1) >= open_max) {
        open->fetch_sub(1);
        return nullptr;
    }
    return std::shared_ptr<OverviewStream>(new OverviewStream(desk, std::move(loop), std::move(open)));
}

OverviewStream::OverviewStream(OverviewDesk& desk, orders::LoopParts loop, std::shared_ptr<std::atomic<int>> open)
    : desk_(desk), loop_(std::move(loop)), open_(std::move(open)), end_at_(loop_.clock.now() + stream_time) {}

OverviewStream::~OverviewStream() { open_->fetch_sub(1); }

task<std::optional<std::string>> OverviewStream::next(std::stop_token stop) {
    std::string text;
    if (!next_at_) text = "retry: 2000\n\n";
    const auto at = next_at_.value_or(loop_.clock.now());
    co_await sleep_until(loop_.timers, at, stop);
    if (stop.stop_requested() || at >= end_at_) co_return std::nullopt;
    const auto overview = co_await desk_.overview(loop_);
    // A reader that was slow is not sent what it has missed.
    next_at_ = std::max(at + every, loop_.clock.now());
    if (overview) {
        text += "event: overview\ndata: " + **overview + "\n\n";
    } else {
        text += "event: heartbeat\ndata: {\"at\":\"" + contract::to_timestamp(loop_.clock.wall()) + "\"}\n\n";
    }
    co_return text;
}

}  // namespace orderflow::api
