#include "tests/simulation/program.hpp"

#include "libs/crypto/digest.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::simulation {

namespace {

// A life that does not come to its end within so many turns hangs.
constexpr int burial_turns_max = 200'000;

std::vector<std::byte> secret(unsigned char fill) { return std::vector<std::byte>(32, std::byte{fill}); }

orders::ShelfItem item(const char* sku, std::int64_t price, std::int64_t on_hand) {
    orders::Product product(orders::samples::sku(sku));
    product.name = sku;
    product.category = "sample";
    product.prices = {orders::Money(price, orders::samples::eur())};
    return {product, orders::Stock{on_hand, 0}};
}

}  // namespace

std::vector<orders::ShelfItem> Program::catalogue() {
    return {item("book", 1000, 1'000'000), item("mug", 1250, 40), item("lamp", 4500, 5), item("print", 0, 100)};
}

Program::Program(ProgramParts parts)
    : parts_(std::move(parts)),
      sink_(parts_.trace),
      log_(parts_.threads.clock(), sink_, observe::LogLevel::info),
      pricing_(orders::samples::pricing()),
      worker_metrics_(metrics_, log_, parts_.threads.clock()),
      ids_(secret(1), {secret(2)}, parts_.entropy),
      forgetful_ids_(ids_) {}

Program::~Program() = default;

Result<std::unique_ptr<Program>> Program::start(ProgramParts parts) {
    std::unique_ptr<Program> program(new Program(std::move(parts)));
    auto opened = program->open();
    if (!opened) {
        program->parts_.life.gone = true;
        program->finish(program->parts_.threads.clock().now());
        return fail(std::move(opened).error());
    }
    program->compose();
    return program;
}

orders::LoopParts Program::loop_of(SimThreads::Thread& thread) {
    return {thread, Spawner(thread.loop()), parts_.threads.clock()};
}

// In production this is the end of the process, at once: whatever follows must reach nothing.
std::function<void(const Error&)> Program::fatal(const char* where) {
    return [this, where](const Error& error) {
        if (parts_.disk.stopped()) return;  // it has ended already
        parts_.trace.note(where, "ends the process: {}", error.code());
        if (!parts_.life.ended_by) {
            parts_.life.ended_by = error;
            parts_.life.ended_where = where;
        }
        parts_.disk.stop();
    };
}

bool Program::turn() {
    if (parts_.disk.stopped() || parts_.life.ended_by) return false;
    const bool any = parts_.threads.step(parts_.threads.clock().now() + 1h) != nullptr;
    if (any) parts_.turn_over();
    return any;
}

Result<void> Program::open() {
    auto& clock = parts_.threads.clock();
    if (auto opened = open_queues(); !opened) return opened;

    storage::SqliteStoreOptions options;
    options.path = path_of("orders.db");
    options.first_catalogue = catalogue();
    options.on_fatal = fatal("store");
    options.checkpoint_pages = parts_.setup.checkpoint_pages;
    options.vfs = parts_.disk.vfs_name();
    auto store = storage::SqliteOrderStore::open(parts_.on.store, clock, pricing_, std::move(options));
    if (!store) return fail(std::move(store).error());
    store_ = *std::move(store);

    auto reader = storage::SqliteOrderReader::open(parts_.on.reader, path_of("orders.db"), store_->stored_ids(),
                                                   parts_.disk.vfs_name());
    if (!reader) return fail(std::move(reader).error());
    reader_ = *std::move(reader);

    payments::SimulatedOptions simulated;
    simulated.on_fatal = fatal("payments");
    simulated.vfs = parts_.disk.vfs_name();
    auto provider = payments::SimulatedPaymentProvider::open(path_of("payments.db"), parts_.on.payments, clock,
                                                             std::move(simulated));
    if (!provider) return fail(std::move(provider).error());
    provider_ = *std::move(provider);
    return {};
}

