// SimThreads: the threads of a program on one real thread, with virtual time and an order that a seed decides.
//
// Each Thread does its own work first in, first out, as a real one does; which thread takes the next turn is drawn from
// the Entropy. One piece of work is one turn: what a turn does happens at one moment.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/base/executor.hpp"
#include "libs/testing/fake_clock.hpp"

namespace orderflow {

class SimThreads {
  public:
    class Thread final : public Executor {
      public:
        Thread(SimThreads& all, std::string name) : all_(all), name_(std::move(name)) {}
        Thread(const Thread&) = delete;
        Thread& operator=(const Thread&) = delete;
        ~Thread() override = default;

        void post(Work work) override { ready_.push_back(std::move(work)); }
        TimerId post_at(Instant at, Work work) override;
        void cancel(TimerId id) override;

        // The same thread for coroutines.
        boost::asio::any_io_executor loop();
        const std::string& name() const noexcept { return name_; }

        // It gets no turn until then: its processor is busy with something else.
        void stall_until(Instant until) { stalled_until_ = until; }

        // Forgets all its work, and what that posts while it is destroyed.
        void clear();

      private:
        friend class SimThreads;
        bool can_run(Instant now) const { return !ready_.empty() && stalled_until_ <= now; }
        std::optional<Instant> next_time() const;
        void fire_due(Instant now);

        SimThreads& all_;
        std::string name_;
        std::deque<Work> ready_;
        std::map<std::pair<Instant, std::uint64_t>, Work> timers_;
        Instant stalled_until_{};
    };

    // `entropy` decides the order; it outlives this.
    explicit SimThreads(Entropy& entropy) : entropy_(entropy) {}
    SimThreads(const SimThreads&) = delete;
    SimThreads& operator=(const SimThreads&) = delete;
    // Clears every thread.
    ~SimThreads();

    Thread& add(std::string name);
    FakeClock& clock() noexcept { return clock_; }

    // One turn of one thread that can run. When none can, time jumps to the next timer, but not beyond `until`.
    // Nothing: nothing is left to do before `until`, where time stands now.
    const Thread* step(Instant until);

    // How long one turn takes at most.
    static constexpr auto turn_max = std::chrono::microseconds(200);

  private:
    class LoopExecutor;

    Entropy& entropy_;
    FakeClock clock_;
    boost::asio::execution_context context_;
    std::vector<std::unique_ptr<Thread>> threads_;
    std::vector<Thread*> runnable_;  // of the turn; kept to save its memory
    std::uint64_t next_timer_ = 1;
};

}  // namespace orderflow
