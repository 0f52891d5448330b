#include "programs/order_worker.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/async/spawner.hpp"
#include "libs/contract/catalogue.hpp"
#include "orderflow/sample_catalogue.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

// What looks at the store by itself; each is null where another process does it.
struct Upkeep {
    worker::HoldSweeper* sweeper;
    worker::RetentionSweeper* retention;
    WebhookDelivery* webhooks;
};

// All outlive it: the caller waits for `done`.
task<void> start_on_loop(worker::WorkerService& worker, worker::SettingsWatch& settings, Upkeep upkeep,
                         std::promise<void>& done) {
    co_await settings.start();
    worker.start();
    if (upkeep.sweeper != nullptr) upkeep.sweeper->start();
    if (upkeep.retention != nullptr) upkeep.retention->start();
    if (upkeep.webhooks != nullptr) upkeep.webhooks->start();
    done.set_value();
}

// All outlive it: the caller waits for `done`.
task<void> stop_on_loop(worker::WorkerService& worker, worker::SettingsWatch& settings, Upkeep upkeep, Instant deadline,
                        std::promise<void>& done) {
    settings.ask_to_stop();
    if (upkeep.sweeper != nullptr) upkeep.sweeper->ask_to_stop();
    if (upkeep.retention != nullptr) upkeep.retention->ask_to_stop();
    if (upkeep.webhooks != nullptr) upkeep.webhooks->ask_to_stop();
    co_await worker.stop(deadline);
    // What they still wait for at the deadline goes down with the loop; the next process looks again.
    co_await settings.stop(deadline);
    if (upkeep.sweeper != nullptr) co_await upkeep.sweeper->stop(deadline);
    if (upkeep.retention != nullptr) co_await upkeep.retention->stop(deadline);
    if (upkeep.webhooks != nullptr) co_await upkeep.webhooks->stop(deadline);
    done.set_value();
}

// `worker` outlives it: it outlives its loop.
task<void> tell_state(worker::WorkerService& worker, Completion<worker::WorkerState> done) {
    done.complete(worker.state());
    co_return;
}

// `worker` outlives it: it outlives its loop.
task<void> set_paused_on_loop(worker::WorkerService& worker, bool paused) {
    for (const auto queue :
         {worker::WorkerQueue::orders, worker::WorkerQueue::commands, worker::WorkerQueue::dead_letters}) {
        paused ? worker.pause(queue) : worker.resume(queue);
    }
    co_return;
}

}  // namespace

OrderWorker::OrderWorker(Parts parts, const Settings& settings)
    : parts_(parts),
      configured_(settings),
      letters_open_(parts.metrics.gauge("orderflow_dead_letters_open", "Dead letters that need somebody.")),
      pricing_(orders::TablePricing::sample()),
      observer_(parts.metrics, parts.log, parts.clock),
      store_thread_(parts.clock, "order-store"),
      sweep_thread_(parts.clock, "order-sweep"),
      retention_observer_(parts.metrics, parts.log),
      loop_(parts.clock, 1, "worker") {}

Result<std::unique_ptr<OrderWorker>> OrderWorker::open(Parts parts, const Files& files, const Settings& settings) {
    std::unique_ptr<OrderWorker> worker(new OrderWorker(parts, settings));
    if (auto opened = worker->open(files); !opened) return fail(std::move(opened).error());
    return worker;
}

Result<void> OrderWorker::open(const Files& files) {
    auto catalogue = contract::read_catalogue(sample_catalogue_json());
    if (!catalogue) return fail(std::move(catalogue).error());
    auto opened = open_order_storage(store_thread_, parts_.clock, pricing_, files.store, *std::move(catalogue));
    if (!opened) return fail(std::move(opened).error());
    storage_ = *std::move(opened);
    auto reading = open_order_reading(sweep_thread_, parts_.clock, files.store, &storage_);
    if (!reading) return fail(std::move(reading).error());
    sweep_reading_ = *std::move(reading);

    auto backend = PaymentBackend::open({loop_, parts_.clock, parts_.entropy}, configured_.payments, files.payments);
    if (!backend) return fail(std::move(backend).error());
    payments_ = *std::move(backend);
    parts_.log.info("payments.provider", {{"provider", payments_->description()}});
    return configured_.worker.duties.upkeep ? open_upkeep() : Result<void>();
}

