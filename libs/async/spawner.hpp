// Spawner: starts coroutines on one loop from plain functions, such as a timer or the start of a component.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "libs/async/task.hpp"

namespace orderflow {

// A cheap value. Any thread.
class Spawner {
  public:
    // `loop` runs functions one at a time.
    explicit Spawner(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

    // The work begins in a later turn of the loop, never inside the call. Nobody waits for it: whatever it refers to
    // must outlive it, which a Gate can see to. What it throws leaves the loop's run().
    void operator()(task<void> work) const;

  private:
    boost::asio::any_io_executor loop_;
};

}  // namespace orderflow
