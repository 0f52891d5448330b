// AsioExecutor: an Executor on an Asio io_context, for timers and posts beside coroutines on that context.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "libs/base/executor.hpp"

namespace orderflow {

// `loop` must run functions one at a time (an io_context with one thread, or a strand). Its timers follow `clock`,
// which must be the operating system's: the simulation uses libs/testing/sim_loop.hpp instead. cancel() from any
// thread.
class AsioExecutor final : public Executor {
  public:
    AsioExecutor(boost::asio::any_io_executor loop, const Clock& clock);
    // Pending timers are dropped. On the loop's thread, or after the loop has ended.
    ~AsioExecutor() override;
    AsioExecutor(const AsioExecutor&) = delete;
    AsioExecutor& operator=(const AsioExecutor&) = delete;

    void post(Work work) override;
    TimerId post_at(Instant at, Work work) override;
    void cancel(TimerId id) override;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace orderflow
