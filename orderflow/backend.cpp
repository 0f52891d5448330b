#include "orderflow/backend.hpp"

#include <future>
#include <memory>
#include <utility>

#include "programs/process.hpp"

namespace orderflow {

Backend::Backend(Parts parts)
    : parts_(parts),
      queue_metrics_(parts.metrics, parts.log),
      journal_thread_(parts.clock, "queue-journal"),
      reader_thread_(parts.clock, "order-reader") {}

Result<std::unique_ptr<Backend>> Backend::start(Parts parts, const BackendFiles& files,
                                                const OrderWorker::Settings& settings, bool cooldowns,
                                                bool run_worker) {
    std::unique_ptr<Backend> backend(new Backend(parts));
    if (auto opened = backend->open(files, settings, cooldowns); !opened) return fail(std::move(opened).error());
    if (run_worker) {
        auto& queues = backend->queues_;
        backend->worker_->start({*queues.orders, *queues.commands, *queues.dead_letters});
        backend->works_ = true;
    }
    return backend;
}

Result<void> Backend::open(const BackendFiles& files, const OrderWorker::Settings& settings, bool cooldowns) {
    // At the same time: each waits for its own files to be synced, and reads what it holds. The readers' thread has
    // nothing to do yet.
    const auto opening_queues =
        std::make_shared<std::packaged_task<Result<EmbeddedQueues>()>>([this, &files, cooldowns] {
            return open_embedded_queues(
                {.path = files.journal.string(), .cooldowns = cooldowns, .tell_every = QueueMetrics::counted_every},
                journal_thread_, parts_.clock, parts_.entropy, &queue_metrics_);
        });
    reader_thread_.post([opening_queues] { (*opening_queues)(); });
    auto worker = OrderWorker::open(parts_, {.store = files.store, .payments = files.payments}, settings);
    auto queues = opening_queues->get_future().get();
    if (!queues) return fail_about(queues.error(), files.journal);
    if (!worker) return fail(std::move(worker).error());
    queues_ = *std::move(queues);
    worker_ = *std::move(worker);

    auto reading = open_order_reading(reader_thread_, parts_.clock, files.store, &worker_->storage());
    if (!reading) return fail(std::move(reading).error());
    reading_ = *std::move(reading);
    return {};
}

Backend::~Backend() { stop(parts_.clock.now()); }

void Backend::drain(Instant deadline) {
    if (worker_ != nullptr) worker_->drain(deadline);
}

void Backend::stop(Instant deadline) {
    if (std::exchange(stopped_, true)) return;
    if (worker_ != nullptr) worker_->stop(deadline);
    for (auto* thread : {&reader_thread_, &journal_thread_}) thread->stop();
}

}  // namespace orderflow
