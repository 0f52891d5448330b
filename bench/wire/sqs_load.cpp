// sqs-load: as many calls of the SQS protocol as a number of connections carry, for a queue server on this machine.
// Written to cost little: requests are made once, answers are only searched, so that the server is the limit.
#include <fmt/format.h>
#include <sys/epoll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/wire/descriptor.hpp"
#include "bench/wire/http_answer.hpp"
#include "bench/wire/sqs_requests.hpp"

namespace {

using namespace orderflow::bench;
using Clock = std::chrono::steady_clock;

struct Options {
    std::string mode;
    std::string url;
    std::size_t connections = 32;
    std::size_t batch = 1;
    std::size_t messages = 0;  // 0: until the time is over
    double seconds = 10;
    std::size_t body_bytes = 512;
};

enum class Step : std::uint8_t { send, receive, remove };

struct Connection {
    Descriptor socket;
    std::string in;
    Step step = Step::send;
    std::size_t entries = 0;  // of the call that is under way
    Clock::time_point asked;
};

class Load {
  public:
    explicit Load(Options options)
        : options_(std::move(options)),
          requests_(parse_queue_url(options_.url), options_.batch, options_.body_bytes),
          epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
          connections_(options_.connections) {}

    void run() {
        const auto port = parse_queue_url(options_.url).port;
        for (auto& connection : connections_) {
            connection.socket = connect_to(port);
            epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
            checked(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event), "epoll_ctl");
        }
        began_ = Clock::now();
        deadline_ =
            began_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
        ended_ = began_;
        for (auto& connection : connections_) begin(connection, first_step());
        std::array<epoll_event, 64> events{};
        while (busy_ > 0) {
            // No answer for so long is no answer: the connections that wait for one are counted as failed.
            constexpr int patience_ms = 10'000;
            const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), patience_ms);
            if (count < 0 && errno == EINTR) continue;
            if (checked(count, "epoll_wait") == 0) {
                failed_ += busy_;
                break;
            }
            for (int i = 0; i < count; ++i)
                read(*static_cast<Connection*>(events.at(static_cast<std::size_t>(i)).data.ptr));
        }
    }

    std::string result() {
        const auto at = [this](double share) {
            if (times_.empty()) return 0U;
            const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(times_.size() - 1));
            std::ranges::nth_element(times_, times_.begin() + rank);
            return times_[static_cast<std::size_t>(rank)];
        };
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(ended_ - began_).count();
        return fmt::format(
            R"({{"messages":{},"calls":{},"failed":{},"sending_us":{},"answer":{{"p50_us":{},"p99_us":{}}}}})",
            messages_, times_.size(), failed_, micros, at(0.5), at(0.99));
    }

  private:
    Step first_step() const { return options_.mode == "pairs" ? Step::receive : Step::send; }

    bool is_over() const {
        return Clock::now() >= deadline_ || (options_.messages > 0 && messages_ >= options_.messages);
    }

    void begin(Connection& connection, Step step, const std::vector<std::string>& receipts = {}) {
        connection.step = step;
        connection.asked = Clock::now();
        connection.entries = step == Step::remove ? receipts.size() : requests_.batch();
        const std::string removal = step == Step::remove ? requests_.remove(receipts) : std::string();
        const auto& bytes = step == Step::remove    ? removal
                            : step == Step::receive ? requests_.receive()
                                                    : requests_.send();
        // A request is smaller than the socket's buffer, and the connection has no other under way.
        const auto sent = ::send(connection.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error("a request could not be written whole");
        ++busy_;
    }

    void read(Connection& connection) {
        std::array<char, 32 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): recv fills it
        const auto count = ::recv(connection.socket.get(), buffer.data(), buffer.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) throw std::runtime_error("the server closed a connection");
        connection.in.append(buffer.data(), static_cast<std::size_t>(count));
        auto answer = answer_in(connection.in);
        if (!answer) return;
        connection.in.erase(0, answer->size);
        if (answer->last) throw std::runtime_error("the server closes a connection: " + answer->body);
        --busy_;
        take(connection, *answer);
    }

    void take(Connection& connection, const HttpAnswer& answer) {
        const auto now = Clock::now();
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now - connection.asked).count();
        times_.push_back(static_cast<unsigned>(micros));
        if (answer.status != 200 || has_failed_entries(answer.body)) {
            failed_ += connection.entries;
            if (failed_ == connection.entries) std::fprintf(stderr, "%d %s\n", answer.status, answer.body.c_str());
            if (!is_over()) begin(connection, first_step());
            return;
        }
        std::vector<std::string> receipts;
        if (connection.step == Step::receive) receipts = receipts_in(answer.body);
        // What was received is removed, also when the time is over.
        if (!receipts.empty()) return begin(connection, Step::remove, receipts);
        const bool counts = options_.mode == "send" ? connection.step == Step::send : connection.step == Step::remove;
        if (counts) {
            messages_ += connection.entries;
            ended_ = now;
        }
        if (is_over()) return;
        begin(connection, options_.mode == "cycle" && connection.step == Step::send ? Step::receive : first_step());
    }

    Options options_;
    SqsRequests requests_;
    Descriptor epoll_;
    std::vector<Connection> connections_;
    std::vector<unsigned> times_;  // µs of each call
    Clock::time_point began_;
    Clock::time_point deadline_;
    Clock::time_point ended_;
    std::size_t busy_ = 0;  // connections that wait for an answer
    std::size_t messages_ = 0;
    std::size_t failed_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    Options options;
    CLI::App app("Sends messages to a queue, or receives and deletes them, as fast as it answers.");
    app.add_option("mode", options.mode, "send; pairs: receive and delete; cycle: send, receive, delete")
        ->required()
        ->check(CLI::IsMember({"send", "pairs", "cycle"}));
    app.add_option("--url", options.url, "of the queue, on 127.0.0.1")->required();
    app.add_option("--connections", options.connections)->check(CLI::Range(1, 1024));
    app.add_option("--batch", options.batch, "messages of one call")->check(CLI::Range(1, 10));
    app.add_option("--messages", options.messages, "ends when so many are done; 0: when the time is over");
    app.add_option("--seconds", options.seconds, "ends at the latest then")->check(CLI::PositiveNumber);
    app.add_option("--body-bytes", options.body_bytes)->check(CLI::Range(1, 4096));
    CLI11_PARSE(app, count, arguments);
    try {
        Load load(options);
        load.run();
        std::printf("%s\n", load.result().c_str());
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "sqs-load: %s\n", error.what());
        return 1;
    }
}
