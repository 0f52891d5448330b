// ObservedRetention: retention's metric and log lines.
#pragma once

#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "worker-service/retention_observer.hpp"

namespace orderflow::worker {

class ObservedRetention final : public RetentionObserver {
  public:
    // Both outlive it.
    ObservedRetention(observe::Metrics& metrics, const observe::Logger& log)
        : log_(log),
          archived_(metrics.counter("orderflow_orders_archived_total",
                                    "Orders that were archived and replaced by a tombstone.")) {}

    void archived(std::size_t orders) override {
        archived_.add(orders);
        log_.info("retention.archived", {{"orders", static_cast<std::int64_t>(orders)}});
    }
    void retention_failed(const Error& why) override {
        log_.error("retention.failed", {{"code", why.code()}, {"detail", why.detail()}});
    }

  private:
    const observe::Logger& log_;
    observe::Counter& archived_;
};

}  // namespace orderflow::worker
