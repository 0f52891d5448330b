#include "libs/storage/postgres/postgres_order_store.hpp"

#include <string>
#include <utility>

#include "libs/async/completion.hpp"
#include "libs/storage/postgres/feed_positions.hpp"
#include "libs/storage/postgres/instance_requests.hpp"
#include "libs/storage/postgres/postgres_endpoint_writer.hpp"
#include "libs/storage/postgres/postgres_group_writer.hpp"
#include "libs/storage/postgres/postgres_operator_writer.hpp"
#include "libs/storage/postgres/postgres_session.hpp"
#include "libs/storage/postgres/schema.hpp"

namespace orderflow::storage {

namespace {

using Steps = std::vector<Result<orders::Step>>;

const postgres::Statement probe{"probe", "SELECT 1"};
// All that the writer reads and changes, it names by key. The server keeps the plan of a prepared statement until it
// analyzes the table: one that was made for a small table, which reads it whole, would be kept while the table grows.
const postgres::Statement plan_by_key{
    "plan_by_key",
    "SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),"
    " set_config('enable_mergejoin', 'off', false)"};
// Not in the transaction of the group: a NOTIFY there makes all commits of the database wait for each other. Nobody
// waits for this one to be on disk: the listener reads what is committed.
const postgres::Statement wake_feeds{"wake_feeds", "SELECT set_config('synchronous_commit', 'off', true), pg_notify('" +
                                                       std::string(order_changes_channel) + "', '')"};

}  // namespace

struct PostgresOrderStore::State {
    State(Executor& w, const Clock& c, const orders::Pricing& pricing, PostgresStoreOptions o)
        : writer(w),
          clock(c),
          options(std::move(o)),
          group_writer(pricing),
          session(options.connect, c, [this](postgres::Connection& connection) { return begin(connection); }) {}

    Result<void> begin(postgres::Connection& connection) const {
        auto migrated = postgres::migrate_if_empty(connection, order_store_schema);
        if (!migrated) return migrated;
        if (auto usable = check_feed_positions(connection); !usable) return usable;
        if (const auto set = connection.run(plan_by_key); !set) return fail(set.error());
        return PostgresGroupWriter::fill_catalogue(connection, options.first_catalogue);
    }

    void apply(const std::vector<orders::Change>& group, Completion<Result<Steps>> done) {
        auto connection = session.get();
        if (!connection) return done.complete(fail(std::move(connection).error()));
        if (group.empty()) return done.complete(answer_probe(**connection));
        std::vector<const orders::Change*> changes;
        changes.reserve(group.size());
        for (const auto& change : group) changes.push_back(&change);
        auto written = group_writer.apply(**connection, changes, clock.wall());
        const bool wrote = written && written->wrote;
        done.complete(written ? Result<Steps>(std::move(written->steps)) : fail(std::move(written).error()));
        // Feeds look by themselves too: one that is not woken is late.
        if (wrote) (void)(*connection)->run(wake_feeds);
    }

    static Result<Steps> answer_probe(postgres::Connection& connection) {
        const auto answered = connection.run(probe);
        if (!answered) return fail(answered.error());
        return Steps();
    }

    // `write` runs on the writer's executor, with a connection.
    template <class Write>
    task<Result<void>> run(Write write) {
        co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
            writer.post([this, write = std::move(write), waiter = std::move(done)]() mutable {
                auto connection = session.get();
                waiter.complete(connection ? Result<void>(write(**connection))
                                           : Result<void>(fail(std::move(connection).error())));
            });
        });
    }

    Executor& writer;
    const Clock& clock;
    const PostgresStoreOptions options;
    const PostgresGroupWriter group_writer;
    PostgresSession session;  // on the writer's executor only
};

Result<OrderStoreMigrated> migrate_order_store(const postgres::ConnectOptions& options, const Clock& clock) {
    auto connection = postgres::Connection::open(options, clock);
    if (!connection) return fail(std::move(connection).error());
    if (auto migrated = postgres::migrate(*connection, order_store_schema); !migrated) {
        return fail(std::move(migrated).error());
    }
    const auto usable = check_feed_positions(*connection);
    if (usable) return OrderStoreMigrated();
    if (usable.error().code() != "postgres.other_cluster") return fail(usable.error());
    const auto renewed = renew_feed_positions(*connection);
    if (!renewed) return fail(renewed.error());
    return OrderStoreMigrated{.feed_renewed = *renewed};
}

