// Backend: everything behind the HTTP API in one process: the durable queues, the order store and its readers, and the
// worker that joins them.
//
// Threads: one for the queue journal, one for the store's readers, and those of OrderWorker. Each owns its state; what
// crosses is posted.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "orderflow/embedded_queues.hpp"
#include "orderflow/queue_metrics.hpp"
#include "programs/order_worker.hpp"

namespace orderflow {

struct BackendFiles {
    std::filesystem::path journal;
    StoreLocation store;
    std::optional<std::filesystem::path> payments;  // the simulated provider's ledger
};

class Backend {
  public:
    using Parts = OrderWorker::Parts;

    // Opens everything and, with `run_worker`, starts the worker; without, what is sent waits on the queues. Blocks.
    // `cooldowns`: of the queues that others make (EmbeddedQueuesOptions). Errors of the parts, with the file in the
    // detail.
    static Result<std::unique_ptr<Backend>> start(Parts parts, const BackendFiles& files,
                                                  const OrderWorker::Settings& settings, bool cooldowns,
                                                  bool run_worker);
    // stop() without time.
    ~Backend();
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    queue::DurableQueues& journal() { return *queues_.journal; }
    orders::MessageQueue& orders() { return *queues_.orders; }
    orders::MessageQueue& commands() { return *queues_.commands; }
    orders::OrderReader& reader() { return *reading_.reader; }
    orders::OperatorReader& operators() { return *reading_.operators; }
    orders::EndpointReader& endpoints() { return *reading_.endpoints; }
    orders::OrderFeed& feed() { return *reading_.feed; }
    instances::InstanceReader& instances() { return *reading_.instances; }
    // Null when it does not run.
    OrderWorker* running_worker() { return works_ ? worker_.get() : nullptr; }

    // The worker finishes what it has until `deadline` and gives the rest back; everything stays open. Idempotent.
    // Blocks.
    void drain(Instant deadline);
    // The worker finishes what it has until `deadline` and gives the rest back; then everything is closed. Idempotent.
    // Blocks; afterwards every call into a part is refused. No caller may be inside one any more.
    void stop(Instant deadline);

  private:
    explicit Backend(Parts parts);
    Result<void> open(const BackendFiles& files, const OrderWorker::Settings& settings, bool cooldowns);

    Parts parts_;
    QueueMetrics queue_metrics_;

    // The threads come before what runs on them, and are stopped before it is destroyed.
    ThreadExecutor journal_thread_;
    ThreadExecutor reader_thread_;
    EmbeddedQueues queues_;
    OrderReading reading_;
    std::unique_ptr<OrderWorker> worker_;  // last: its coroutines refer to everything above
    bool works_ = false;
    bool stopped_ = false;
};

}  // namespace orderflow
