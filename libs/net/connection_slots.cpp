#include "libs/net/connection_slots.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::net {

struct ConnectionSlots::Waiter {
    explicit Waiter(Executor& timers) : granted(timers) {}
    Signal granted;
    std::optional<Slot> slot;
};

struct ConnectionSlots::Server {
    struct Idle {
        std::shared_ptr<ClientStream> stream;
        Instant since;
    };
    std::string name;
    std::size_t open = 0;    // slots, and idle connections
    std::vector<Idle> idle;  // the one used last stands last
    std::deque<std::shared_ptr<Waiter>> waiting;
};

struct ConnectionSlots::State : std::enable_shared_from_this<State> {
    State(Executor& t, const Clock& c, Limits l) : timers(t), clock(c), limits(l) {}

    std::shared_ptr<Server> server_of(const std::string& name) {
        auto& server = servers[name];
        if (!server) {
            server = std::make_shared<Server>();
            server->name = name;
        }
        return server;
    }

    // A server that was closed while idle is noticed here, not by the request.
    std::shared_ptr<ClientStream> take_idle(Server& server) {
        while (!server.idle.empty()) {
            auto stream = std::move(server.idle.back().stream);
            server.idle.pop_back();
            if (stream->is_quiet()) return stream;
            --server.open;
        }
        return nullptr;
    }

    void release(const std::shared_ptr<Server>& server, std::shared_ptr<ClientStream> kept) {
        if (!server->waiting.empty()) {
            const auto next = std::move(server->waiting.front());
            server->waiting.pop_front();
            if (kept && !kept->is_quiet()) kept = nullptr;
            next->slot.emplace(shared_from_this(), server, std::move(kept));
            next->granted.notify();
            return;
        }
        if (kept && !closed) {
            server->idle.push_back({std::move(kept), clock.now()});
            schedule_sweep();
            return;
        }
        --server->open;
        forget_if_unused(*server);
    }

    void forget_if_unused(const Server& server) {
        if (server.open == 0 && server.waiting.empty()) servers.erase(std::string(server.name));
    }

    void schedule_sweep() {
        if (sweep_scheduled) return;
        std::optional<Instant> oldest;
        for (const auto& [name, server] : servers) {
            if (server->idle.empty()) continue;
            oldest = std::min(oldest.value_or(Instant::max()), server->idle.front().since);
        }
        if (!oldest) return;
        sweep_scheduled = true;
        timers.post_at(*oldest + limits.idle_time, [weak = weak_from_this()] {
            if (const auto self = weak.lock(); self && !self->closed) self->sweep();
        });
    }

    void sweep() {
        sweep_scheduled = false;
        const auto now = clock.now();
        for (auto at = servers.begin(); at != servers.end();) {
            const auto server = (at++)->second;
            server->open -=
                std::erase_if(server->idle, [&](const auto& idle) { return idle.since + limits.idle_time <= now; });
            forget_if_unused(*server);
        }
        schedule_sweep();
    }

    Executor& timers;
    const Clock& clock;
    Limits limits;
    std::map<std::string, std::shared_ptr<Server>, std::less<>> servers;
    bool sweep_scheduled = false;
    bool closed = false;
};

ConnectionSlots::ConnectionSlots(Executor& timers, const Clock& clock, Limits limits)
    : state_(std::make_shared<State>(timers, clock, limits)) {}

ConnectionSlots::~ConnectionSlots() {
    state_->closed = true;
    close_idle();
}

void ConnectionSlots::close_idle() {
    for (const auto& [name, server] : state_->servers) {
        server->open -= server->idle.size();
        server->idle.clear();
    }
}

task<Result<ConnectionSlots::Slot>> ConnectionSlots::acquire(std::string name, Instant deadline, std::stop_token stop) {
    const auto state = state_;
    const auto server = state->server_of(name);
    if (auto stream = state->take_idle(*server)) co_return Slot(state, server, std::move(stream));
    if (server->open < state->limits.connections) {
        ++server->open;
        co_return Slot(state, server, nullptr);
    }
    if (server->waiting.size() >= state->limits.waiting) {
        co_return fail(ErrorKind::throttled, "http.busy", "too many requests wait for a connection to " + name);
    }
    const auto waiter = std::make_shared<Waiter>(state->timers);
    server->waiting.push_back(waiter);
    while (!waiter->slot && !stop.stop_requested()) {
        if (co_await waiter->granted.wait_until(deadline, stop) == Woken::by_time) break;
    }
    if (waiter->slot) {
        auto slot = std::move(*waiter->slot);
        waiter->slot.reset();
        co_return slot;
    }
    std::erase(server->waiting, waiter);
    state->forget_if_unused(*server);
    co_return fail(ErrorKind::unavailable, "http.connect", "no connection became free: " + name);
}

std::size_t ConnectionSlots::open() const noexcept {
    std::size_t count = 0;
    for (const auto& [name, server] : state_->servers) count += server->open;
    return count;
}

std::size_t ConnectionSlots::idle() const noexcept {
    std::size_t count = 0;
    for (const auto& [name, server] : state_->servers) count += server->idle.size();
    return count;
}

std::size_t ConnectionSlots::waiting() const noexcept {
    std::size_t count = 0;
    for (const auto& [name, server] : state_->servers) count += server->waiting.size();
    return count;
}

ConnectionSlots::Slot::Slot(std::shared_ptr<State> state, std::shared_ptr<Server> server,
                            std::shared_ptr<ClientStream> with)
    : stream(std::move(with)), state_(std::move(state)), server_(std::move(server)) {}

ConnectionSlots::Slot::Slot(Slot&& other) noexcept
    : stream(std::move(other.stream)),
      state_(std::exchange(other.state_, nullptr)),
      server_(std::move(other.server_)),
      keep_(other.keep_) {}

ConnectionSlots::Slot::~Slot() {
    if (!state_) return;
    state_->release(server_, keep_ ? std::move(stream) : nullptr);
}

}  // namespace orderflow::net
