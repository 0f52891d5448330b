#include "libs/storage/sqlite/sqlite_order_reader.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/storage/sqlite/order_queries.hpp"

namespace orderflow::storage {

struct SqliteOrderReader::State {
    // Runs on the executor inside a read transaction, or with the error that kept it from beginning.
    using Request = std::move_only_function<void(Result<OrderQueries*>)>;

    State(Executor& e, std::shared_ptr<const StoredIds> i, sqlite::Database d)
        : executor(e), ids(std::move(i)), database(std::move(d)) {}

    void enqueue(Request request);
    void serve();

    // `read` asks the queries; its Result is the caller's.
    template <class T, class Read>
    task<Result<T>> ask(Read read) {
        co_return co_await await_completion<Result<T>>([&](Completion<Result<T>> done) {
            enqueue([read = std::move(read), waiter = std::move(done)](Result<OrderQueries*> queries) mutable {
                waiter.complete(queries ? read(**queries) : Result<T>(fail(std::move(queries).error())));
            });
        });
    }

    bool excludes(const std::vector<orders::OrderId>& wanted) const {
        return ids != nullptr && std::ranges::all_of(wanted, [this](const auto& id) { return ids->excludes(id); });
    }

    Executor& executor;
    std::shared_ptr<const StoredIds> ids;  // null: not known
    std::mutex mutex;
    std::vector<Request> waiting;  // under the mutex

