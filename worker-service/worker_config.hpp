// The worker's settings, with their units and what they are good for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "libs/base/clock.hpp"
#include "libs/orders/application/processing/order_processing.hpp"
#include "libs/orders/domain/hold_limit.hpp"
#include "worker-service/worker_role.hpp"

namespace orderflow::worker {

struct LeasePolicy {
    std::chrono::seconds timeout = 60s;    // asked for with each receive and extension
    std::chrono::seconds extend_at = 30s;  // an extension is due when this much is left
    // Amazon SQS holds a message for 12 h at most, whatever is asked for. After this it is let go.
    std::chrono::seconds hold_max = 11h;
};

struct ConsumerPolicy {
    std::size_t receives = 1;          // outstanding at once
    std::size_t in_progress_max = 32;  // messages; receiving stops there
    // Messages in progress at first; one more for each change that is committed, up to in_progress_max. A process that
    // ends again and again spends a receive of these few only, and they are the oldest: as long as each life commits
    // something, none of them reaches the queue's maxReceiveCount (20) for the company it kept.
    std::size_t in_progress_first = 10;
    std::size_t queue_calls_max = 1;  // deletes and visibility changes outstanding at once, each
    // A delete or a visibility change waits so long for company: nobody waits for it, and it costs a call.
    std::chrono::milliseconds linger{0};
    std::chrono::milliseconds long_poll = 20s;
    // A receive that has neither answer nor error after this is stalled: the long poll, 10 s that the adapter's call
    // may take besides (SqsQueueOptions::call_time), and as long again and half of it as margin.
    std::chrono::milliseconds receive_limit = 45s;
    orders::BackoffPolicy queue_retry{100ms, 5s};  // between calls to a queue that fails
    LeasePolicy lease;
};

inline ConsumerPolicy consumer_of(std::size_t receives, std::size_t in_progress_max, std::size_t queue_calls_max) {
    ConsumerPolicy policy;
    policy.receives = receives;
    policy.in_progress_max = in_progress_max;
    policy.queue_calls_max = queue_calls_max;
    policy.linger = 5ms;
    return policy;
}

struct WorkerConfig {
    // Of the queues, which it receives from. Upkeep is not the service's own.
    WorkerDuties duties = duties_of(WorkerRole::all);
    // As many as fill large transactions while their payments are asked for: with 512 orders in progress and groups of
    // 256 a fifth fewer orders were settled a second, at 6 % more CPU (docs/speed.md).
    ConsumerPolicy orders = consumer_of(8, 2048, 8);
    ConsumerPolicy commands = consumer_of(2, 128, 2);
    ConsumerPolicy dead_letters = consumer_of(1, 32, 1);
    orders::GroupPolicy groups{.pace = 5ms};
    orders::CircuitPolicy circuit{};
    orders::ProcessingPolicy processing{};
    // Of one worker with one command of an operator: less than LeasePolicy::hold_max.
    std::chrono::seconds operating_turn_max = 10h;
};

struct SweepPolicy {
    orders::HoldLimits limits;
    std::chrono::seconds every = 1min;
    // A command that was sent is not sent again before this, unless another process starts: it may wait in its queue.
    // An order's own message not before HoldLimits::lost_after.
    std::chrono::seconds resend_after = 1h;
    std::uint32_t pages_max = 100;  // of 100 orders, in one round; the next one goes on behind them
};

}  // namespace orderflow::worker