Result<void> OrderWorker::open_upkeep() {
    auto webhooks =
        WebhookDelivery::open({loop_, parts_.clock, parts_.entropy, parts_.log, parts_.metrics, *storage_.endpoints,
                               *sweep_reading_.endpoints, *sweep_reading_.reader, *storage_.operators, parts_.tracer},
                              configured_.webhook_rules, configured_.topic);
    if (!webhooks) return fail(std::move(webhooks).error());
    webhooks_ = *std::move(webhooks);
    if (!configured_.retention) return {};
    auto archive = FileArchive::open(sweep_thread_, parts_.clock, configured_.retention->archive);
    if (!archive) return fail(std::move(archive).error());
    archive_ = *std::move(archive);
    return {};
}

void OrderWorker::start(Queues queues) {
    worker_ = std::make_unique<worker::WorkerService>(
        worker::WorkerPorts{queues.orders, queues.commands, queues.dead_letters, store(), *storage_.operators,
                            *storage_.instances, payments_->provider(), parts_.entropy, observer_, parts_.tracer},
        orders::LoopParts{loop_.executor(), Spawner(loop_.loop()), parts_.clock}, configured_.worker);
    if (configured_.worker.duties.upkeep) make_sweepers(queues);
    settings_ = std::make_unique<worker::SettingsWatch>(
        *sweep_reading_.operators, *worker_, orders::LoopParts{loop_.executor(), Spawner(loop_.loop()), parts_.clock});
    queues_.push_back({worker::orders_queue, queues.orders});
    queues_.push_back({worker::commands_queue, queues.commands});
    queues_.push_back({worker::letters_queue, queues.dead_letters});
    loop_.start();
    std::promise<void> started;
    loop_.spawn(start_on_loop(*worker_, *settings_, {sweeper_.get(), retention_.get(), webhooks_.get()}, started));
    started.get_future().wait();
}

void OrderWorker::make_sweepers(Queues queues) {
    const orders::LoopParts loop{loop_.executor(), Spawner(loop_.loop()), parts_.clock};
    worker::SweepPolicy sweep;
    sweep.limits.hold_time_limit = configured_.hold_time_limit;
    sweeper_ = std::make_unique<worker::HoldSweeper>(
        worker::HoldSweeper::Parts{*sweep_reading_.reader, queues.orders, queues.commands, observer_}, loop, sweep);
    if (archive_ == nullptr) return;
    retention_ = std::make_unique<worker::RetentionSweeper>(
        worker::RetentionSweeper::Parts{*sweep_reading_.oldest, *sweep_reading_.reader, *storage_.burial, *archive_,
                                        retention_observer_},
        loop, worker::RetentionPolicy{.keep = configured_.retention->keep});
}

task<worker::WorkerState> OrderWorker::state() {
    co_return co_await await_completion<worker::WorkerState>(
        [this](Completion<worker::WorkerState> done) { loop_.spawn(tell_state(*worker_, std::move(done))); });
}

// What does not answer is left out of the row.
task<instances::InstanceRow> OrderWorker::complete(instances::InstanceRow row) {
    const auto state = co_await this->state();
    row.in_progress = static_cast<std::int64_t>(state.in_progress);
    row.in_progress_max = static_cast<std::int64_t>(state.in_progress_max);
    row.paused = std::ranges::find(state.paused, worker::orders_queue) != state.paused.end();
    for (const auto& [name, queue] : queues_) {
        const auto counts = co_await queue.counts();
        if (!counts) continue;
        row.queues.push_back({.queue = name,
                              .visible = static_cast<std::int64_t>(counts->visible),
                              .in_flight = static_cast<std::int64_t>(counts->in_flight),
                              .delayed = static_cast<std::int64_t>(counts->delayed),
                              .oldest_age = counts->oldest_age});
    }
    const auto groups = co_await sweep_reading_.operators->letter_groups(orders::LetterState::open);
    std::int64_t open = 0;
    for (const auto& group : groups.value_or(std::vector<orders::LetterGroup>())) open += group.count;
    if (groups) letters_open_.set(static_cast<double>(open));
    co_return row;
}

void OrderWorker::set_paused(bool paused) { loop_.spawn(set_paused_on_loop(*worker_, paused)); }

OrderWorker::~OrderWorker() { stop(parts_.clock.now()); }

void OrderWorker::drain(Instant deadline) {
    if (std::exchange(drained_, true) || worker_ == nullptr) return;
    std::promise<void> done;
    loop_.spawn(
        stop_on_loop(*worker_, *settings_, {sweeper_.get(), retention_.get(), webhooks_.get()}, deadline, done));
    done.get_future().wait();
}

void OrderWorker::stop(Instant deadline) {
    if (std::exchange(stopped_, true)) return;
    drain(deadline);
    loop_.stop();
    if (payments_ != nullptr) payments_->stop();
    if (webhooks_ != nullptr) webhooks_->close();
    for (auto* thread : {&sweep_thread_, &store_thread_}) thread->stop();
}

}  // namespace orderflow
