// Backend: everything behind the HTTP API in one process: the durable queues, the order store, the payment provider
// and the worker that joins them.
//
// Threads: one for the queue journal, one for the store's writer, one for its readers, one for the provider's ledger,
// one event loop for the worker. Each owns its state; what crosses is posted. The worker has a thread of its own so
// that a flood of requests cannot starve it.
#pragma once

#include <filesystem>
#include <memory>

#include "libs/base/entropy.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/orders/domain/table_pricing.hpp"
#include "libs/payments/simulated_payment_provider.hpp"
#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "orderflow/embedded_queues.hpp"
#include "orderflow/queue_metrics.hpp"
#include "worker-service/observed_worker.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow {

struct BackendFiles {
    std::filesystem::path journal;
    std::filesystem::path store;
    std::filesystem::path payments;
};

class Backend {
  public:
    // All outlive the backend.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };

    // Opens everything and, with `run_worker`, starts the worker; without, what is sent waits on the queues. Blocks.
    // Errors of the parts, with the file in the detail.
    static Result<std::unique_ptr<Backend>> start(Parts parts, const BackendFiles& files, bool run_worker);
    // stop() without time.
    ~Backend();
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    orders::MessageQueue& orders() { return *queues_.orders; }
    orders::MessageQueue& commands() { return *queues_.commands; }
    orders::OrderReader& reader() { return *reader_; }
    orders::OrderFeed& feed() { return *store_; }

    // The worker finishes what it has until `deadline` and gives the rest back; then everything is closed. Idempotent.
    // Blocks; afterwards every call into a part is refused. No caller may be inside one any more.
    void stop(Instant deadline);

  private:
    explicit Backend(Parts parts);
    Result<void> open(const BackendFiles& files);
    void start_worker();

    Parts parts_;
    orders::TablePricing pricing_;
    QueueMetrics queue_metrics_;
    worker::ObservedWorker worker_metrics_;

    // The threads come before what runs on them, and are stopped before it is destroyed.
    ThreadExecutor journal_thread_;
    ThreadExecutor store_thread_;
    ThreadExecutor reader_thread_;
    ThreadExecutor payments_thread_;
    EmbeddedQueues queues_;
    std::unique_ptr<storage::SqliteOrderStore> store_;
    std::unique_ptr<storage::SqliteOrderReader> reader_;
    std::unique_ptr<payments::SimulatedPaymentProvider> payments_;
    std::unique_ptr<worker::WorkerService> worker_;
    net::Runtime worker_loop_;  // last: its coroutines refer to everything above
    bool stopped_ = false;
};

}  // namespace orderflow
