// Goal: a store that moved from SQLite to PostgreSQL is the same store: every order, event, posting, letter, command,
// endpoint and figure; it goes on behind them; and a move that does not end leaves nothing.
#include "libs/storage/move/store_move.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include "libs/instances/instance_samples_test.hpp"
#include "libs/postgres/migrations.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/move/moved_tables.hpp"
#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/postgres/postgres_store_scan.hpp"
#include "libs/storage/postgres/schema.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "libs/storage/sqlite/store_scan.hpp"
#include "libs/storage/store_walk_test.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "tests/contract/random_changes.hpp"

namespace orderflow::storage {
namespace {

using ::testing::HasSubstr;
namespace samples = orders::samples;

constexpr auto endpoint_id = "wh_1";

// A store with rows in every table, closed.
class AStoreThatMoves : public ::testing::Test {
  protected:
    AStoreThatMoves() {
        SeededEntropy entropy(7);
        for (int i = 0; i < 40; ++i) apply(orders::random_group(entropy));
        apply(orders::group_of(orders::CancelOrder(samples::order_id(99), "early", "customer", samples::at(1))));
        apply(orders::group_of(orders::ParkMessage(samples::letter("unread", "message.malformed"))));
        place_all(100, 3);
        operate("pause", orders::DirectWorkers());
        orders::CreateEndpoint create;
        create.settings.url = "https://shop.example/hook";
        create.secret = "whsec_first";
        operate("create", orders::EndpointCommand(endpoint_id, create));
        operate("count", orders::ChangeStock(samples::sku("print"), orders::ChangeStock::Mode::set, 1000));
        apply(orders::group_of(captured(100)));  // an event that nobody was told of
        deliver();
        EXPECT_TRUE(rig.loop().run(
            rig.store().keep(instances::samples::full("one", instances::samples::at(std::chrono::seconds(0))))));
        apply(orders::group_of(placing(300, {{"print", 1}})));
        apply(orders::group_of(declined(300)));
        EXPECT_TRUE(rig.bury(samples::order_id(300)));
        rig.close();
    }

    static orders::SettleCharge captured(std::uint32_t number) {
        const auto id = samples::order_id(number);
        return {id, orders::charge_effect(id), orders::EffectState::captured, "ref"};
    }
    static orders::SettleCharge declined(std::uint32_t number) {
        const auto id = samples::order_id(number);
        return {id, orders::charge_effect(id), orders::EffectState::declined, "ref", "card-declined"};
    }
    void apply(std::vector<orders::Change> group) { EXPECT_TRUE(rig.loop().run(rig.store().apply(std::move(group)))); }
    void place_all(std::uint32_t from, std::uint32_t count) {
        for (auto number = from; number < from + count; ++number)
            apply(orders::group_of(placing(number, {{"print", 1}})));
    }
    void operate(const std::string& id, orders::OperatorCommand::Wish wish) {
        EXPECT_TRUE(rig.loop().run(
            rig.operators().operate(orders::OperatorCommand(id, std::move(wish), WallTime(std::chrono::seconds(3))))));
    }
    // The dispatcher had the endpoint and tried once.
    void deliver() {
        EXPECT_TRUE(rig.loop().run(rig.endpoints().change_lease({endpoint_id, "", 0, "dispatcher", 1})));
        orders::DeliveryProgress progress;
        progress.endpoint = endpoint_id;
        progress.owner = "dispatcher";
        orders::EventDelivery test(endpoint_id, orders::OrderId(), 0);
        progress.log.push_back(test);
        EXPECT_TRUE(rig.loop().run(rig.endpoints().record(std::move(progress))));
    }

