// What the durable queue does per second, through the port and a real disk: sends, and send + receive + delete, in
// batches of 1, 10 and 1,000; then memory and start-up with a million messages waiting.
// Usage: queue_bench DIRECTORY [MESSAGES]. The directory must be on the disk that is measured, and is left empty.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "queue-service/journal/embedded_message_queue.hpp"

namespace orderflow::queue {
namespace {

constexpr std::size_t body_bytes = 512;

// The digits at the front of the text; 0 when there are none.
std::size_t number(std::string_view text) {
    std::size_t value = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return number(std::string_view(line).substr(line.find_first_of("0123456789")));
    }
    return 0;
}

class Bench {
  public:
    explicit Bench(std::string path) : path_(std::move(path)) { open(); }

    void open() {
        close();
        writer_.emplace(clock_, "queue-writer");
        DurableQueuesOptions options;
        options.journal.path = path_;
        options.committer.on_fatal = [](const Error& error) {
            fmt::print(stderr, "{}: {}\n", error.code(), error.detail());
            std::_Exit(1);
        };
        queues_ = DurableQueues::open(std::move(options), *writer_, clock_, entropy_).value();
        queue_no_ = run(queues_->create_queue("orders", QueueSettings{})).value();
        queue_.emplace(*queues_, queue_no_);
    }
    void close() {
        if (writer_) writer_->stop();
        queues_.reset();
        writer_.reset();
    }

    template <class T>
    T run(task<T> work) {
        std::optional<T> out;
        start(store(std::move(work), out));
        loop();
        return std::move(out).value();
    }
    void start(task<void> work) {
        boost::asio::co_spawn(context_, std::move(work), [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    }
    void loop() {
        context_.restart();
        context_.run();
    }

    // `left` is shared by the callers and outlives loop().
    task<void> send(std::size_t batch, std::size_t& left) {
        while (left >= batch) {
            left -= batch;
            const std::vector<orders::OutgoingMessage> messages(batch,
                                                                orders::OutgoingMessage(std::string(body_bytes, 'x')));
            const auto sent = co_await queue_->send(messages);
            if (!sent || !sent->at(0)) std::_Exit(2);
        }
    }
    // `left`: as for send().
    task<void> receive(std::size_t batch, std::size_t& left) {
        while (left > 0) {
            const auto wanted = std::min(batch, left);
            left -= wanted;
            orders::ReceiveRequest request;
            request.max_messages = static_cast<std::uint32_t>(wanted);
            const auto received = co_await queue_->receive(request);
            if (!received || received->empty()) co_return;
            std::vector<orders::ReceiptHandle> receipts;
            for (const auto& message : *received) receipts.push_back(message.receipt);
            const auto removed = co_await queue_->remove(receipts);
            if (!removed) std::_Exit(3);
        }
    }

  private:
    // `out` is a local of run(), which stays until the work is done.
    template <class T>
    static task<void> store(task<T> work, std::optional<T>& out) {
        out.emplace(co_await std::move(work));
    }

    std::string path_;
    SystemClock clock_;
    crypto::SystemEntropy entropy_;
    boost::asio::io_context context_{1};
    std::optional<ThreadExecutor> writer_;
    std::unique_ptr<DurableQueues> queues_;
    QueueNo queue_no_{};
    std::optional<EmbeddedMessageQueue> queue_;
};

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void throughput(Bench& bench, std::size_t batch, std::size_t callers, std::size_t count) {
    auto left = count;
    const auto sending = seconds_of([&] {
        for (std::size_t i = 0; i < callers; ++i) bench.start(bench.send(batch, left));
        bench.loop();
    });
    left = count;
    const auto receiving = seconds_of([&] {
        for (std::size_t i = 0; i < callers; ++i) bench.start(bench.receive(batch, left));
        bench.loop();
    });
    const auto n = static_cast<double>(count);
    fmt::print(
        "batch {:>5}, {:>4} callers: {:>8.0f} sends/s, {:>8.0f} receive+delete/s, {:>8.0f} send+receive+delete/s\n",
        batch, callers, n / sending, n / receiving, n / (sending + receiving));
}

void backlog(Bench& bench, std::size_t count) {
    const auto before = resident_kib();
    auto left = count;
    const auto sending = seconds_of([&] {
        bench.start(bench.send(1000, left));
        bench.start(bench.send(1000, left));
        bench.loop();
    });
    fmt::print("{} messages waiting: sent at {:.0f}/s, memory grew by {} KiB\n", count,
               static_cast<double>(count) / sending,
               static_cast<std::int64_t>(resident_kib()) - static_cast<std::int64_t>(before));
    bench.close();
    const auto opening = seconds_of([&] { bench.open(); });
    fmt::print("reopened and first call answered in {:.3f} s\n", opening);
    throughput(bench, 10, 64, 20'000);
}

void run(const std::string& directory, std::size_t messages) {
    const auto folder = std::filesystem::path(directory) / "queue-bench";
    std::filesystem::create_directories(folder);
    {
        Bench bench((folder / "backlog.db").string());
        throughput(bench, 10, 64, 20'000);
        backlog(bench, messages);  // early: what other phases leave in the heap would hide its growth
        bench.close();
    }
    {
        Bench bench((folder / "throughput.db").string());
        throughput(bench, 1, 1, messages / 500);
        throughput(bench, 1, 64, messages / 50);
        throughput(bench, 1, 1000, messages / 10);
        throughput(bench, 10, 64, messages / 10);
        throughput(bench, 1000, 4, messages / 5);
        bench.close();
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace orderflow::queue

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: {} DIRECTORY [MESSAGES]\n", argv[0]);
        return 2;
    }
    orderflow::queue::run(argv[1], argc > 2 ? orderflow::queue::number(argv[2]) : 1'000'000);
}
