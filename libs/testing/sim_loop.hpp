// SimLoop: one thread, one queue of work, virtual time. Coroutines and Executors of a test or a simulation all run on
// it, in a fixed order, so that the same inputs give the same run.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <map>
#include <optional>
#include <utility>

#include "libs/async/task.hpp"
#include "libs/base/executor.hpp"
#include "libs/testing/fake_clock.hpp"

namespace orderflow {

class SimLoop final : public Executor {
  public:
    SimLoop() = default;
    SimLoop(const SimLoop&) = delete;
    SimLoop& operator=(const SimLoop&) = delete;
    // What still waits is destroyed, timers first: the coroutines they own refer to the context.
    ~SimLoop() override { std::exchange(timers_, {}).clear(); }

    FakeClock& clock() { return clock_; }
    boost::asio::io_context& context() { return context_; }

    void post(Work work) override { boost::asio::post(context_, std::move(work)); }
    TimerId post_at(Instant at, Work work) override {
        const auto id = next_id_++;
        timers_.emplace(std::pair(at, id), std::move(work));
        return TimerId{id};
    }
    void cancel(TimerId id) override {
        std::erase_if(timers_, [id](const auto& entry) { return entry.first.second == std::to_underlying(id); });
    }

    // Starts a coroutine; run_ready() or advance() moves it on.
    void spawn(task<void> work) {
        boost::asio::co_spawn(context_, std::move(work), [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    }

    // Runs everything that can run without time passing.
    void run_ready() {
        do {
            context_.restart();
            while (context_.poll() > 0) context_.restart();
        } while (fire_due());
    }

    // Lets `by` pass, stopping at every timer on the way.
    void advance(BootClock::duration by) {
        const auto end = clock_.now() + by;
        run_ready();
        while (!timers_.empty() && timers_.begin()->first.first <= end) {
            const auto at = timers_.begin()->first.first;
            if (at > clock_.now()) clock_.advance(at - clock_.now());
            run_ready();
        }
        clock_.advance(end - clock_.now());
        run_ready();
    }

    // The time of the next timer, if any.
    std::optional<Instant> next_timer() const {
        if (timers_.empty()) return std::nullopt;
        return timers_.begin()->first.first;
    }

    // Runs `work` to its end, letting time jump to the next timer whenever nothing else can run.
    template <class T>
    T run(task<T> work) {
        std::optional<T> result;
        spawn(store_result(std::move(work), result));
        run_ready();
        while (!result && !timers_.empty()) {
            const auto at = timers_.begin()->first.first;
            advance(std::max(BootClock::duration::zero(), at - clock_.now()));
        }
        return std::move(result).value();
    }
    void run(task<void> work) {
        bool done = false;
        spawn(mark_done(std::move(work), done));
        run_ready();
        while (!done && !timers_.empty()) {
            advance(std::max(BootClock::duration::zero(), timers_.begin()->first.first - clock_.now()));
        }
    }

  private:
    template <class T>
    static task<void> store_result(task<T> work, std::optional<T>& out) {
        out.emplace(co_await std::move(work));
    }
    static task<void> mark_done(task<void> work, bool& done) {
        co_await std::move(work);
        done = true;
    }
    bool fire_due() {
        bool any = false;
        while (!timers_.empty() && timers_.begin()->first.first <= clock_.now()) {
            auto due = timers_.extract(timers_.begin());
            post(std::move(due.mapped()));
            any = true;
        }
        return any;
    }

    FakeClock clock_;
    boost::asio::io_context context_;
    std::map<std::pair<Instant, std::uint64_t>, Work> timers_;
    std::uint64_t next_id_ = 1;
};

}  // namespace orderflow
