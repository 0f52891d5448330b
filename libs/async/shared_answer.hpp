// SharedAnswer: a question that many ask is put once at a time, and its answer is good for a while. For health probes,
// which come from several places and must cost nothing.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/base/clock.hpp"

namespace orderflow {

// For one loop. It outlives every get().
template <class T>
class SharedAnswer {
  public:
    using Ask = std::function<task<T>()>;

    // `timers` and `clock` outlive it. `ask` has a deadline of its own: who comes meanwhile waits for its answer.
    SharedAnswer(Executor& timers, const Clock& clock, BootClock::duration good_for, Ask ask)
        : clock_(clock), good_for_(good_for), ask_(std::move(ask)), ended_(timers) {}
    SharedAnswer(const SharedAnswer&) = delete;
    SharedAnswer& operator=(const SharedAnswer&) = delete;

    // Not older than `good_for`. What the question throws is thrown to the one who put it; the next puts it again.
    task<T> get() {
        while (asking_) co_await ended_.wait_until(Instant::max());
        if (answer_ && clock_.now() < good_until_) co_return *answer_;
        asking_ = true;
        const Turn turn(*this);
        answer_.emplace(co_await ask_());
        good_until_ = clock_.now() + good_for_;
        co_return *answer_;
    }

  private:
    class Turn {
      public:
        explicit Turn(SharedAnswer& of) : of_(of) {}
        ~Turn() {
            of_.asking_ = false;
            of_.ended_.notify();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

      private:
        SharedAnswer& of_;
    };

    const Clock& clock_;
    BootClock::duration good_for_;
    Ask ask_;
    Signal ended_;
    bool asking_ = false;
    std::optional<T> answer_;
    Instant good_until_{};
};

}  // namespace orderflow
