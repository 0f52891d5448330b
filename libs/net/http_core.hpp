// HttpCore: what the sessions of one core share: limits, counts, the tick of their deadlines, and their end.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <expected>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>

#include "libs/async/gate.hpp"
#include "libs/net/http_acceptor.hpp"
#include "libs/net/http_date.hpp"
#include "libs/net/http_limits.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/request_ids.hpp"
#include "libs/net/router.hpp"

namespace orderflow::net {

class HttpSession;

// Touched only on its core, but for the two counts. Its sessions share its ownership.
class HttpCore : public std::enable_shared_from_this<HttpCore> {
  public:
    // References outlive the core's loop.
    struct Parts {
        boost::asio::any_io_executor loop;
        Executor& executor;
        const Clock& clock;
        Entropy& entropy;
        const Router& router;
        HttpObserver& observer;
        HttpLimits limits;  // the share of this core
        HttpAcceptor acceptor;
    };
    explicit HttpCore(Parts parts);
    ~HttpCore();
    HttpCore(const HttpCore&) = delete;
    HttpCore& operator=(const HttpCore&) = delete;

    // Accepts until stop_listening().
    void start();
    // What has connected is served. Idempotent.
    void stop_listening();
    // See HttpServer::stop(). Once.
    task<bool> stop(BootClock::duration drain);

    // Any thread.
    std::size_t connections() const noexcept { return connections_.load(std::memory_order_relaxed); }
    std::size_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

    // The rest is for sessions.

    const HttpLimits& limits() const noexcept { return parts_.limits; }
    const Router& router() const noexcept { return parts_.router; }
    HttpObserver& observer() const noexcept { return parts_.observer; }
    Executor& executor() const noexcept { return parts_.executor; }
    Instant now() const { return parts_.clock.now(); }
    std::string_view date() { return date_.at(parts_.clock.wall()); }
    RequestIds& request_ids() noexcept { return request_ids_; }
    bool draining() const noexcept { return gate_.closed(); }
    // While draining: no connection without a request inside stays any longer.
    bool idle_time_is_over() const noexcept { return idle_time_is_over_; }
    // Runs beside the session; what it throws ends the process.
    void spawn(task<void> work);

    // Leaves when it is dropped; nullopt when as many requests are in flight as may be.
    class InFlight;
    std::optional<InFlight> enter_handler();

    enum class StreamRefusal : std::uint8_t { server_full, client_full };
    class Streaming;
    std::expected<Streaming, StreamRefusal> enter_stream(std::string peer);

    // Membership of a session, from its construction to its destruction.
    class Member {
      public:
        Member(std::shared_ptr<HttpCore> core, Gate::Pass pass, HttpSession& session, bool counted);
        Member(const Member&) = delete;
        Member& operator=(const Member&) = delete;
        ~Member();
        HttpCore& core() const noexcept { return *core_; }

      private:
        std::shared_ptr<HttpCore> core_;
        Gate::Pass pass_;
        std::list<HttpSession*>::iterator place_;
        bool counted_;
    };

  private:
    task<void> accept_loop(std::shared_ptr<HttpCore> self);
    void admit(HttpAcceptor::Connected connected);
    // Closes the connection that is idle longest; false when none is.
    bool make_room();
    void schedule_tick();
    void tick();

    Parts parts_;
    Gate gate_;
    bool idle_time_is_over_ = false;
    HttpDate date_;
    RequestIds request_ids_;
    BootClock::duration tick_every_;
    bool tick_scheduled_ = false;
    std::list<HttpSession*> sessions_;
    std::size_t refusals_ = 0;  // connections above the limit that are being told so
    std::size_t streams_ = 0;
    std::unordered_map<std::string, std::size_t> streams_by_peer_;
    std::stop_source stop_accepting_;
    std::atomic<std::size_t> connections_ = 0;
    std::atomic<std::size_t> in_flight_ = 0;
};

// A request inside its handler.
class HttpCore::InFlight {
  public:
    explicit InFlight(HttpCore& core) noexcept : core_(&core) {
        core.in_flight_.fetch_add(1, std::memory_order_relaxed);
    }
    InFlight(InFlight&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
    InFlight& operator=(InFlight&&) = delete;
    ~InFlight() {
        if (core_ != nullptr) core_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
    }

  private:
    HttpCore* core_;
};

// An open stream of a peer.
class HttpCore::Streaming {
  public:
    Streaming(HttpCore& core, std::string peer) : core_(&core), peer_(std::move(peer)) {
        ++core.streams_;
        ++core.streams_by_peer_[peer_];
    }
    Streaming(Streaming&& other) noexcept : core_(std::exchange(other.core_, nullptr)), peer_(std::move(other.peer_)) {}
    Streaming& operator=(Streaming&&) = delete;
    ~Streaming() {
        if (core_ == nullptr) return;
        --core_->streams_;
        const auto of_peer = core_->streams_by_peer_.find(peer_);
        if (--of_peer->second == 0) core_->streams_by_peer_.erase(of_peer);
    }

  private:
    HttpCore* core_;
    std::string peer_;
};

}  // namespace orderflow::net