Result<void> Program::open_queues() {
    queue::DurableQueuesOptions options;
    options.journal = {
        .path = path_of("queue.db"), .vfs = parts_.disk.vfs_name(), .checkpoint_pages = parts_.setup.checkpoint_pages};
    options.committer.on_fatal = fatal("journal");
    // A window of few messages, so that a small backlog already leaves memory.
    options.committer.engine.window = {.messages = 8, .bytes = 16 * 1024};
    auto& clock = parts_.threads.clock();
    auto journal = queue::DurableQueues::open(std::move(options), parts_.on.journal, clock, parts_.entropy);
    if (!journal) return fail(std::move(journal).error());
    queues_.journal = *std::move(journal);

    const auto open_queue = [this](const char* name, const queue::QueueSettings& settings,
                                   std::unique_ptr<queue::EmbeddedMessageQueue>& out) -> Result<void> {
        auto number = run(queues_.journal->find({queue::default_scope(), name}));
        if (number && !*number) {
            number = run(queues_.journal->create_queue({queue::default_scope(), name}, settings));
        }
        if (!number) return fail(ErrorKind::unavailable, "sim.stopped");
        if (!*number) return fail(std::move(*number).error());
        out = std::make_unique<queue::EmbeddedMessageQueue>(*queues_.journal, **number);
        return {};
    };
    if (auto opened = open_queue(orders::letters_queue, dead_letter_queue_settings(), queues_.dead_letters); !opened) {
        return opened;
    }
    auto working = working_queue_settings();
    working.redrive->max_receive_count = parts_.setup.receives_max;
    if (parts_.defect == Defect::messages_expire) working.retention = std::chrono::days(14);
    if (auto opened = open_queue(orders::orders_queue, working, queues_.orders); !opened) return opened;
    return open_queue(orders::commands_queue, working, queues_.commands);
}

void Program::compose() {
    const auto faulty = [this](const char* name, orders::MessageQueue& inner, Copies& copies) -> orders::MessageQueue& {
        layers_.push_back(std::make_unique<FaultyQueue>(name, inner, copies, parts_.mischief, parts_.dice, parts_.life,
                                                        parts_.trace));
        const HastyQueue::Haste haste{.sends = parts_.defect == Defect::hasty_acknowledgement,
                                      .removals = parts_.defect == Defect::early_removal};
        if (!haste.sends && !haste.removals) return *layers_.back();
        layers_.push_back(std::make_unique<HastyQueue>(*layers_.back(), Spawner(parts_.on.main.loop()), haste));
        return *layers_.back();
    };
    auto& orders_queue = faulty("orders", *queues_.orders, parts_.copies.orders);
    auto& commands = faulty("commands", *queues_.commands, parts_.copies.commands);
    auto& letters = faulty("letters", *queues_.dead_letters, parts_.copies.letters);

    payment_layers_.push_back(std::make_unique<FaultyPayments>(
        *provider_, parts_.on.worker, parts_.threads.clock(), parts_.mischief, parts_.dice, parts_.life, parts_.trace));
    if (parts_.defect == Defect::payments_forget_keys) {
        payment_layers_.push_back(std::make_unique<ForgetfulPayments>(*payment_layers_.back()));
    }
    stale_reader_ = std::make_unique<StaleReader>(*reader_);

    worker_ = std::make_unique<worker::WorkerService>(
        worker::WorkerPorts{orders_queue, commands, letters, *store_, *store_, *store_, *payment_layers_.back(),
                            parts_.entropy, worker_metrics_},
        loop_of(parts_.on.worker), worker::WorkerConfig{});
    sweeper_ = std::make_unique<worker::HoldSweeper>(
        worker::HoldSweeper::Parts{*reader_, orders_queue, commands, worker_metrics_}, loop_of(parts_.on.worker),
        worker::SweepPolicy{.limits = parts_.setup.holds});
    const orders::OrderIds& ids =
        parts_.defect == Defect::ids_forget_keys ? static_cast<const orders::OrderIds&>(forgetful_ids_) : ids_;
    orders::OrderReader& reader =
        parts_.defect == Defect::stale_reads ? static_cast<orders::OrderReader&>(*stale_reader_) : *reader_;
    api_ = std::make_unique<api::ApiService>(api::ApiParts{.orders_queue = orders_queue,
                                                           .commands_queue = commands,
                                                           .reader = reader,
                                                           .operators = *reader_,
                                                           .instance_rows = *reader_,
                                                           .endpoints = *reader_,
                                                           .feed = *store_,
                                                           .ids = ids,
                                                           .sha256 = crypto::sha256,
                                                           .clock = parts_.threads.clock(),
                                                           .entropy = parts_.entropy,
                                                           .metrics = metrics_,
                                                           .log = log_,
                                                           .loops = {loop_of(parts_.on.api)}},
                                             api::ApiConfig{});
    parts_.on.worker.post([this] {
        worker_->start();
        sweeper_->start();
    });
    api_->start();
}

