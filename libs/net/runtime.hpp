// Runtime: the threads that run network code, one event loop per core. A connection lives and dies on its core, so
// session and handler state needs no lock; values cross cores by post().
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"

namespace orderflow::net {

class Runtime {
  public:
    // `cores` >= 1 threads start in start(). `clock` is the operating system's and outlives the runtime.
    explicit Runtime(const Clock& clock, unsigned cores = 1, std::string thread_name = "net");
    // stop(), then destroys what still waits on the loops: whatever coroutines refer to must outlive the runtime.
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    unsigned cores() const noexcept;
    // Of the machine, as far as it says; at least 1.
    static unsigned machine_cores() noexcept;
    // Timers and posts of one core; for Signals, Gates and the executor of asynchronous calls. Any thread.
    Executor& executor(unsigned core = 0);
    boost::asio::any_io_executor loop(unsigned core = 0);
    // Runs a coroutine on a core. What it throws ends the process: catch inside. Any thread.
    void spawn(task<void> work, unsigned core = 0);

    // Starts the threads. Idempotent.
    void start();
    // Ends the loops at once and joins the threads; servers are stopped before. Idempotent. Not on a core.
    void stop();

  private:
    struct Core;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::net
