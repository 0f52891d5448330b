// Handlers, rows and requests that the tests of the server share.
#pragma once

#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/net/router.hpp"

namespace orderflow::net {

inline constexpr auto patience = std::chrono::seconds(10);

// Handlers stop at the door until the test opens it.
class Door {
  public:
    task<void> pass() {
        co_await await_completion<bool>([this](Completion<bool> done) {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(done));
            arrived_.release();
        });
    }
    // True as soon as one more handler waits.
    bool wait_for_one() { return arrived_.try_acquire_for(patience); }
    void open() {
        const std::lock_guard lock(mutex_);
        for (auto& done : waiting_) done.complete(true);
        waiting_.clear();
    }

  private:
    std::mutex mutex_;
    std::vector<Completion<bool>> waiting_;
    std::counting_semaphore<> arrived_{0};
};

inline task<Response> say_ok(const Request&) { co_return Response::of(200, "text/plain", "ok"); }
inline task<Response> echo(const Request& request) {
    co_return Response::of(200, "text/plain", std::string(request.body));
}
inline task<Response> say_peer(const Request& request) {
    co_return Response::of(200, "text/plain", std::string(request.peer));
}
inline task<Response> say_large(const Request&) {
    co_return Response::of(200, "text/plain", std::string(std::size_t{32} * 1024 * 1024, 'x'));
}
inline task<Response> fail_hard(const Request&) {
    throw std::runtime_error("broken on purpose");
    co_return Response{};
}
inline task<Response> split_head(const Request&) {
    co_return Response::of(200, "text/plain", "ok").field("X-Name", "a\r\nX-Injected: b");
}
inline task<Response> until_stopped(const Request& request) {
    co_await sleep_until(*request.loop, Instant::max(), request.stop);
    co_return problem(503, "gave-up", "The handler saw the stop.");
}
inline task<Response> through(Door* door) {
    co_await door->pass();
    co_return Response::of(200, "text/plain", "through");
}
inline Handler handler_at(Door& door) {
    return [&door](const Request&) { return through(&door); };
}

inline Route get(std::string pattern, Handler handler) {
    std::string name = pattern;
    return {
        .method = Method::get, .pattern = std::move(pattern), .handler = std::move(handler), .name = std::move(name)};
}
inline Route post(std::string pattern, Handler handler, RouteOptions options = {}) {
    auto route = get(std::move(pattern), std::move(handler));
    route.method = Method::post;
    route.options = options;
    return route;
}
inline std::string request_of(const std::string& path, const std::string& fields = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n";
}
inline std::string post_of(const std::string& path, const std::string& body, const std::string& fields = {}) {
    return "POST " + path + " HTTP/1.1\r\nHost: shop\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           fields + "\r\n" + body;
}

}  // namespace orderflow::net
