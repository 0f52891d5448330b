// With real threads: several callers with loops of their own, one writer thread, the system's clock. Nothing is lost or
// doubled, and the sanitizer sees no race.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <set>
#include <thread>

#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "queue-service/journal/durable_queues.hpp"

namespace orderflow::queue {
namespace {

void run_on_own_thread(task<void> work) {
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, std::move(work), [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
    loop.run();
}

task<void> create(DurableQueues& queues, QueueNo& queue) {
    queue = (co_await queues.create_queue({default_scope(), "orders"}, QueueSettings{})).value();
}

task<void> send_many(DurableQueues& queues, QueueNo queue, std::string prefix, int count) {
    for (int i = 0; i < count; ++i) {
        std::vector<NewMessage> batch;
        batch.push_back({.body = prefix + std::to_string(i)});
        const auto sent = co_await queues.send(queue, std::move(batch));
        EXPECT_TRUE(sent && sent->at(0));
    }
}

// Until `stop`: the sender of the last message requests it when everything was received.
task<void> receive_many(DurableQueues& queues, QueueNo queue, std::stop_source stop, std::atomic<int>& left,
                        std::vector<std::string>& bodies) {
    while (!stop.stop_requested()) {
        ReceiveCall call{.options = {.max_messages = 5}, .wait = 20s, .stop = stop.get_token()};
        auto received = co_await queues.receive(queue, std::move(call));
        EXPECT_TRUE(received);
        std::vector<std::string> receipts;
        for (auto& message : *received) {
            bodies.push_back(message.message->body);
            receipts.push_back(std::move(message.receipt));
        }
        if (receipts.empty()) continue;
        const auto taken = static_cast<int>(receipts.size());
        const auto removed = co_await queues.remove(queue, std::move(receipts));
        EXPECT_TRUE(removed);
        if (left.fetch_sub(taken) == taken) stop.request_stop();
    }
}

task<void> count_rest(DurableQueues& queues, QueueNo queue, QueueCounts& counts) {
    counts = (co_await queues.counts(queue)).value();
}

TEST(DurableQueuesThreads, GivenConcurrentSendersAndReceivers_WhenAllIsDone_ThenEachMessageCameOnce) {
    constexpr int senders = 3;
    constexpr int receivers = 3;
    constexpr int each = 150;
    TempDir dir;
    SystemClock clock;
    SeededEntropy entropy(1);
    ThreadExecutor writer(clock, "queue-writer");
    DurableQueuesOptions options;
    options.journal.path = dir / "queue.db";
    options.committer.on_fatal = [](const Error& error) { FAIL() << error.detail(); };
    auto queues = DurableQueues::open(std::move(options), writer, clock, entropy).value();
    QueueNo queue{};
    run_on_own_thread(create(*queues, queue));

    std::stop_source stop;
    std::atomic<int> left = senders * each;
    std::array<std::vector<std::string>, receivers> bodies;
    {
        std::vector<std::jthread> threads;
        for (auto& out : bodies) {
            threads.emplace_back([&] { run_on_own_thread(receive_many(*queues, queue, stop, left, out)); });
        }
        for (int i = 0; i < senders; ++i) {
            threads.emplace_back(
                [&, i] { run_on_own_thread(send_many(*queues, queue, std::to_string(i) + ":", each)); });
        }
    }
    QueueCounts counts;
    run_on_own_thread(count_rest(*queues, queue, counts));
    writer.stop();
    queues.reset();

    std::set<std::string> distinct;
    std::size_t received = 0;
    for (const auto& some : bodies) {
        received += some.size();
        distinct.insert(some.begin(), some.end());
    }
    EXPECT_EQ(received, static_cast<std::size_t>(senders * each));
    EXPECT_EQ(distinct.size(), received);
    EXPECT_EQ(counts.visible + counts.in_flight, 0U);
}

}  // namespace
}  // namespace orderflow::queue
