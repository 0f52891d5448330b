// What the durable queue does through its port on a real disk: send, then receive and delete, in batches of several
// sizes from several callers at once. Operations of all callers that meet share one sync. The CPU time is that of the
// process: the callers' loop and the journal's thread.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "bench/pieces/bench_directory.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "queue-service/journal/embedded_message_queue.hpp"

namespace orderflow::bench {
namespace {

constexpr std::size_t body_bytes = 600;  // a message of two lines

class Queue {
  public:
    Queue() : writer_(clock_, "queue-journal") {
        queue::DurableQueuesOptions options;
        options.journal.path = directory_.file("queue.db");
        options.committer.on_fatal = [](const Error& error) { throw std::runtime_error(error.detail()); };
        queues_ = queue::DurableQueues::open(std::move(options), writer_, clock_, entropy_).value();
        std::optional<Result<queue::QueueNo>> created;
        start(store(queues_->create_queue({queue::default_scope(), "orders"}, queue::QueueSettings{}), created));
        loop();
        queue_.emplace(*queues_, created->value());
    }
    ~Queue() { writer_.stop(); }
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    // False when a call failed.
    bool send_all(std::size_t batch, std::size_t callers, std::size_t messages) {
        return run(&Queue::send, batch, callers, messages);
    }
    bool take_all(std::size_t batch, std::size_t callers, std::size_t messages) {
        return run(&Queue::take, batch, callers, messages);
    }

  private:
    using Work = task<void> (Queue::*)(std::size_t batch);

    bool run(Work work, std::size_t batch, std::size_t callers, std::size_t messages) {
        left_ = messages;
        for (std::size_t n = 0; n < callers; ++n) start((this->*work)(batch));
        loop();
        return !failed_ && left_ == 0;
    }

    task<void> send(std::size_t batch) {
        while (left_ > 0) {
            const auto count = std::min(batch, left_);
            left_ -= count;
            const std::vector<orders::OutgoingMessage> messages(count,
                                                                orders::OutgoingMessage(std::string(body_bytes, 'x')));
            const auto sent = co_await queue_->send(messages);
            failed_ |= !sent || !std::ranges::all_of(*sent, [](const auto& one) { return one.has_value(); });
        }
    }

    task<void> take(std::size_t batch) {
        while (left_ > 0) {
            orders::ReceiveRequest request;
            request.max_messages = static_cast<std::uint32_t>(std::min(batch, left_));
            left_ -= request.max_messages;
            const auto received = co_await queue_->receive(request);
            if (!received || received->empty()) {
                failed_ = true;
                co_return;
            }
            left_ += request.max_messages - received->size();
            std::vector<orders::ReceiptHandle> receipts;
            for (const auto& message : *received) receipts.push_back(message.receipt);
            const auto removed = co_await queue_->remove(receipts);
            failed_ |= !removed;
        }
    }

    // `out` is a local of the constructor, which runs the loop to its end.
    template <class T>
    static task<void> store(task<T> work, std::optional<T>& out) {
        out.emplace(co_await std::move(work));
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

    BenchDirectory directory_;
    SystemClock clock_;
    crypto::SystemEntropy entropy_;
    boost::asio::io_context context_{1};
    ThreadExecutor writer_;
    std::unique_ptr<queue::DurableQueues> queues_;
    std::optional<queue::EmbeddedMessageQueue> queue_;
    std::size_t left_ = 0;
    bool failed_ = false;
};

// One iteration: `messages` sent, then received and deleted.
void JournalCommit(benchmark::State& state) {
    const auto batch = static_cast<std::size_t>(state.range(0));
    const auto callers = static_cast<std::size_t>(state.range(1));
    const auto messages = static_cast<std::size_t>(state.range(2));
    Queue queue;
    for (auto _ : state) {
        if (!queue.send_all(batch, callers, messages)) state.SkipWithError("a send failed");
        if (!queue.take_all(batch, callers, messages)) state.SkipWithError("a receive or a delete failed");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages));
}
BENCHMARK(JournalCommit)
    ->ArgNames({"batch", "callers", "messages"})
    ->Args({1, 1, 500})
    ->Args({1, 64, 10'000})
    ->Args({10, 64, 20'000})
    ->Args({1000, 4, 50'000})
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace orderflow::bench