    Result<MovedStore> move() {
        return move_store(rig.path(), connect, clock, [](const MoveProgress&) {});
    }
    Seen seen_in_source() const {
        Seen seen;
        EXPECT_TRUE(scan_store(rig.path(), seen));
        return seen;
    }
    Seen seen_in_target() {
        Seen seen;
        EXPECT_TRUE(scan_postgres_store(connect, clock, seen));
        return seen;
    }
    void make_tables() const {
        auto connection = postgres::Connection::open(connect, clock).value();
        ASSERT_TRUE(postgres::migrate_if_empty(connection, order_store_schema));
    }
    // One number of the first row.
    std::int64_t asked(const std::string& sql) const { return std::stoll(test_server().sql(sql)); }
    static void change(const std::string& file, const std::string& sql) {
        const auto changed = sqlite::Database::open(file, {}).value().execute(sql);
        ASSERT_TRUE(changed) << changed.error().detail();
    }

    SystemClock clock;
    TempDir dir;
    SqliteRig rig;
    postgres::ConnectOptions connect = [] {
        postgres::ConnectOptions options;
        options.url = test_server().url();
        return options;
    }();
};

TEST_F(AStoreThatMoves, GivenTheSchemas_ThenEveryTableAndColumnOfBothIsMoved) {
    ASSERT_TRUE(move());
    auto database = sqlite::Database::open(rig.path(), {.role = sqlite::Role::reader, .vfs = {}}).value();

    EXPECT_EQ(database.query_int("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"),
              static_cast<std::int64_t>(moved_tables().size()) + 1)
        << "all but " << derived_table;
    for (const auto& table : moved_tables()) {
        const std::string name(table.name);
        EXPECT_EQ(asked("SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema()"
                        " AND table_name = '" +
                        name + "'"),
                  static_cast<std::int64_t>(table.columns.size()))
            << name;
        // What PostgreSQL has beside: orders.revision, order_events.xact.
        const auto more = name == "orders" || name == "order_events" ? 1 : 0;
        EXPECT_EQ(
            database.query_int("SELECT count(*) + " + std::to_string(more) + " FROM pragma_table_info('" + name + "')"),
            static_cast<std::int64_t>(table.columns.size()))
            << name;
        EXPECT_GT(asked("SELECT count(*) FROM " + name), 0) << name << " has no row in this test";
    }
}

TEST_F(AStoreThatMoves, WhenMoved_ThenEverythingIsSeenThereAsHere) {
    const auto moved = move();

    ASSERT_TRUE(moved) << moved.error().code() << " " << moved.error().detail();
    EXPECT_FALSE(moved->was_there);
    const auto here = seen_in_source();
    const auto there = seen_in_target();
    ASSERT_EQ(there.found.size(), here.found.size());
    for (std::size_t i = 0; i < here.found.size(); ++i) {
        EXPECT_EQ(there.found[i].order, here.found[i].order);
        EXPECT_EQ(there.found[i].events, here.found[i].events);
        EXPECT_EQ(there.found[i].postings, here.found[i].postings);
    }
    EXPECT_EQ(there.tombstones, std::vector{samples::order_id(300)});
    EXPECT_EQ(there.commands, here.commands);
    EXPECT_EQ(there.letters, here.letters);
    ASSERT_EQ(there.stock.size(), here.stock.size());
    for (const auto& [sku, stock] : here.stock) EXPECT_EQ(there.stock.at(sku), stock) << sku;
}

TEST_F(AStoreThatMoves, WhenMoved_ThenAStoreOpensOnItAndGoesOnBehindItsRows) {
    rig.open();
    const auto before = rig.loop().run(rig.reader().find(samples::order_id(100)))->order.value();
    rig.close();
    ASSERT_TRUE(move());
    PostgresRig there(connect.url);

    const auto same = there.loop().run(there.reader().find(samples::order_id(100)))->order;
    ASSERT_EQ(same, before);
    ASSERT_TRUE(there.loop().run(there.store().apply(orders::group_of(captured(101), placing(200, {{"print", 1}})))));
    ASSERT_TRUE(there.loop().run(
        there.store().apply(orders::group_of(orders::ParkMessage(samples::letter("another", "message.malformed"))))));

    const auto went_on = there.loop().run(there.reader().find(samples::order_id(101)))->order.value();
    EXPECT_EQ(went_on.status, orders::OrderStatus::confirmed);
    const auto newest = there.loop().run(there.reader().find(samples::order_id(200)))->order.value();
    EXPECT_GT(newest.number, before.number);
    const auto events = there.loop().run(there.reader().events(samples::order_id(101), 0)).value();
    EXPECT_EQ(events.back().version, went_on.version) << "the history has no gap and nothing twice";
    EXPECT_TRUE(there.loop().run(there.reader().find(samples::order_id(300)))->tombstone);
    EXPECT_EQ(asked("SELECT count(*) - count(DISTINCT number) FROM dead_letters"), 0);
}

TEST_F(AStoreThatMoves, WhenMoved_ThenAnEndpointIsFreeAndIsToldWhatItWasNotTold) {
    rig.open();
    const auto cursor = rig.loop().run(rig.endpoint_reader().lanes(endpoint_id))->at(0).cursor;
    const auto behind = rig.loop().run(rig.endpoint_reader().feed(cursor, 1000)).value();
    rig.close();
    ASSERT_FALSE(behind.events.empty());
    ASSERT_TRUE(move());
    PostgresRig there(connect.url);

    const auto endpoint = there.loop().run(there.endpoint_reader().endpoint(endpoint_id)).value().value();
    EXPECT_EQ(endpoint.owner, "") << "its dispatcher has stayed behind";
    EXPECT_EQ(endpoint.secrets.at(0).text, "whsec_first");
    const auto lane = there.loop().run(there.endpoint_reader().lanes(endpoint_id))->at(0);
    const auto there_behind = there.loop().run(there.endpoint_reader().feed(lane.cursor, 1000)).value();

    ASSERT_EQ(there_behind.events.size(), behind.events.size());
    for (std::size_t i = 0; i < behind.events.size(); ++i) {
        EXPECT_EQ(there_behind.events[i].order, behind.events[i].order);
        EXPECT_EQ(there_behind.events[i].event, behind.events[i].event);
    }
}

TEST_F(AStoreThatMoves, GivenItIsThereAlready_WhenMovedAgain_ThenItIsComparedAndNothingIsWritten) {
    ASSERT_TRUE(move());

    const auto again = move();

    ASSERT_TRUE(again) << again.error().detail();
    EXPECT_TRUE(again->was_there);
    EXPECT_TRUE(compare_store(rig.path(), connect, clock, [](const MoveProgress&) {}));
}

TEST_F(AStoreThatMoves, GivenATargetWithOtherRows_ThenItIsRefusedAndLeftAsItWas) {
    PostgresRig there(connect.url);  // with a catalogue and nothing else
    ASSERT_TRUE(there.loop().run(there.store().apply(orders::group_of(placing(500)))));
    connect.application_name = "this_test";  // the rig's own sessions are open

    const auto moved = move();

    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code(), "move.target_filled");
    EXPECT_EQ(asked("SELECT count(*) FROM orders"), 1);
}

TEST_F(AStoreThatMoves, GivenAProgramOnTheTarget_ThenItIsRefused) {
    const PostgresRig there(connect.url);

    const auto moved = move();

    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code(), "store.in_use");
}

