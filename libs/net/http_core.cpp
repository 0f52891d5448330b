#include "libs/net/http_core.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "libs/net/http_session.hpp"

namespace orderflow::net {

namespace {

constexpr std::size_t max_refusals = 64;
constexpr BootClock::duration accept_pause = 100ms;

BootClock::duration tick_of(const HttpLimits& limits) {
    const auto shortest = std::min({limits.header_time, limits.body_time, limits.write_time, limits.handler_time,
                                    limits.handler_grace, limits.idle_time, limits.linger_time});
    return std::clamp<BootClock::duration>(shortest / 4, 5ms, 250ms);
}

}  // namespace

HttpCore::HttpCore(Parts parts)
    : parts_(std::move(parts)),
      gate_(parts_.executor),
      request_ids_(parts_.entropy),
      tick_every_(tick_of(parts_.limits)) {}

HttpCore::~HttpCore() = default;

void HttpCore::spawn(task<void> work) {
    boost::asio::co_spawn(parts_.loop, std::move(work), [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
}

void HttpCore::start() { spawn(accept_loop(shared_from_this())); }

task<void> HttpCore::accept_loop(std::shared_ptr<HttpCore> self) {
    while (parts_.acceptor.is_open()) {
        auto outcome = co_await parts_.acceptor.accept();
        if (outcome.connected) admit(std::move(*outcome.connected));
        if (outcome.failure.empty()) continue;
        parts_.observer.accept_failed(outcome.failure);
        co_await sleep_until(parts_.executor, now() + accept_pause, stop_accepting_.get_token());
    }
    self.reset();
}

void HttpCore::admit(HttpAcceptor::Connected connected) {
    const bool full = connections() >= parts_.limits.connections && !make_room();
    if (full && refusals_ >= max_refusals) return;  // closes it
    auto pass = gate_.enter();
    if (!pass) return;
    const auto admission = full                   ? HttpSession::Admission::refused
                           : connected.on_reserve ? HttpSession::Admission::on_reserve
                                                  : HttpSession::Admission::regular;
    const auto session =
        std::make_shared<HttpSession>(shared_from_this(), std::move(pass), std::move(connected), admission);
    spawn(HttpSession::run(session));
    schedule_tick();
}

// Connections that ask for nothing must not keep out those that do, /healthz among them.
bool HttpCore::make_room() {
    const auto idlest = std::ranges::min_element(sessions_, {}, &HttpSession::idle_since);
    if (idlest == sessions_.end() || (*idlest)->idle_since() == Instant::max()) return false;
    (*idlest)->make_room();
    return true;
}

// Only while there are sessions: an idle server does not wake up.
void HttpCore::schedule_tick() {
    if (tick_scheduled_ || sessions_.empty()) return;
    tick_scheduled_ = true;
    parts_.executor.post_at(now() + tick_every_, [weak = weak_from_this()] {
        if (const auto core = weak.lock()) core->tick();
    });
}

void HttpCore::tick() {
    const auto at = now();
    for (auto* session : sessions_) session->expire_if_due(at);
    tick_scheduled_ = false;
    schedule_tick();
}

void HttpCore::stop_listening() {
    stop_accepting_.request_stop();
    parts_.acceptor.close();
}

task<bool> HttpCore::stop(BootClock::duration drain) {
    const auto self = shared_from_this();
    stop_listening();
    gate_.close();
    const auto until = now() + drain;
    for (auto* session : sessions_) session->drain();
    // A request that is on its way over a kept connection is still answered, and told that the connection ends.
    if (co_await gate_.drain_until(std::min(until, now() + parts_.limits.drain_idle_time))) co_return true;
    idle_time_is_over_ = true;
    for (auto* session : sessions_) session->close_if_idle();
    if (co_await gate_.drain_until(until)) co_return true;
    for (auto* session : sessions_) session->cut_off();
    co_await gate_.drain_until(now() + parts_.limits.handler_grace + 4 * tick_every_);
    co_return false;
}

std::optional<HttpCore::InFlight> HttpCore::enter_handler() {
    if (in_flight() >= parts_.limits.in_flight) return std::nullopt;
    return std::optional<InFlight>(std::in_place, *this);
}

std::expected<HttpCore::Streaming, HttpCore::StreamRefusal> HttpCore::enter_stream(std::string peer) {
    if (streams_ >= parts_.limits.streams) return std::unexpected(StreamRefusal::server_full);
    const auto of_peer = streams_by_peer_.find(peer);
    if (of_peer != streams_by_peer_.end() && of_peer->second >= parts_.limits.streams_per_client) {
        return std::unexpected(StreamRefusal::client_full);
    }
    return Streaming(*this, std::move(peer));
}

HttpCore::Member::Member(std::shared_ptr<HttpCore> core, Gate::Pass pass, HttpSession& session, bool counted)
    : core_(std::move(core)),
      pass_(std::move(pass)),
      place_(core_->sessions_.insert(core_->sessions_.end(), &session)),
      counted_(counted) {
    if (counted_) {
        core_->connections_.fetch_add(1, std::memory_order_relaxed);
        core_->parts_.observer.connection_opened();
    } else {
        ++core_->refusals_;
    }
}

HttpCore::Member::~Member() {
    core_->sessions_.erase(place_);
    if (counted_) {
        core_->connections_.fetch_sub(1, std::memory_order_relaxed);
        core_->parts_.observer.connection_closed();
    } else {
        --core_->refusals_;
    }
}

}  // namespace orderflow::net
