// answer_within(): waits for a piece of work, but not for ever. Work that comes too late goes on alone and its answer
// is dropped, so it may only refer to what outlives the loop's work.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/async/spawner.hpp"
#include "libs/async/task.hpp"

namespace orderflow {

namespace detail {

template <class T>
struct AwaitedAnswer {
    explicit AwaitedAnswer(Executor& timers) : arrived(timers) {}
    Signal arrived;
    std::optional<T> value;
};

template <class T>
task<void> deliver(task<T> work, std::shared_ptr<AwaitedAnswer<T>> into) {
    into->value.emplace(co_await std::move(work));
    into->arrived.notify();
}

}  // namespace detail

// The answer of `work`, or nothing when `until` or a stop comes first. `timers` outlives the wait; `spawn` and `timers`
// are of the loop of the waiting coroutine.
template <class T>
task<std::optional<T>> answer_within(Spawner spawn, Executor& timers, task<T> work, Instant until,
                                     std::stop_token stop = {}) {
    const auto answer = std::make_shared<detail::AwaitedAnswer<T>>(timers);
    spawn(detail::deliver(std::move(work), answer));
    while (!answer->value && !stop.stop_requested()) {
        if (co_await answer->arrived.wait_until(until, stop) == Woken::by_time) break;
    }
    co_return std::move(answer->value);
}

}  // namespace orderflow
