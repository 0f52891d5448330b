#include "libs/async/sleep.hpp"

#include <atomic>
#include <optional>

namespace orderflow {

// Whoever comes first, the timer, the stop or the signal, completes; the others find it done.
struct Signal::Waiter {
    explicit Waiter(Completion<Woken> d) : done(std::move(d)) {}
    void finish(Woken why) {
        if (!finished.exchange(true)) done.complete(why);
    }
    Completion<Woken> done;
    std::atomic<bool> finished = false;
};

namespace {

template <class Waiter>
struct WakeOnStop {
    std::weak_ptr<Waiter> waiter;
    void operator()() const {
        if (auto waiting = waiter.lock()) waiting->finish(Woken::by_signal);
    }
};

}  // namespace

task<Woken> sleep_until(Executor& timers, Instant until, std::stop_token stop) {
    Signal never(timers);
    co_return co_await never.wait_until(until, std::move(stop));
}

void Signal::notify() {
    auto woken = std::exchange(waiters_, {});
    bool any = false;
    for (auto& weak : woken) {
        if (auto waiter = weak.lock()) {
            any = true;
            waiter->finish(Woken::by_signal);
        }
    }
    pending_ = !any;
}

task<Woken> Signal::wait_until(Instant until, std::stop_token stop) {
    if (std::exchange(pending_, false) || stop.stop_requested()) co_return Woken::by_signal;
    // The timer owns the waiter, and the waiter this coroutine: an owning pointer here would be a cycle.
    Executor::TimerId timer = Executor::TimerId::none;
    std::optional<std::stop_callback<WakeOnStop<Waiter>>> on_stop;
    const auto why = co_await await_completion<Woken>([&](Completion<Woken> done) {
        auto waiter = std::make_shared<Waiter>(std::move(done));
        std::erase_if(waiters_, [](const auto& weak) { return weak.expired(); });
        waiters_.push_back(waiter);
        timer = timers_.post_at(until, [waiter] { waiter->finish(Woken::by_time); });
        on_stop.emplace(stop, WakeOnStop<Waiter>{waiter});
    });
    on_stop.reset();
    timers_.cancel(timer);
    co_return why;
}

}  // namespace orderflow
