#include "orderflow/backend.hpp"

#include <future>
#include <utility>

#include "libs/async/spawner.hpp"
#include "libs/contract/catalogue.hpp"
#include "orderflow/fatal.hpp"
#include "orderflow/sample_catalogue.hpp"

namespace orderflow {
namespace {

// `worker` and `done` outlive it: the caller waits for `done`.
task<void> start_on_loop(worker::WorkerService& worker, std::promise<void>& done) {
    worker.start();
    done.set_value();
    co_return;
}

// `worker` and `done` outlive it: the caller waits for `done`.
task<void> stop_on_loop(worker::WorkerService& worker, Instant deadline, std::promise<void>& done) {
    co_await worker.stop(deadline);
    done.set_value();
}

std::unexpected<Error> named(Error error, const std::filesystem::path& file) {
    return fail(error.kind(), error.code(), file.string() + ": " + error.detail());
}

}  // namespace

Backend::Backend(Parts parts)
    : parts_(parts),
      pricing_(orders::TablePricing::sample()),
      queue_metrics_(parts.metrics, parts.log),
      worker_metrics_(parts.metrics, parts.log, parts.clock),
      journal_thread_(parts.clock, "queue-journal"),
      store_thread_(parts.clock, "order-store"),
      reader_thread_(parts.clock, "order-reader"),
      payments_thread_(parts.clock, "payments"),
      worker_loop_(parts.clock, 1, "worker") {}

Result<std::unique_ptr<Backend>> Backend::start(Parts parts, const BackendFiles& files, bool run_worker) {
    std::unique_ptr<Backend> backend(new Backend(parts));
    if (auto opened = backend->open(files); !opened) return fail(std::move(opened).error());
    if (run_worker) backend->start_worker();
    return backend;
}

Result<void> Backend::open(const BackendFiles& files) {
    auto queues =
        open_embedded_queues(files.journal.string(), journal_thread_, parts_.clock, parts_.entropy, &queue_metrics_);
    if (!queues) return named(std::move(queues).error(), files.journal);
    queues_ = *std::move(queues);

    auto catalogue = contract::read_catalogue(sample_catalogue_json());
    if (!catalogue) return fail(std::move(catalogue).error());
    storage::SqliteStoreOptions options;
    options.path = files.store.string();
    options.first_catalogue = *std::move(catalogue);
    options.on_fatal = [](const Error& error) { end_because_of_disk("the order store", error); };
    auto store = storage::SqliteOrderStore::open(store_thread_, parts_.clock, pricing_, std::move(options));
    if (!store) return named(std::move(store).error(), files.store);
    store_ = *std::move(store);

    auto reader = storage::SqliteOrderReader::open(reader_thread_, files.store.string());
    if (!reader) return named(std::move(reader).error(), files.store);
    reader_ = *std::move(reader);

    payments::SimulatedOptions simulated;
    simulated.on_fatal = [](const Error& error) { end_because_of_disk("the payment provider's ledger", error); };
    auto provider = payments::SimulatedPaymentProvider::open(files.payments.string(), payments_thread_, parts_.clock,
                                                             std::move(simulated));
    if (!provider) return named(std::move(provider).error(), files.payments);
    payments_ = *std::move(provider);
    return {};
}

void Backend::start_worker() {
    worker_ = std::make_unique<worker::WorkerService>(
        worker::WorkerPorts{*queues_.orders, *queues_.commands, *queues_.dead_letters, *store_, *payments_,
                            parts_.entropy, worker_metrics_},
        orders::LoopParts{worker_loop_.executor(), Spawner(worker_loop_.loop()), parts_.clock}, worker::WorkerConfig{});
    worker_loop_.start();
    std::promise<void> started;
    worker_loop_.spawn(start_on_loop(*worker_, started));
    started.get_future().wait();
}

Backend::~Backend() { stop(parts_.clock.now()); }

void Backend::stop(Instant deadline) {
    if (std::exchange(stopped_, true)) return;
    if (worker_ != nullptr) {
        std::promise<void> done;
        worker_loop_.spawn(stop_on_loop(*worker_, deadline, done));
        done.get_future().wait();
    }
    worker_loop_.stop();
    for (auto* thread : {&reader_thread_, &payments_thread_, &store_thread_, &journal_thread_}) thread->stop();
}

}  // namespace orderflow