void Program::take(std::shared_ptr<Exchange> exchange) { Spawner(parts_.on.api.loop())(serve(std::move(exchange))); }

// As net::HttpSession does for a request that was read whole.
task<void> Program::serve(std::shared_ptr<Exchange> exchange) {
    if (parts_.life.gone) co_return;
    inside_.push_back(exchange);
    const auto match = api_->router().match(exchange->method, exchange->path);
    const auto* matched = std::get_if<net::Router::Matched>(&match);
    net::Response response = net::problem(404, "not-found", "no route");
    std::vector<net::Field> fields;
    for (const auto& [name, value] : exchange->fields) fields.push_back({name, value});
    if (matched != nullptr) {
        const auto now = parts_.threads.clock().now();
        net::Request request;
        request.method = exchange->method;
        request.path = exchange->path;
        request.fields = fields;
        request.params = std::span(matched->params).first(matched->param_count);
        request.body = exchange->body;
        request.peer = "127.0.0.1";
        request.request_id = "sim";
        request.arrived = now;
        request.answer_by = now + 30s;
        request.stop = exchange->stop.get_token();
        request.loop = &parts_.on.api;
        const auto timer =
            parts_.on.api.post_at(request.answer_by, [stop = exchange->stop]() mutable { stop.request_stop(); });
        response = co_await matched->route->handler(request);
        parts_.on.api.cancel(timer);
    }
    if (!parts_.life.gone) exchange->answered({response.status, response.body});
    if (response.stream) co_await stream(exchange, std::move(response.stream));
    std::erase(inside_, exchange);
}

task<void> Program::stream(std::shared_ptr<Exchange> exchange, std::shared_ptr<net::StreamBody> body) {
    ++streams_;
    while (!parts_.life.gone) {
        auto piece = co_await body->next(exchange->stop.get_token());
        const bool over = !piece;
        if (!parts_.life.gone) exchange->streamed(std::move(piece));
        if (over) break;
    }
    --streams_;
}

task<void> Program::stop_worker(worker::WorkerService& worker, worker::HoldSweeper& sweeper, Instant deadline,
                                bool& done) {
    sweeper.ask_to_stop();
    co_await worker.stop(deadline);
    // As OrderWorker does, but without a deadline: no port hangs here.
    co_await sweeper.stop(Instant::max());
    done = true;
}

task<void> Program::drain_api(api::ApiService& api, Instant deadline, bool& done) {
    co_await api.drain_loop(0, deadline);
    done = true;
}

void Program::finish(Instant deadline) {
    if (worker_ != nullptr) {
        bool drained = false;
        bool stopped = false;
        api_->begin_drain();
        for (const auto& exchange : inside_) exchange->stop.request_stop();
        Spawner(parts_.on.api.loop())(drain_api(*api_, deadline, drained));
        Spawner(parts_.on.worker.loop())(stop_worker(*worker_, *sweeper_, deadline, stopped));
        for (int turns = 0; !drained || !stopped || !inside_.empty(); ++turns) {
            const bool hangs =
                turns == burial_turns_max || parts_.threads.step(parts_.threads.clock().now() + 1h) == nullptr;
            if (hangs) {
                fmt::print(stderr, "seed {}: it does not end\n", parts_.trace.seed());
                ORDERFLOW_INVARIANT(!hangs);
            }
            // New requests come in until the process ends; nobody waits for their answers.
            for (const auto& exchange : inside_) exchange->stop.request_stop();
        }
    }
    parts_.life.gone = true;
    // What still waits is destroyed while all that it refers to is there.
    parts_.on.clear();
    provider_.reset();
    parts_.on.clear();
    reader_.reset();
    store_.reset();
    parts_.on.clear();
    queues_.journal.reset();
    parts_.on.clear();
    api_.reset();
    sweeper_.reset();
    worker_.reset();
    parts_.on.clear();
}

}  // namespace orderflow::simulation
