// answer_within(): waits for a piece of work, but not for ever. Work that comes too late goes on alone and its answer
// is dropped, so it may only refer to what outlives the loop's work.
#pragma once

#include <exception>
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
    std::exception_ptr thrown;
    bool awaited = true;
};

template <class T>
task<void> deliver(task<T> work, std::shared_ptr<AwaitedAnswer<T>> into) {
    try {
        into->value.emplace(co_await std::move(work));
    } catch (...) {
        if (!into->awaited) throw;  // nobody is left to hear of it: it leaves the loop's run()
        into->thrown = std::current_exception();
    }
    into->arrived.notify();
}

}  // namespace detail

// The answer of `work` (what it throws is thrown here), or nothing when `until` or a stop comes first. `timers`
// outlives the wait; `spawn` and `timers` are of the loop of the waiting coroutine.
template <class T>
task<std::optional<T>> answer_within(Spawner spawn, Executor& timers, task<T> work, Instant until,
                                     std::stop_token stop = {}) {
    const auto answer = std::make_shared<detail::AwaitedAnswer<T>>(timers);
    spawn(detail::deliver(std::move(work), answer));
    while (!answer->value && !answer->thrown && !stop.stop_requested()) {
        if (co_await answer->arrived.wait_until(until, stop) == Woken::by_time) break;
    }
    answer->awaited = false;
    if (answer->thrown) std::rethrow_exception(answer->thrown);
    co_return std::move(answer->value);
}

}  // namespace orderflow
