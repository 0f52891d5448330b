// A real HttpServer on a free port of 127.0.0.1, with the routes of one test.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/net/http_server.hpp"
#include "libs/testing/http_test_client.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::net {

// Replayable, and for several cores at once.
class SharedEntropy final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override {
        const std::lock_guard lock(mutex_);
        seeded_.fill(out);
    }

  private:
    std::mutex mutex_;
    SeededEntropy seeded_{1};
};

// Keeps what the server tells; a test waits for it instead of sleeping.
class RecordingObserver final : public HttpObserver {
  public:
    void answered(const Exchange& exchange) override {
        note([&] { answered_.emplace_back(exchange.route, exchange.status); });
    }
    void refused(unsigned /*status*/, std::string_view code) override {
        note([&] { refused_.emplace_back(code); });
    }
    void connection_closed() override {
        note([&] { ++closed_; });
    }
    void accept_failed(std::string_view /*reason*/) override {
        note([&] { ++accept_failures_; });
    }
    void bug(std::string_view /*route*/, std::string_view what) override {
        note([&] { bugs_.emplace_back(what); });
    }

    // False when it does not happen within ten seconds.
    bool wait_refused(std::string_view code) {
        return wait([&] { return std::ranges::find(refused_, code) != refused_.end(); });
    }
    bool wait_closed(int count) {
        return wait([&] { return closed_ >= count; });
    }
    bool wait_answered(std::size_t count) {
        return wait([&] { return answered_.size() >= count; });
    }
    std::vector<std::pair<std::string, unsigned>> answers() const {
        const std::lock_guard lock(mutex_);
        return answered_;
    }
    std::vector<std::string> bugs() const {
        const std::lock_guard lock(mutex_);
        return bugs_;
    }
    int accept_failures() const {
        const std::lock_guard lock(mutex_);
        return accept_failures_;
    }

  private:
    template <class Change>
    void note(Change change) {
        const std::lock_guard lock(mutex_);
        change();
        changed_.notify_all();
    }
    template <class Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), condition);
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::pair<std::string, unsigned>> answered_;
    std::vector<std::string> refused_;
    std::vector<std::string> bugs_;
    int closed_ = 0;
    int accept_failures_ = 0;
};

class HttpTestServer {
  public:
    explicit HttpTestServer(std::vector<Route> routes, const HttpLimits& limits = {}, unsigned cores = 1)
        : router_(std::move(routes)),
          runtime_(clock_, cores),
          server_({.runtime = runtime_, .clock = clock_, .entropy = entropy_, .router = router_, .observer = observer},
                  limits) {
        runtime_.start();
        if (!server_.listen({.host = "127.0.0.1", .port = 0})) throw std::runtime_error("cannot listen");
        server_.start();
    }

    HttpTestClient connect(int receive_buffer_bytes = 0) const {
        return HttpTestClient(server_.bound().port, receive_buffer_bytes);
    }
    HttpServer& server() { return server_; }
    ListenAddress bound() const { return server_.bound(); }

    RecordingObserver observer;

  private:
    SystemClock clock_;
    SharedEntropy entropy_;
    Router router_;
    Runtime runtime_;
    HttpServer server_;
};

}  // namespace orderflow::net