Result<bool> order_store_is_there(postgres::ConnectOptions options, const Clock& clock) {
    options.read_only = true;
    auto connection = postgres::Connection::open(options, clock);
    if (!connection) return fail(std::move(connection).error());
    const auto empty = postgres::is_empty(*connection);
    if (!empty) return fail(empty.error());
    if (*empty) return false;
    if (auto checked = postgres::check_schema(*connection, order_store_schema); !checked) {
        return fail(std::move(checked).error());
    }
    if (auto usable = check_feed_positions(*connection); !usable) return fail(std::move(usable).error());
    return true;
}

Result<std::unique_ptr<PostgresOrderStore>> PostgresOrderStore::open(Executor& writer, const Clock& clock,
                                                                     const orders::Pricing& pricing,
                                                                     PostgresStoreOptions options) {
    auto state = std::make_unique<State>(writer, clock, pricing, std::move(options));
    const auto connected = state->session.connect();
    if (!connected && connected.error().kind() != ErrorKind::unavailable) return fail(connected.error());
    return std::unique_ptr<PostgresOrderStore>(new PostgresOrderStore(std::move(state)));
}

PostgresOrderStore::PostgresOrderStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
PostgresOrderStore::~PostgresOrderStore() = default;

task<Result<Steps>> PostgresOrderStore::apply(std::vector<orders::Change> group) {
    co_return co_await await_completion<Result<Steps>>([&](Completion<Result<Steps>> done) {
        state_->writer.post([state = state_.get(), changes = std::move(group), waiter = std::move(done)]() mutable {
            state->apply(changes, std::move(waiter));
        });
    });
}

task<Result<orders::OperatorStep>> PostgresOrderStore::operate(orders::OperatorChange change) {
    using Answer = Result<orders::OperatorStep>;
    co_return co_await await_completion<Answer>([&](Completion<Answer> done) {
        state_->writer.post([state = state_.get(), wanted = std::move(change), waiter = std::move(done)]() mutable {
            auto connection = state->session.get();
            waiter.complete(connection ? apply_operator_change(**connection, wanted, state->clock.wall())
                                       : Answer(fail(std::move(connection).error())));
        });
    });
}

task<Result<void>> PostgresOrderStore::keep(instances::InstanceRow row) {
    return state_->run(
        [kept = std::move(row)](postgres::Connection& connection) { return keep_instance(connection, kept); });
}

task<Result<void>> PostgresOrderStore::tidy(WallTime now) {
    return state_->run([now](postgres::Connection& connection) { return tidy_instances(connection, now); });
}

task<Result<bool>> PostgresOrderStore::change_lease(orders::LeaseChange change) {
    co_return co_await await_completion<Result<bool>>([&](Completion<Result<bool>> done) {
        state_->writer.post([state = state_.get(), wanted = std::move(change), waiter = std::move(done)]() mutable {
            auto connection = state->session.get();
            waiter.complete(connection ? change_endpoint_lease(**connection, wanted)
                                       : Result<bool>(fail(std::move(connection).error())));
        });
    });
}

task<Result<void>> PostgresOrderStore::record(orders::DeliveryProgress progress) {
    co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
        state_->writer.post([state = state_.get(), made = std::move(progress), waiter = std::move(done)]() mutable {
            auto connection = state->session.get();
            waiter.complete(connection ? record_progress(**connection, std::move(made), state->clock.wall())
                                       : Result<void>(fail(std::move(connection).error())));
        });
    });
}

task<Result<bool>> PostgresOrderStore::bury(orders::OrderId id, std::int32_t version) {
    co_return co_await await_completion<Result<bool>>([&](Completion<Result<bool>> done) {
        state_->writer.post([state = state_.get(), id, version, waiter = std::move(done)]() mutable {
            auto connection = state->session.get();
            waiter.complete(connection ? state->group_writer.bury(**connection, id, version)
                                       : Result<bool>(fail(std::move(connection).error())));
        });
    });
}

}  // namespace orderflow::storage
