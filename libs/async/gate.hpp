// Gate: stop taking work, then wait for the work inside. Closing order of every service: stop accepting, close the
// gate, drain with a deadline, cancel, stop.
#pragma once

#include <cstddef>
#include <utility>

#include "libs/async/sleep.hpp"

namespace orderflow {

// For one executor; no locks.
class Gate {
  public:
    explicit Gate(Executor& timers) : emptied_(timers) {}
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    // Holds the gate open for the work it belongs to.
    class Pass {
      public:
        explicit Pass(Gate* gate) : gate_(gate) {}
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_ != nullptr) gate_->leave();
        }
        // False when the gate was already closed: the work must not start.
        explicit operator bool() const noexcept { return gate_ != nullptr; }

      private:
        Gate* gate_;
    };

    Pass enter() {
        if (closed_) return Pass(nullptr);
        ++inside_;
        return Pass(this);
    }
    std::size_t inside() const noexcept { return inside_; }
    bool closed() const noexcept { return closed_; }
    void close() noexcept { closed_ = true; }

    // Closes, then waits until nobody is inside. False when `until` came first.
    task<bool> drain_until(Instant until) {
        close();
        while (inside_ > 0) {
            if (co_await emptied_.wait_until(until) == Woken::by_time) co_return inside_ == 0;
        }
        co_return true;
    }

  private:
    void leave() {
        if (--inside_ == 0 && closed_) emptied_.notify();
    }

    Signal emptied_;
    std::size_t inside_ = 0;
    bool closed_ = false;
};

}  // namespace orderflow