TEST_F(AStoreThatMoves, GivenTheNewSystemHasWorked_WhenCompared_ThenItDiffers) {
    ASSERT_TRUE(move());
    {
        PostgresRig there(connect.url);
        ASSERT_TRUE(there.loop().run(there.store().apply(orders::group_of(captured(101)))));
    }

    const auto compared = compare_store(rig.path(), connect, clock, [](const MoveProgress&) {});

    ASSERT_FALSE(compared);
    EXPECT_EQ(compared.error().code(), "move.target_differs");
    EXPECT_EQ(move().error().code(), "move.target_filled");
}

// A trigger of the target stands for whatever changes a row on its way.
TEST_F(AStoreThatMoves, GivenARowThatArrivesAsAnotherOne_ThenNothingIsCommitted) {
    make_tables();
    test_server().sql(
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN NEW.on_hand := NEW.on_hand + 1; RETURN NEW; END';"
        " CREATE TRIGGER spoil BEFORE INSERT ON products FOR EACH ROW EXECUTE FUNCTION spoil()");

    const auto moved = move();

    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code(), "move.differs");
    EXPECT_EQ(moved.error().kind(), ErrorKind::internal);
    EXPECT_THAT(moved.error().detail(), HasSubstr("products, row 1"));
    EXPECT_EQ(asked("SELECT count(*) FROM orders"), 0);
}

