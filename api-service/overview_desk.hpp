// OverviewDesk: puts the overview together from the store and the queues.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api-service/api_parts.hpp"
#include "api-service/intake_loop.hpp"
#include "libs/instances/overview.hpp"

namespace orderflow::api {

// Any loop. Everything passed in outlives it, and so does what was asked and took too long.
class OverviewDesk {
  public:
    // Many look at the same overview: it is made once in this time.
    static constexpr BootClock::duration good_for = 1s;
    // Queues that do not answer in this time are told as the workers saw them last.
    static constexpr BootClock::duration queue_patience = 1s;
    // Instances that were silent for longer are not told of.
    static constexpr std::chrono::hours told_for{1};

    explicit OverviewDesk(const ApiParts& parts) : parts_(parts) {}

    // Schema Overview, not older than `good_for`; a bit older while somebody makes the next one. The errors of the
    // readers.
    task<Result<std::shared_ptr<const std::string>>> overview(orders::LoopParts loop);

    // Schema OverviewHistory. `from` < `until`, `step` > 0.
    task<Result<std::string>> history(WallTime from, WallTime until, std::chrono::seconds step);

    // Schema Workers.
    task<Result<std::string>> workers();

  private:
    struct Made {
        std::shared_ptr<const std::string> text;
        Instant at;
    };
    class Turn;

    task<Result<std::string>> make(orders::LoopParts loop);
    task<std::vector<instances::QueueLevel>> ask_queues(orders::LoopParts loop);

    const ApiParts& parts_;
    std::mutex mutex_;
    Made made_{};          // under the mutex
    bool making_ = false;  // under the mutex
};

}  // namespace orderflow::api
