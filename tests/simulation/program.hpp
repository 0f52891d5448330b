// Program: one life of the whole program, from opening its files to the end of its process: the API from its router
// down, the three durable queues, the worker, the order store with its reader, and the payment provider, all real, on
// simulated threads, a simulated disk and virtual time.
//
// Its composition follows orderflow/backend.cpp and orderflow/application.cpp; between the parts stand layers that
// lose, double, delay and reorder (FaultyQueue, FaultyPayments).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api-service/api_service.hpp"
#include "libs/crypto/hmac_order_ids.hpp"
#include "libs/orders/domain/table_pricing.hpp"
#include "libs/orders/ports/queue_names.hpp"
#include "libs/payments/simulated_payment_provider.hpp"
#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/sim_disk.hpp"
#include "libs/testing/sim_threads.hpp"
#include "orderflow/embedded_queues.hpp"
#include "tests/simulation/broken_parts.hpp"
#include "tests/simulation/defect.hpp"
#include "tests/simulation/exchange.hpp"
#include "tests/simulation/faulty_payments.hpp"
#include "tests/simulation/faulty_queue.hpp"
#include "worker-service/hold_sweeper.hpp"
#include "worker-service/observed_worker.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow::simulation {

// The threads of the process, as in ARCHITECTURE.md. They outlive every Program.
struct ProgramThreads {
    explicit ProgramThreads(SimThreads& all)
        : main(all.add("main")),
          api(all.add("api")),
          worker(all.add("worker")),
          journal(all.add("journal")),
          store(all.add("store")),
          reader(all.add("reader")),
          payments(all.add("payments")) {}
    std::array<SimThreads::Thread*, 7> all() { return {&main, &api, &worker, &journal, &store, &reader, &payments}; }
    void clear() {
        for (auto* thread : all()) thread->clear();
    }

    SimThreads::Thread& main;
    SimThreads::Thread& api;
    SimThreads::Thread& worker;
    SimThreads::Thread& journal;
    SimThreads::Thread& store;
    SimThreads::Thread& reader;
    SimThreads::Thread& payments;
};

// What differs between the runs, and is the same for every start of one.
struct Setup {
    int checkpoint_pages = 1000;
    std::uint32_t receives_max = 20;  // before a message becomes a dead letter
    orders::HoldLimits holds;

    static Setup draw(Entropy& plan) {
        static constexpr std::array<std::uint32_t, 4> receives{2, 3, 6, 20};
        static constexpr std::array<std::chrono::seconds, 4> hold_times{1min, 10min, 1h, 72h};
        Setup setup{.checkpoint_pages = static_cast<int>(8 + plan.below(200)),
                    .receives_max = receives[plan.below(receives.size())],
                    .holds = {}};
        setup.holds.hold_time_limit = hold_times[plan.below(hold_times.size())];
        return setup;
    }
};

// Everything outlives the program.
struct ProgramParts {
    SimThreads& threads;
    ProgramThreads& on;
    SimDisk& disk;
    Entropy& entropy;  // the program's own
    Entropy& dice;     // of the layers between its parts
    Mischief& mischief;
    AllCopies& copies;
    Trace& trace;
    Life& life;
    std::string directory;  // its lock files are real
    Setup setup;
    Defect defect;
    std::function<void()> turn_over;  // after each turn that the program runs the threads for
};

class Program {
  public:
    // The errors of the parts' own open(). Runs the threads until the queues are there.
    static Result<std::unique_ptr<Program>> start(ProgramParts parts);
    // After finish().
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // A request arrives.
    void take(std::shared_ptr<Exchange> exchange);

    // Nothing is being worked on. Open event streams only wait.
    bool idle() const { return worker_ != nullptr && worker_->in_progress() == 0 && inside_.size() == streams_; }

    // SIGTERM: answers what is inside, gives messages back, closes. Also the way to bury a process that was killed: its
    // disk is stopped and Life::gone is set, so that nothing it still does reaches anything.
    void finish(Instant deadline);

    // Runs the threads until the task has an answer; nothing when the program or its disk ended first.
    template <class T>
    std::optional<T> run(task<T> work) {
        auto answer = std::make_shared<std::optional<T>>();
        Spawner(parts_.on.main.loop())(keep(std::move(work), answer));
        while (!answer->has_value() && turn()) {
        }
        return std::move(*answer);
    }

    orders::OrderReader& reader() { return *reader_; }
    payments::SimulatedPaymentProvider& provider() { return *provider_; }
    std::array<std::pair<const char*, orders::MessageQueue*>, 3> queues() {
        return {{{orders::orders_queue, queues_.orders.get()},
                 {orders::commands_queue, queues_.commands.get()},
                 {orders::letters_queue, queues_.dead_letters.get()}}};
    }

    // What the shop sells, on the first day.
    static std::vector<orders::ShelfItem> catalogue();

  private:
    struct Sink final : observe::LogSink {
        explicit Sink(Trace& t) : trace(t) {}
        void write(observe::LogLevel, std::string_view line) override { trace.note("log", "{}", line); }
        Trace& trace;
    };

    explicit Program(ProgramParts parts);
    Result<void> open();
    Result<void> open_queues();
    void compose();
    bool turn();
    std::function<void(const Error&)> fatal(const char* where);
    task<void> serve(std::shared_ptr<Exchange> exchange);
    task<void> stream(std::shared_ptr<Exchange> exchange, std::shared_ptr<net::StreamBody> body);
    static task<void> stop_worker(worker::WorkerService& worker, worker::HoldSweeper& sweeper, Instant deadline,
                                  bool& done);
    static task<void> drain_api(api::ApiService& api, Instant deadline, bool& done);
    orders::LoopParts loop_of(SimThreads::Thread& thread);
    std::string path_of(const char* file) const { return parts_.directory + "/" + file; }

    template <class T>
    static task<void> keep(task<T> work, std::shared_ptr<std::optional<T>> into) {
        into->emplace(co_await std::move(work));
    }

    ProgramParts parts_;
    Sink sink_;
    observe::Logger log_;
    observe::Metrics metrics_;
    orders::TablePricing pricing_;
    worker::ObservedWorker worker_metrics_;
    crypto::HmacOrderIds ids_;
    ForgetfulIds forgetful_ids_;

    EmbeddedQueues queues_;
    std::unique_ptr<storage::SqliteOrderStore> store_;
    std::unique_ptr<storage::SqliteOrderReader> reader_;
    std::unique_ptr<payments::SimulatedPaymentProvider> provider_;

    std::vector<std::unique_ptr<orders::MessageQueue>> layers_;
    std::vector<std::unique_ptr<orders::PaymentProvider>> payment_layers_;
    std::unique_ptr<StaleReader> stale_reader_;
    std::unique_ptr<worker::WorkerService> worker_;
    std::unique_ptr<worker::HoldSweeper> sweeper_;
    std::unique_ptr<api::ApiService> api_;
    std::vector<std::shared_ptr<Exchange>> inside_;  // requests that are being served
    std::size_t streams_ = 0;                        // of these
};

}  // namespace orderflow::simulation