    // Only on the executor.
    sqlite::Database database;
    std::optional<OrderQueries> queries;
};

void SqliteOrderReader::State::enqueue(Request request) {
    {
        const std::lock_guard guard(mutex);
        waiting.push_back(std::move(request));
        if (waiting.size() > 1) return;  // serve() is already posted
    }
    executor.post([this] { serve(); });
}

void SqliteOrderReader::State::serve() {
    std::vector<Request> requests;
    {
        const std::lock_guard guard(mutex);
        requests = std::exchange(waiting, {});
    }
    auto view = sqlite::Transaction::begin(database, sqlite::Locking::read);
    for (auto& request : requests) {
        request(view ? Result<OrderQueries*>(&*queries) : Result<OrderQueries*>(fail(view.error())));
    }
}

Result<std::unique_ptr<SqliteOrderReader>> SqliteOrderReader::open(Executor& executor, const std::string& path,
                                                                   std::shared_ptr<const StoredIds> ids,
                                                                   const std::string& vfs) {
    sqlite::OpenOptions options;
    options.role = sqlite::Role::reader;
    options.vfs = vfs;
    auto database = sqlite::Database::open(path, options);
    if (!database) return fail(std::move(database).error());
    auto state = std::make_unique<State>(executor, std::move(ids), *std::move(database));
    auto queries = OrderQueries::prepare(state->database);
    if (!queries) return fail(std::move(queries).error());
    state->queries.emplace(*std::move(queries));
    return std::unique_ptr<SqliteOrderReader>(new SqliteOrderReader(std::move(state)));
}

SqliteOrderReader::SqliteOrderReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteOrderReader::~SqliteOrderReader() = default;

task<Result<orders::OrderLookup>> SqliteOrderReader::find(orders::OrderId id) {
    return state_->ask<orders::OrderLookup>([id](OrderQueries& queries) { return queries.find(id); });
}

task<Result<std::vector<std::optional<orders::Fingerprint>>>> SqliteOrderReader::fingerprints(
    std::vector<orders::OrderId> ids) {
    if (state_->excludes(ids)) co_return std::vector<std::optional<orders::Fingerprint>>(ids.size());
    co_return co_await state_->ask<std::vector<std::optional<orders::Fingerprint>>>(
        [wanted = std::move(ids)](OrderQueries& queries) { return queries.fingerprints(wanted); });
}

task<Result<std::vector<orders::OrderEvent>>> SqliteOrderReader::events(orders::OrderId id, std::int32_t after) {
    return state_->ask<std::vector<orders::OrderEvent>>(
        [id, after](OrderQueries& queries) { return queries.events(id, after); });
}

task<Result<std::vector<orders::ShelfItem>>> SqliteOrderReader::products() {
    return state_->ask<std::vector<orders::ShelfItem>>([](OrderQueries& queries) { return queries.products(); });
}

task<Result<orders::OrderPage>> SqliteOrderReader::list(orders::OrderQuery query) {
    return state_->ask<orders::OrderPage>(
        [wanted = std::move(query)](OrderQueries& queries) { return queries.list(wanted); });
}

task<Result<std::vector<orders::LedgerPosting>>> SqliteOrderReader::ledger(orders::OrderId id) {
    return state_->ask<std::vector<orders::LedgerPosting>>([id](OrderQueries& queries) { return queries.ledger(id); });
}

task<Result<std::vector<orders::StoredDeadLetter>>> SqliteOrderReader::dead_letters(std::int64_t after,
                                                                                    std::uint32_t limit) {
    return state_->ask<std::vector<orders::StoredDeadLetter>>(
        [after, limit](OrderQueries& queries) { return queries.dead_letters(after, limit); });
}

task<Result<orders::OrderPage>> SqliteOrderReader::oldest(orders::OldestQuery query) {
    return state_->ask<orders::OrderPage>([query](OrderQueries& queries) { return queries.oldest(query); });
}

task<Result<std::int64_t>> SqliteOrderReader::complete_through() {
    return state_->ask<std::int64_t>([](OrderQueries& queries) { return queries.newest(); });
}

task<Result<orders::LetterPage>> SqliteOrderReader::letters(orders::LetterQuery query) {
    query.limit = std::clamp<std::uint32_t>(query.limit, 1, orders::letters_page_max);
    return state_->ask<orders::LetterPage>(
        [wanted = std::move(query)](OrderQueries& queries) { return queries.letter_page(wanted); });
}

task<Result<std::optional<orders::StoredDeadLetter>>> SqliteOrderReader::letter(std::int64_t number) {
    return state_->ask<std::optional<orders::StoredDeadLetter>>(
        [number](OrderQueries& queries) { return queries.letters().find(number); });
}

task<Result<std::int64_t>> SqliteOrderReader::letter_count(orders::LetterSelection selection,
                                                           orders::LetterState state) {
    return state_->ask<std::int64_t>([wanted = std::move(selection), state](OrderQueries& queries) {
        return queries.letters().count(wanted, state);
    });
}

task<Result<std::vector<orders::LetterGroup>>> SqliteOrderReader::letter_groups(orders::LetterState state) {
    return state_->ask<std::vector<orders::LetterGroup>>(
        [state](OrderQueries& queries) { return queries.letters().groups(state); });
}

task<Result<orders::CommandPage>> SqliteOrderReader::commands(orders::CommandQuery query) {
    return state_->ask<orders::CommandPage>(
        [wanted = std::move(query)](OrderQueries& queries) { return queries.commands().page(wanted); });
}

task<Result<std::optional<orders::CommandRecord>>> SqliteOrderReader::command(std::string id) {
    return state_->ask<std::optional<orders::CommandRecord>>(
        [wanted = std::move(id)](OrderQueries& queries) { return queries.commands().find(wanted); });
}

task<Result<orders::WorkerSettings>> SqliteOrderReader::worker_settings() {
    return state_->ask<orders::WorkerSettings>([](OrderQueries& queries) { return queries.workers().read(); });
}

task<Result<std::vector<instances::InstanceRow>>> SqliteOrderReader::newest_rows(WallTime since) {
    return state_->ask<std::vector<instances::InstanceRow>>(
        [since](OrderQueries& queries) { return queries.instances().newest(since); });
}

task<Result<std::vector<instances::InstanceRow>>> SqliteOrderReader::rows(WallTime after, WallTime until) {
    return state_->ask<std::vector<instances::InstanceRow>>(
        [after, until](OrderQueries& queries) { return queries.instances().rows(after, until); });
}

task<Result<std::vector<orders::EventEndpoint>>> SqliteOrderReader::endpoints() {
    return state_->ask<std::vector<orders::EventEndpoint>>(
        [](OrderQueries& queries) { return queries.endpoints().all(); });
}

task<Result<std::optional<orders::EventEndpoint>>> SqliteOrderReader::endpoint(std::string id) {
    return state_->ask<std::optional<orders::EventEndpoint>>(
        [wanted = std::move(id)](OrderQueries& queries) { return queries.endpoints().find(wanted); });
}

task<Result<std::vector<orders::EventLane>>> SqliteOrderReader::lanes(std::string endpoint) {
    return state_->ask<std::vector<orders::EventLane>>(
        [wanted = std::move(endpoint)](OrderQueries& queries) { return queries.endpoints().lanes(wanted); });
}

task<Result<orders::DeliveryPage>> SqliteOrderReader::deliveries(orders::DeliveryQuery query) {
    return state_->ask<orders::DeliveryPage>(
        [wanted = std::move(query)](OrderQueries& queries) { return queries.endpoints().deliveries(wanted); });
}

task<Result<std::vector<orders::EventDelivery>>> SqliteOrderReader::deliveries_of(orders::OrderId order) {
    return state_->ask<std::vector<orders::EventDelivery>>(
        [order](OrderQueries& queries) { return queries.endpoints().deliveries_of(order); });
}

task<Result<orders::FeedPage>> SqliteOrderReader::feed(orders::EventPosition after, std::uint32_t transitions) {
    return state_->ask<orders::FeedPage>(
        [after, transitions](OrderQueries& queries) { return queries.endpoints().feed(after, transitions); });
}

task<Result<orders::EventPosition>> SqliteOrderReader::feed_head() {
    return state_->ask<orders::EventPosition>([](OrderQueries& queries) { return queries.endpoints().head(); });
}

}  // namespace orderflow::storage
