#include "libs/storage/postgres/postgres_order_reader.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <mutex>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/storage/postgres/endpoint_requests.hpp"
#include "libs/storage/postgres/instance_requests.hpp"
#include "libs/storage/postgres/operator_requests.hpp"
#include "libs/storage/postgres/order_requests.hpp"
#include "libs/storage/postgres/postgres_session.hpp"
#include "libs/storage/postgres/schema.hpp"

namespace orderflow::storage {

namespace {

// Requests of one pipeline: what they answer is in memory together.
constexpr std::size_t requests_max = 64;

std::vector<Result<Answers>> all_failed(std::size_t count, const Error& error) {
    std::vector<Result<Answers>> answers;
    answers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) answers.emplace_back(fail(error));
    return answers;
}

}  // namespace

struct PostgresOrderReader::State {
    struct Waiting {
        postgres::Unit unit;
        std::move_only_function<void(Result<Answers>)> done;
    };

    State(Executor& e, const Clock& c, postgres::ConnectOptions options)
        : executor(e), session(std::move(options), c, [](postgres::Connection& connection) {
              return postgres::check_schema(connection, order_store_schema);
          }) {}

    void enqueue(Waiting request);
    void serve();
    std::vector<Result<Answers>> ask_server(const std::vector<postgres::Unit>& units);

    // `read` makes the caller's result of the answers.
    template <class T, class Read>
    task<Result<T>> ask(postgres::Unit unit, Read read) {
        co_return co_await await_completion<Result<T>>([&](Completion<Result<T>> done) {
            enqueue({std::move(unit), [read = std::move(read), waiter = std::move(done)](Result<Answers> rows) mutable {
                         waiter.complete(rows ? read(*rows) : Result<T>(fail(std::move(rows).error())));
                     }});
        });
    }

    Executor& executor;
    std::mutex mutex;
    std::vector<Waiting> waiting;  // under the mutex
    bool serving = false;          // under the mutex: serve() is posted or running

    PostgresSession session;  // only on the executor
};

void PostgresOrderReader::State::enqueue(Waiting request) {
    {
        const std::lock_guard guard(mutex);
        waiting.push_back(std::move(request));
        if (std::exchange(serving, true)) return;
    }
    executor.post([this] { serve(); });
}

void PostgresOrderReader::State::serve() {
    std::vector<Waiting> requests;
    {
        const std::lock_guard guard(mutex);
        const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(std::min(waiting.size(), requests_max));
        std::move(waiting.begin(), end, std::back_inserter(requests));
        waiting.erase(waiting.begin(), end);
    }
    std::vector<postgres::Unit> units;
    units.reserve(requests.size());
    for (auto& request : requests) units.push_back(std::move(request.unit));
    auto answers = ask_server(units);
    for (std::size_t i = 0; i < requests.size(); ++i) requests[i].done(std::move(answers[i]));
    {
        const std::lock_guard guard(mutex);
        serving = !waiting.empty();
        if (!serving) return;
    }
    executor.post([this] { serve(); });
}

// A session that ended while nobody asked (a restart, a failover) shows only now: reads are then asked once more.
std::vector<Result<Answers>> PostgresOrderReader::State::ask_server(const std::vector<postgres::Unit>& units) {
    for (bool again = false;; again = true) {
        const auto connection = session.get();
        if (!connection) return all_failed(units.size(), connection.error());
        auto answers = (*connection)->run_each(units);
        if (again || session.is_open()) return answers;
    }
}

Result<std::unique_ptr<PostgresOrderReader>> PostgresOrderReader::open(Executor& executor, const Clock& clock,
                                                                       postgres::ConnectOptions options) {
    options.read_only = true;
    auto state = std::make_unique<State>(executor, clock, std::move(options));
    const auto connected = state->session.connect();
    if (!connected && connected.error().kind() != ErrorKind::unavailable) return fail(connected.error());
    return std::unique_ptr<PostgresOrderReader>(new PostgresOrderReader(std::move(state)));
}

PostgresOrderReader::PostgresOrderReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PostgresOrderReader::~PostgresOrderReader() = default;

task<Result<orders::OrderLookup>> PostgresOrderReader::find(orders::OrderId id) {
    return state_->ask<orders::OrderLookup>(find_request(id), read_lookup);
}

task<Result<std::vector<std::optional<orders::Fingerprint>>>> PostgresOrderReader::fingerprints(
    std::vector<orders::OrderId> ids) {
    auto request = fingerprints_request(ids);
    return state_->ask<std::vector<std::optional<orders::Fingerprint>>>(
        std::move(request),
        [wanted = std::move(ids)](const Answers& answers) { return read_fingerprints(answers, wanted); });
}

task<Result<std::vector<orders::OrderEvent>>> PostgresOrderReader::events(orders::OrderId id, std::int32_t after) {
    return state_->ask<std::vector<orders::OrderEvent>>(
        events_request(id), [after](const Answers& answers) { return read_events(answers, after); });
}

task<Result<std::vector<orders::ShelfItem>>> PostgresOrderReader::products() {
    return state_->ask<std::vector<orders::ShelfItem>>(products_request(), read_products);
}

