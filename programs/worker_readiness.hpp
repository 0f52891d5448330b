// WorkerReadiness: whether the worker can work: its queues and its order store answer.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libs/async/shared_answer.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "programs/queue_probe.hpp"
#include "programs/readiness.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow {

// For one loop, which need not be the worker's.
class WorkerReadiness {
  public:
    // Shorter than the time of a probe (status_server.cpp): the reason is told, not a time-out.
    static constexpr BootClock::duration patience = 2s;
    static constexpr BootClock::duration answer_good_for = 1s;

    struct Parts {
        std::vector<NamedQueue> queues;
        orders::OrderStore& store;
        // What the worker says of itself; it answers on its own loop, or not at all when that hangs.
        std::function<task<worker::WorkerState>()> state;
    };
    // Everything referred to outlives the work of `loop`, which outlives this.
    WorkerReadiness(Parts parts, orders::LoopParts loop);

    // Sentences for people. Asked for together, and good for a second. Paused queues are a remark: an operator wants
    // it.
    task<Readiness> get() { return answer_.get(); }

  private:
    task<Readiness> ask();

    Parts parts_;
    orders::LoopParts loop_;
    SharedAnswer<Readiness> answer_;
};

}  // namespace orderflow
