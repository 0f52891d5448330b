// delay-proxy: a server that is far away. Passes on what a client sends at once, and what the server answers after a
// delay; connections do not wait for each other, and answers on one of them overlap.
#include <sys/epoll.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <exception>
#include <optional>
#include <string>
#include <unordered_map>

#include "bench/wire/descriptor.hpp"

namespace {

using namespace orderflow::bench;
using Clock = std::chrono::steady_clock;

// Bytes that go to one socket, each piece not before its time.
class Outflow {
  public:
    void put(std::string bytes, Clock::time_point due) { pieces_.push_back({std::move(bytes), due}); }

    // Writes what is due; false when the socket is broken.
    bool write(int socket, Clock::time_point now) {
        while (!pieces_.empty() && pieces_.front().due <= now) {
            auto& bytes = pieces_.front().bytes;
            const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0) return errno == EAGAIN || errno == EINTR;
            if (static_cast<std::size_t>(sent) < bytes.size()) {
                bytes.erase(0, static_cast<std::size_t>(sent));
                return true;
            }
            pieces_.pop_front();
        }
        return true;
    }
    std::optional<Clock::time_point> next_due() const {
        if (pieces_.empty()) return std::nullopt;
        return pieces_.front().due;
    }

  private:
    struct Piece {
        std::string bytes;
        Clock::time_point due;
    };
    std::deque<Piece> pieces_;
};

struct Link {
    Descriptor client;
    Descriptor server;
    Outflow to_client;
    Outflow to_server;
};

class Proxy {
  public:
    Proxy(std::uint16_t server, std::chrono::milliseconds delay)
        : server_(server), delay_(delay), epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
        listener_ = Descriptor(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
        auto address = loopback(0);
        socklen_t size = sizeof address;
        auto* const general = reinterpret_cast<sockaddr*>(&address);
        checked(::bind(listener_.get(), general, size), "bind");
        checked(::listen(listener_.get(), 128), "listen");
        checked(::getsockname(listener_.get(), general, &size), "getsockname");
        port_ = ::ntohs(address.sin_port);
        watch(listener_.get());
    }

    std::uint16_t port() const { return port_; }

    [[noreturn]] void run() {
        std::array<epoll_event, 64> events{};
        for (;;) {
            const auto wait = time_to_next();
            const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                             wait ? &*wait : nullptr, nullptr);
            if (count < 0 && errno != EINTR) checked(count, "epoll_pwait2");
            for (int i = 0; i < count; ++i) {
                const int fd = events.at(static_cast<std::size_t>(i)).data.fd;
                if (fd == listener_.get()) {
                    accept_all();
                } else {
                    pass_on(fd);
                }
            }
            write_due();
        }
    }

  private:
    void watch(int fd) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        checked(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
    }

    void accept_all() {
        for (;;) {
            Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
            if (client.get() < 0) return;
            send_at_once(client.get());
            auto server = connect_to(server_);
            watch(client.get());
            watch(server.get());
            const int by = client.get();
            of_server_[server.get()] = by;
            links_.emplace(by, Link{std::move(client), std::move(server), {}, {}});
        }
    }

    // `fd` is one end of a link, or of one that has just been closed.
    void pass_on(int fd) {
        const auto from_server = of_server_.find(fd);
        const auto found = links_.find(from_server == of_server_.end() ? fd : from_server->second);
        if (found == links_.end()) return;
        std::string bytes(buffer_bytes, '\0');
        const auto count = ::recv(fd, bytes.data(), bytes.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) return close(found->first);
        bytes.resize(static_cast<std::size_t>(count));
        if (from_server == of_server_.end()) {
            found->second.to_server.put(std::move(bytes), Clock::now());
        } else {
            found->second.to_client.put(std::move(bytes), Clock::now() + delay_);
        }
    }

    // Both ends: what was still under way is lost, as it is with a server that breaks off.
    void close(int client) {
        of_server_.erase(links_.at(client).server.get());
        links_.erase(client);
    }

    void write_due() {
        const auto now = Clock::now();
        for (auto at = links_.begin(); at != links_.end();) {
            auto& [client, link] = *at++;
            const bool sound = link.to_server.write(link.server.get(), now) && link.to_client.write(client, now);
            if (!sound) close(client);
        }
    }

    // Until the next piece is due; a full socket is tried again after a millisecond.
    std::optional<timespec> time_to_next() const {
        std::optional<Clock::time_point> first;
        for (const auto& [client, link] : links_) {
            for (const auto due : {link.to_client.next_due(), link.to_server.next_due()}) {
                if (due && (!first || *due < *first)) first = due;
            }
        }
        if (!first) return std::nullopt;
        const auto now = Clock::now();
        const auto wait = *first <= now ? std::chrono::nanoseconds(std::chrono::milliseconds(1)) : *first - now;
        return timespec{.tv_sec = wait / std::chrono::seconds(1), .tv_nsec = (wait % std::chrono::seconds(1)).count()};
    }

    static constexpr std::size_t buffer_bytes = 16 * 1024;
    std::uint16_t server_;
    std::chrono::milliseconds delay_;
    Descriptor epoll_;
    Descriptor listener_;
    std::uint16_t port_ = 0;
    std::unordered_map<int, Link> links_;     // by the client's descriptor
    std::unordered_map<int, int> of_server_;  // the client's descriptor, by the server's
};

}  // namespace

int main(int count, char** arguments) {
    std::uint16_t server = 0;
    int delay_ms = 20;
    CLI::App app("Passes connections on to a server on 127.0.0.1, and its answers after a delay. Runs until SIGTERM.");
    app.add_option("--to", server, "port of the server")->required()->check(CLI::Range(1, 65535));
    app.add_option("--delay-ms", delay_ms)->check(CLI::Range(0, 60'000));
    CLI11_PARSE(app, count, arguments);
    try {
        Proxy proxy(server, std::chrono::milliseconds(delay_ms));
        std::printf("delay-proxy is ready: http://127.0.0.1:%d\n", static_cast<int>(proxy.port()));
        std::fflush(stdout);
        proxy.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "delay-proxy: %s\n", error.what());
        return 1;
    }
}
