#include "libs/net/http_server.hpp"

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "libs/base/invariant.hpp"
#include "libs/net/http_core.hpp"

namespace orderflow::net {

namespace {

// A peer that acknowledges nothing for this many write times is gone, also on a silent stream.
constexpr int write_times_until_gone = 3;

std::size_t share(std::size_t total, unsigned cores) { return std::max<std::size_t>(1, total / cores); }

HttpLimits per_core(HttpLimits limits, unsigned cores) {
    limits.connections = share(limits.connections, cores);
    limits.in_flight = share(limits.in_flight, cores);
    limits.streams = share(limits.streams, cores);
    return limits;
}

task<void> stop_listening(std::shared_ptr<HttpCore> core, std::promise<void> done) {
    core->stop_listening();
    done.set_value();
    co_return;
}

task<void> stop_core(std::shared_ptr<HttpCore> core, BootClock::duration drain, std::promise<bool> ended) {
    ended.set_value(co_await core->stop(drain));
}

}  // namespace

struct HttpServer::State {
    State(Parts p, HttpLimits l) : parts(p), limits(l) {}

    Parts parts;
    HttpLimits limits;
    ListenAddress bound;
    std::vector<std::shared_ptr<HttpCore>> cores;
    std::mutex stopping;
    bool started = false;
    std::optional<bool> stopped;  // set once: whether every request was answered
};

HttpServer::HttpServer(Parts parts, HttpLimits limits) : state_(std::make_unique<State>(parts, limits)) {}
HttpServer::~HttpServer() { stop(0s); }

Result<void> HttpServer::listen(const ListenAddress& address) {
    auto& runtime = state_->parts.runtime;
    const auto cores = runtime.cores();
    const auto limits = per_core(state_->limits, cores);
    const auto user_timeout = write_times_until_gone * limits.write_time;
    auto first = HttpAcceptor::open(runtime.loop(0), address, user_timeout);
    if (!first) return fail(std::move(first).error());
    state_->bound = first->bound();
    std::vector<HttpAcceptor> acceptors;
    acceptors.push_back(std::move(*first));
    for (unsigned i = 1; i < cores; ++i) {
        auto next = acceptors.front().open_beside(runtime.loop(i), user_timeout);
        if (!next) return fail(std::move(next).error());
        acceptors.push_back(std::move(*next));
    }
    for (unsigned i = 0; i < cores; ++i) {
        state_->cores.push_back(std::make_shared<HttpCore>(HttpCore::Parts{.loop = runtime.loop(i),
                                                                           .executor = runtime.executor(i),
                                                                           .clock = state_->parts.clock,
                                                                           .entropy = state_->parts.entropy,
                                                                           .router = state_->parts.router,
                                                                           .observer = state_->parts.observer,
                                                                           .limits = limits,
                                                                           .acceptor = std::move(acceptors[i])}));
    }
    return {};
}

ListenAddress HttpServer::bound() const { return state_->bound; }

void HttpServer::start() {
    ORDERFLOW_INVARIANT(!state_->cores.empty() && !state_->started);
    state_->started = true;
    for (unsigned i = 0; i < state_->cores.size(); ++i) {
        state_->parts.runtime.executor(i).post([core = state_->cores[i]] { core->start(); });
    }
}

bool HttpServer::stop(BootClock::duration drain) {
    const std::lock_guard lock(state_->stopping);
    if (state_->stopped) return *state_->stopped;
    bool clean = true;
    if (state_->started) {
        // No core sends its clients away before all have stopped listening: they would connect to another one, whose
        // listener closes on them.
        std::vector<std::future<void>> deaf;
        for (unsigned i = 0; i < state_->cores.size(); ++i) {
            std::promise<void> promise;
            deaf.push_back(promise.get_future());
            state_->parts.runtime.spawn(stop_listening(state_->cores[i], std::move(promise)), i);
        }
        for (auto& core : deaf) core.wait();
        std::vector<std::future<bool>> ended;
        for (unsigned i = 0; i < state_->cores.size(); ++i) {
            std::promise<bool> promise;
            ended.push_back(promise.get_future());
            state_->parts.runtime.spawn(stop_core(state_->cores[i], drain, std::move(promise)), i);
        }
        for (auto& core : ended) clean = core.get() && clean;
    }
    state_->stopped = clean;
    return clean;
}

std::size_t HttpServer::connections() const noexcept {
    std::size_t sum = 0;
    for (const auto& core : state_->cores) sum += core->connections();
    return sum;
}

std::size_t HttpServer::in_flight() const noexcept {
    std::size_t sum = 0;
    for (const auto& core : state_->cores) sum += core->in_flight();
    return sum;
}

}  // namespace orderflow::net