task<Result<orders::OrderPage>> PostgresOrderReader::list(orders::OrderQuery query) {
    auto request = list_request(query);
    return state_->ask<orders::OrderPage>(
        std::move(request), [wanted = std::move(query)](const Answers& answers) { return read_page(answers, wanted); });
}

task<Result<std::vector<orders::LedgerPosting>>> PostgresOrderReader::ledger(orders::OrderId id) {
    return state_->ask<std::vector<orders::LedgerPosting>>(ledger_request(id), read_ledger);
}

task<Result<std::vector<orders::StoredDeadLetter>>> PostgresOrderReader::dead_letters(std::int64_t after,
                                                                                      std::uint32_t limit) {
    return state_->ask<std::vector<orders::StoredDeadLetter>>(dead_letters_request(after, limit), read_dead_letters);
}

task<Result<orders::OrderPage>> PostgresOrderReader::oldest(orders::OldestQuery query) {
    return state_->ask<orders::OrderPage>(oldest_request(query),
                                          [query](const Answers& answers) { return read_oldest(answers, query); });
}

task<Result<std::int64_t>> PostgresOrderReader::complete_through() {
    return state_->ask<std::int64_t>(complete_through_request(), read_complete_through);
}

task<Result<orders::LetterPage>> PostgresOrderReader::letters(orders::LetterQuery query) {
    auto request = letter_page_request(query);
    return state_->ask<orders::LetterPage>(std::move(request), [wanted = std::move(query)](const Answers& answers) {
        return read_letter_page(answers, wanted);
    });
}

task<Result<std::optional<orders::StoredDeadLetter>>> PostgresOrderReader::letter(std::int64_t number) {
    return state_->ask<std::optional<orders::StoredDeadLetter>>(letter_request(number), read_one_letter);
}

task<Result<std::int64_t>> PostgresOrderReader::letter_count(orders::LetterSelection selection,
                                                             orders::LetterState state) {
    return state_->ask<std::int64_t>(letter_count_unit(selection, state), read_letter_count);
}

task<Result<std::vector<orders::LetterGroup>>> PostgresOrderReader::letter_groups(orders::LetterState state) {
    return state_->ask<std::vector<orders::LetterGroup>>(letter_groups_request(state), read_letter_groups);
}

task<Result<orders::CommandPage>> PostgresOrderReader::commands(orders::CommandQuery query) {
    auto request = commands_request(query);
    return state_->ask<orders::CommandPage>(std::move(request), [wanted = std::move(query)](const Answers& answers) {
        return read_commands(answers, wanted);
    });
}

task<Result<std::optional<orders::CommandRecord>>> PostgresOrderReader::command(std::string id) {
    return state_->ask<std::optional<orders::CommandRecord>>(command_request(id), read_command);
}

task<Result<orders::WorkerSettings>> PostgresOrderReader::worker_settings() {
    return state_->ask<orders::WorkerSettings>(worker_settings_request(), read_worker_settings);
}

task<Result<std::vector<instances::InstanceRow>>> PostgresOrderReader::newest_rows(WallTime since) {
    return state_->ask<std::vector<instances::InstanceRow>>(newest_instances_request(since), read_instances);
}

task<Result<std::vector<instances::InstanceRow>>> PostgresOrderReader::rows(WallTime after, WallTime until) {
    return state_->ask<std::vector<instances::InstanceRow>>(instance_rows_request(after, until), read_instances);
}

task<Result<std::vector<orders::EventEndpoint>>> PostgresOrderReader::endpoints() {
    return state_->ask<std::vector<orders::EventEndpoint>>(endpoints_request(), read_endpoints);
}

task<Result<std::optional<orders::EventEndpoint>>> PostgresOrderReader::endpoint(std::string id) {
    return state_->ask<std::optional<orders::EventEndpoint>>(endpoint_request(id), read_endpoint);
}

task<Result<std::vector<orders::EventLane>>> PostgresOrderReader::lanes(std::string endpoint) {
    auto request = lanes_request(endpoint);
    return state_->ask<std::vector<orders::EventLane>>(
        std::move(request),
        [wanted = std::move(endpoint)](const Answers& answers) { return read_lanes(answers, wanted); });
}

task<Result<orders::DeliveryPage>> PostgresOrderReader::deliveries(orders::DeliveryQuery query) {
    auto request = deliveries_request(query);
    return state_->ask<orders::DeliveryPage>(std::move(request), [wanted = std::move(query)](const Answers& answers) {
        return read_deliveries(answers, wanted);
    });
}

task<Result<std::vector<orders::EventDelivery>>> PostgresOrderReader::deliveries_of(orders::OrderId order) {
    return state_->ask<std::vector<orders::EventDelivery>>(deliveries_of_request(order), read_deliveries_of);
}

task<Result<orders::FeedPage>> PostgresOrderReader::feed(orders::EventPosition after, std::uint32_t transitions) {
    return state_->ask<orders::FeedPage>(feed_request(after, transitions), [transitions](const Answers& answers) {
        return read_feed(answers, transitions);
    });
}

task<Result<orders::EventPosition>> PostgresOrderReader::feed_head() {
    return state_->ask<orders::EventPosition>(feed_head_request(), read_feed_head);
}

}  // namespace orderflow::storage