TEST_F(AStoreThatMoves, GivenASourceRowThatIsDamaged_ThenItIsNamedAndNothingIsCommitted) {
    for (const auto& table : moved_tables()) {
        const std::string name(table.name);
        if (name == "order_keys") continue;  // has no checksum
        const auto damaged = dir / name;
        change(rig.path(), "VACUUM INTO '" + damaged + "'");
        change(damaged, "UPDATE " + name + " SET record = zeroblob(length(record))");

        const auto moved = move_store(damaged, connect, clock, [](const MoveProgress&) {});

        ASSERT_FALSE(moved) << name;
        EXPECT_EQ(moved.error().code(), "disk.corrupt") << name;
        EXPECT_EQ(asked("SELECT count(*) FROM orders"), 0) << name;
    }
}

TEST_F(AStoreThatMoves, GivenATableThatThisProgramDoesNotKnow_ThenNothingMoves) {
    change(rig.path(), "CREATE TABLE later (n INTEGER)");

    EXPECT_EQ(move().error().code(), "move.unknown_table");
    EXPECT_EQ(count_store(rig.path()).error().code(), "move.unknown_table");
    EXPECT_EQ(look_at_target(connect, clock).value(), TargetState::without_tables);
}

// The command stands inside of its transaction when the session is ended, as by a failover.
TEST_F(AStoreThatMoves, GivenADatabaseThatGoesAwayInTheMiddle_ThenNothingIsThereAndTheSameAgainSucceeds) {
    make_tables();
    test_server().sql(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END';"
        " CREATE TRIGGER wait BEFORE INSERT ON event_lanes FOR EACH ROW EXECUTE FUNCTION wait()");
    Intruder intruder(connect.url);
    intruder.run("SELECT pg_advisory_lock(42)");
    connect.application_name = "mover";
    auto moving = std::async(std::launch::async, [this] { return move(); });
    intruder.wait_for_waiting(1);

    intruder.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mover'");

    const auto moved = moving.get();
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().kind(), ErrorKind::unavailable) << moved.error().code();
    for (const auto& table : moved_tables()) EXPECT_EQ(asked("SELECT count(*) FROM " + std::string(table.name)), 0);
    intruder.run("SELECT pg_advisory_unlock(42)");
    EXPECT_TRUE(move());
}

TEST_F(AStoreThatMoves, GivenNoTables_WhenLookedAt_ThenItIsSaid) {
    EXPECT_EQ(look_at_target(connect, clock).value(), TargetState::without_tables);
    ASSERT_TRUE(move());
    EXPECT_EQ(look_at_target(connect, clock).value(), TargetState::filled);
}

TEST_F(AStoreThatMoves, WhenCounted_ThenEveryTableHasItsRows) {
    const auto content = count_store(rig.path()).value();

    EXPECT_EQ(content.tables.size(), moved_tables().size());
    EXPECT_EQ(content.rows_of("orders"), seen_in_source().found.size() + 1);
    EXPECT_EQ(count_store(rig.path() + "-none").error().code(), "sqlite.cannot_open");
}

}  // namespace
}  // namespace orderflow::storage
