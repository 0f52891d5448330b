// OrderWorker: the order store, the payment provider and the worker that joins them with the queues.
//
// Threads: one for the store's writer, one for what sweepers, settings and webhooks read of the store and for the
// archive, one for the ledger of the simulated provider, one event loop for the worker. Each owns its state; what
// crosses is posted. The worker has a thread of its own so that a flood of requests cannot starve it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/observe/tracer.hpp"
#include "libs/orders/domain/table_pricing.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "programs/file_archive.hpp"
#include "programs/order_storage.hpp"
#include "programs/payment_backend.hpp"
#include "programs/queue_probe.hpp"
#include "programs/retention_settings.hpp"
#include "programs/webhook_delivery.hpp"
#include "worker-service/hold_sweeper.hpp"
#include "worker-service/observed_retention.hpp"
#include "worker-service/observed_worker.hpp"
#include "worker-service/retention_sweeper.hpp"
#include "worker-service/settings_watch.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow {

class OrderWorker {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
        observe::Tracer* tracer = nullptr;  // none: no traces
    };
    struct Files {
        StoreLocation store;
        std::optional<std::filesystem::path> payments;  // the simulated provider's ledger
    };
    struct Settings {
        PaymentSettings payments;
        std::chrono::seconds hold_time_limit{};  // HoldLimits
        std::optional<RetentionSettings> retention{};
        net::OutboundRules webhook_rules{};
        std::optional<EventTopicSettings> topic{};
        worker::WorkerConfig worker{};  // with the duties of this process
    };
    struct Queues {
        orders::MessageQueue& orders;
        orders::MessageQueue& commands;
        orders::MessageQueue& dead_letters;
    };

    // Opens store and provider; an empty store gets the sample catalogue. Blocks. Errors of the parts, with the file or
    // the database in the detail.
    static Result<std::unique_ptr<OrderWorker>> open(Parts parts, const Files& files, const Settings& settings);
    // stop() without time.
    ~OrderWorker();
    OrderWorker(const OrderWorker&) = delete;
    OrderWorker& operator=(const OrderWorker&) = delete;

    orders::OrderStore& store() { return *storage_.store; }
    const OrderStorage& storage() const { return storage_; }
    PaymentBackend& payments() { return *payments_; }
    // After start(); from any executor. Without an answer when the worker's loop hangs or has stopped.
    task<worker::WorkerState> state();
    // After start(); from any thread: receiving from all queues stops, or goes on (WorkerService::pause()).
    void set_paused(bool paused);
    // After start(), until stop(); from any executor: says in a row what the worker knows of itself and its queues, and
    // counts the open dead letters for their metric.
    task<instances::InstanceRow> complete(instances::InstanceRow row);
    // Until stop(); from any executor.
    instances::InstanceStore& instances() { return *storage_.instances; }
    // After start(); from any thread: WorkerService::beats().
    std::uint64_t beats() const { return worker_->beats(); }
    // After start(), until stop(); on the worker's loop.
    worker::WorkerService& service() { return *worker_; }
    worker::SettingsWatch& settings() { return *settings_; }
    // Of the worker; what the queues do may run there too.
    net::Runtime& loop() { return loop_; }

    // Once. The queues outlive the worker's stop. Blocks.
    void start(Queues queues);

    // The worker finishes what it has until `deadline` and gives the rest back, calls of webhooks that last longer are
    // cut off; store and loop stay open. Idempotent. Blocks.
    void drain(Instant deadline);
    // drain(), then everything is closed. Idempotent. Blocks; afterwards every call into a part is refused.
    void stop(Instant deadline);

  private:
    OrderWorker(Parts parts, const Settings& settings);
    Result<void> open(const Files& files);
    Result<void> open_upkeep();
    void make_sweepers(Queues queues);

    Parts parts_;
    Settings configured_;
    observe::Gauge& letters_open_;
    orders::TablePricing pricing_;
    worker::ObservedWorker observer_;

    // The threads come before what runs on them, and are stopped before it is destroyed.
    ThreadExecutor store_thread_;
    ThreadExecutor sweep_thread_;
    OrderStorage storage_;
    OrderReading sweep_reading_;
    std::unique_ptr<PaymentBackend> payments_;
    std::unique_ptr<worker::WorkerService> worker_;
    std::unique_ptr<worker::HoldSweeper> sweeper_;  // null: upkeep is another process's, as for the two below
    worker::ObservedRetention retention_observer_;
    std::unique_ptr<FileArchive> archive_;  // null: orders are kept for ever, as is
    std::unique_ptr<worker::RetentionSweeper> retention_;
    std::unique_ptr<worker::SettingsWatch> settings_;
    std::vector<NamedQueue> queues_;
    std::unique_ptr<WebhookDelivery> webhooks_;  // null: likewise
    net::Runtime loop_;                          // last: its coroutines refer to everything above
    bool drained_ = false;
    bool stopped_ = false;
};

}  // namespace orderflow
