#include "libs/net/runtime.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <thread>
#include <vector>

#include "libs/async/asio_executor.hpp"
#include "libs/base/invariant.hpp"

namespace orderflow::net {

struct Runtime::Core {
    explicit Core(const Clock& clock) : work(context.get_executor()), executor(context.get_executor(), clock) {}

    boost::asio::io_context context{1};  // run by one thread
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    AsioExecutor executor;  // before the context in destruction: its timer belongs to it
    std::thread thread;
};

struct Runtime::State {
    std::vector<std::unique_ptr<Core>> cores;
    std::string thread_name;
    bool started = false;
};

Runtime::Runtime(const Clock& clock, unsigned cores, std::string thread_name) : state_(std::make_unique<State>()) {
    ORDERFLOW_INVARIANT(cores >= 1);
    thread_name.resize(std::min<std::size_t>(thread_name.size(), 15));  // what the kernel keeps
    state_->thread_name = std::move(thread_name);
    for (unsigned i = 0; i < cores; ++i) state_->cores.push_back(std::make_unique<Core>(clock));
}

Runtime::~Runtime() { stop(); }

unsigned Runtime::cores() const noexcept { return static_cast<unsigned>(state_->cores.size()); }
unsigned Runtime::machine_cores() noexcept { return std::max(1U, std::thread::hardware_concurrency()); }
Executor& Runtime::executor(unsigned core) { return state_->cores.at(core)->executor; }
boost::asio::any_io_executor Runtime::loop(unsigned core) { return state_->cores.at(core)->context.get_executor(); }

void Runtime::spawn(task<void> work, unsigned core) {
    boost::asio::co_spawn(loop(core), std::move(work), [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
}

void Runtime::start() {
    if (std::exchange(state_->started, true)) return;
    for (auto& core : state_->cores) {
        core->thread = std::thread([&context = core->context] { context.run(); });
        pthread_setname_np(core->thread.native_handle(), state_->thread_name.c_str());
    }
}

void Runtime::stop() {
    for (auto& core : state_->cores) core->context.stop();
    for (auto& core : state_->cores) {
        if (core->thread.joinable()) core->thread.join();
    }
}

}  // namespace orderflow::net
