// What PostgreSQL can do to a store in the middle of its work, and what several stores on one database do to each
// other.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/postgres/postgres_session.hpp"

namespace orderflow::storage {
namespace {

using namespace std::chrono_literals;
using orders::group_of;
using orders::OrderStatus;
namespace samples = orders::samples;

class PostgresOrderStoreTest : public ::testing::Test {
  protected:
    Result<StoreSteps> apply(std::vector<orders::Change> group) {
        return rig.loop().run(rig.store().apply(std::move(group)));
    }

    std::optional<orders::Order> order(std::uint32_t number) {
        auto found = rig.loop().run(rig.reader().find(samples::order_id(number)));
        if (!found) ADD_FAILURE() << found.error().code() << ": " << found.error().detail();
        return found ? std::move(found->order) : std::nullopt;
    }

    orders::Stock stock(std::string_view sku) {
        const auto items = rig.loop().run(rig.reader().products());
        for (const auto& item : items.value()) {
            if (item.product.sku.value() == sku) return item.stock;
        }
        return {};
    }

    PostgresServer& server = test_server();
    PostgresRig rig;
};

TEST_F(PostgresOrderStoreTest, GivenAServerThatIsKilled_WhenItIsBack_ThenTheStoreGoesOnAndNothingIsLost) {
    ASSERT_TRUE(apply(group_of(placing(1))));

    server.kill();
    const auto down = apply(group_of(placing(2)));
    server.start();
    rig.loop().advance(PostgresSession::pause_max);
    const auto up = apply(group_of(placing(2), captured(1)));

    ASSERT_FALSE(down);
    EXPECT_EQ(down.error().kind(), ErrorKind::unavailable);
    EXPECT_NE(down.error().code(), "store.outcome_unknown") << "COMMIT was never sent";
    ASSERT_TRUE(up) << up.error().detail();
    EXPECT_EQ(order(1)->status, OrderStatus::confirmed);
    EXPECT_EQ(order(2)->status, OrderStatus::reserved);
}

// Method: a deferred trigger runs inside of COMMIT and waits for a lock that the test holds; there the server is
// killed. Whether the transaction survived is not known to the store then: here it did not.
TEST_F(PostgresOrderStoreTest, GivenTheServerKilledDuringCommit_ThenTheOutcomeIsUnknownAndTheGroupIsSafeToApplyAgain) {
    server.sql(
        "CREATE TABLE gate (n int); CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN LOCK "
        "TABLE gate; RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER in_commit AFTER INSERT ON orders DEFERRABLE "
        "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_gate()");
    Intruder intruder(rig.options().connect.url);
    intruder.run("BEGIN");
    intruder.run("LOCK TABLE gate");
    std::thread killer([&] {
        Intruder watcher(rig.options().connect.url);
        watcher.wait_for_waiting(1);
        server.kill();
    });
    const auto unknown = apply(group_of(placing(1, {{"mug", 2}})));
    killer.join();
    server.start();
    rig.loop().advance(PostgresSession::pause_max);
    const auto again = apply(group_of(placing(1, {{"mug", 2}})));

    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code(), "store.outcome_unknown");
    ASSERT_TRUE(again) << again.error().detail();
    EXPECT_EQ(again->front()->kind, orders::Step::Kind::charge);
    EXPECT_EQ(stock("mug"), (orders::Stock{10, 2})) << "once";
}

TEST_F(PostgresOrderStoreTest, GivenItsSessionEndedByTheServer_WhenApplied_ThenTheNextCallConnectsAgain) {
    ASSERT_TRUE(apply(group_of(placing(1))));
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type ="
        " 'client backend'");

    const auto lost = apply(group_of(placing(2)));
    const auto next = apply(group_of(placing(2)));

    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind(), ErrorKind::unavailable);
    EXPECT_TRUE(next) << next.error().detail();
    EXPECT_TRUE(order(2)) << "a reader that lost its session asks once more";
}

TEST_F(PostgresOrderStoreTest, GivenNoServer_WhenOpened_ThenItIsDownUntilThereIsOne_AndAttemptsAreFewer) {
    server.kill();
    EXPECT_FALSE(rig.try_open()) << "no error of the start";
    const auto probe = apply({});
    const auto soon = apply({});
    server.start();
    const auto too_soon = apply({});
    rig.loop().advance(PostgresSession::pause_max);
    const auto later = apply({});

    ASSERT_FALSE(probe);
    EXPECT_EQ(probe.error().code(), "postgres.unreachable");
    EXPECT_FALSE(soon);
    EXPECT_FALSE(too_soon) << "not before the pause is over";
    EXPECT_TRUE(later) << later.error().detail();
}

TEST_F(PostgresOrderStoreTest, GivenAWrongPassword_WhenOpened_ThenTheStartFails) {
    rig.options().connect.url = server.url_as("shopper", "wrong");

    const auto error = rig.try_open();

    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), "postgres.login") << error->detail();
}

TEST_F(PostgresOrderStoreTest, GivenAPasswordCallback_WhenConnecting_ThenItIsAskedEachTime) {
    const auto name = server.sql("SELECT current_schema()");
    server.sql("GRANT ALL ON ALL TABLES IN SCHEMA " + name + " TO shopper; GRANT ALL ON ALL SEQUENCES IN SCHEMA " +
               name + " TO shopper; GRANT USAGE ON SCHEMA " + name + " TO shopper");
    int asked = 0;
    rig.options().connect.url = server.url_as("shopper", "of the URL, and out of date");
    rig.options().connect.password = [&asked]() -> Result<std::string> {
        ++asked;
        return "right";
    };

    rig.restart();

    EXPECT_EQ(asked, 2) << "the store and its reader";
    EXPECT_TRUE(apply(group_of(placing(1))));
}

TEST_F(PostgresOrderStoreTest, GivenTablesThatGrewSinceTheirPlansWereMade_WhenWritten_ThenNoneIsReadAsAWhole) {
    server.sql("UPDATE products SET on_hand = 1000000 WHERE sku = 'mug'");
    constexpr std::uint32_t groups = 20;
    constexpr std::uint32_t size = 32;
    for (std::uint32_t first = 0; first < groups * size; first += size) {
        std::vector<orders::Change> placed;
        std::vector<orders::Change> paid;
        for (std::uint32_t number = first; number < first + size; ++number) {
            placed.push_back(placing(number, {{"mug", 1}}));
            paid.push_back(captured(number));
        }
        ASSERT_TRUE(apply(std::move(placed)));
        ASSERT_TRUE(apply(std::move(paid)));
    }
    rig.restart();  // a session tells its counts at its end
    const std::string counts = " FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname ";
    while (server.sql("SELECT n_tup_ins" + counts + "= 'orders'") != std::to_string(groups * size) + "\n") {
        std::this_thread::yield();
    }

    EXPECT_EQ(server.sql("SELECT sum(seq_tup_read)" + counts + "IN ('orders', 'order_bodies', 'products')"), "0\n");
}

// Blocks of 4096 numbers: the index orders_by_block.
TEST_F(PostgresOrderStoreTest, GivenOrdersOfManyBlocks_WhenThoseBeforeATimeAreListed_ThenAllComeNewestFirst) {
    const auto place_at = [this](std::uint32_t order, std::int64_t second, const std::string& number) {
        server.sql("SELECT setval('order_numbers', " + number + ", false)");
        auto place = samples::place(samples::order_id(order), samples::draft({{"print", 1}}));
        place.accepted_at = samples::at(second);
        ASSERT_TRUE(apply(group_of(place)));
    };
    place_at(1, 100, "4094");
    place_at(2, 200, "4095");
    place_at(3, 250, "4096");
    place_at(4, 300, "20000");
    place_at(5, 50, "40000");  // came late
    place_at(6, 400, "60000");
    orders::OrderQuery query;
    query.created_before = samples::at(300);
    query.limit = 2;
    const auto numbers = [&] {
        const auto page = rig.loop().run(rig.reader().list(query));
        std::vector<std::int64_t> found;
        if (!page) ADD_FAILURE() << page.error().detail();
        for (const auto& order : page.value().orders) {
            found.push_back(order.number);
            query.starting_after = order.id;
        }
        EXPECT_EQ(page->has_more, found.back() > 4095);
        return found;
    };

    for (const bool with_sku : {false, true}) {
        query.starting_after.reset();
        if (with_sku) query.sku = samples::sku("print");
        EXPECT_EQ(numbers(), (std::vector<std::int64_t>{40000, 4096}));
        EXPECT_EQ(numbers(), (std::vector<std::int64_t>{4095, 4094}));
    }
}

TEST_F(PostgresOrderStoreTest, GivenTheRoleOfAReader_WhenItWrites_ThenTheServerRefuses) {
    auto options = rig.options().connect;
    options.read_only = true;
    static const SystemClock clock;
    auto connection = postgres::Connection::open(options, clock).value();

    const auto written = connection.run(postgres::Statement{"spoil", "DELETE FROM orders"});

    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), "postgres.read_only");
}

TEST_F(PostgresOrderStoreTest, GivenALockThatIsHeldTooLong_WhenApplied_ThenTheGroupIsRefusedInTime) {
    rig.options().connect.timeouts.lock = 50ms;
    rig.restart();
    ASSERT_TRUE(apply(group_of(placing(1))));
    Intruder intruder(rig.options().connect.url);
    intruder.run("BEGIN");
    intruder.run("SELECT * FROM products WHERE sku = 'mug' FOR UPDATE");

    const auto refused = apply(group_of(placing(2)));
    intruder.run("COMMIT");
    const auto accepted = apply(group_of(placing(2)));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "postgres.lock_timeout");
    EXPECT_EQ(refused.error().kind(), ErrorKind::unavailable);
    EXPECT_TRUE(accepted);
    EXPECT_EQ(stock("mug").reserved, 2);
}

TEST_F(PostgresOrderStoreTest, GivenAStatementThatTakesTooLong_ThenItIsGivenUpInTime) {
    rig.options().connect.timeouts.statement = 50ms;
    rig.restart();
    server.sql(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; "
        "END $$; CREATE TRIGGER slow AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION slow()");

    const auto refused = apply(group_of(placing(1)));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "postgres.statement_timeout");
    EXPECT_FALSE(order(1));
}

TEST_F(PostgresOrderStoreTest, GivenAServerThatStopsAnswering_ThenTheConnectionIsGivenUp) {
    rig.options().connect.timeouts.answer = 100ms;
    rig.options().connect.timeouts.statement = 0ms;  // the server would wait for ever
    rig.restart();
    server.sql(
        "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; "
        "END $$; CREATE TRIGGER hang AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION hang()");

    const auto refused = apply(group_of(placing(1)));

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "postgres.no_answer");
}

TEST_F(PostgresOrderStoreTest, GivenAGroupWithAnOrderThatTheDatabaseRefuses_ThenOnlyThatOrderFails) {
    server.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = '" +
        uuid_of(samples::order_id(9)) +
        "' THEN RAISE check_violation; END IF; RETURN new; END $$; CREATE TRIGGER refuse BEFORE INSERT ON orders "
        "FOR EACH ROW EXECUTE FUNCTION refuse()");
    std::vector<orders::Change> group;
    for (const std::uint32_t n : {1U, 2U, 3U, 9U, 4U, 5U, 6U}) group.push_back(placing(n, {{"print", 1}}));

    const auto steps = apply(group);

    ASSERT_TRUE(steps) << steps.error().detail();
    ASSERT_EQ(steps->size(), group.size());
    for (std::size_t i = 0; i < group.size(); ++i) EXPECT_EQ((*steps)[i].has_value(), i != 3) << i;
    EXPECT_EQ((*steps)[3].error().code(), "postgres.constraint");
    EXPECT_FALSE(order(9));
    EXPECT_EQ(order(6)->status, OrderStatus::reserved);
    EXPECT_EQ(stock("print").reserved, 6);
}

TEST_F(PostgresOrderStoreTest, GivenADamagedOrderRow_WhenItsGroupIsApplied_ThenOnlyThatOrderFailsAndReadersSaySo) {
    ASSERT_TRUE(apply(group_of(placing(1), placing(2))));
    server.sql("UPDATE orders SET record = set_byte(record, 40, get_byte(record, 40) # 1) WHERE number = 1");

    const auto steps = apply(group_of(captured(1), captured(2)));
    const auto read = rig.loop().run(rig.reader().find(samples::order_id(1)));

    ASSERT_TRUE(steps) << steps.error().detail();
    ASSERT_FALSE((*steps)[0]);
    EXPECT_EQ((*steps)[0].error().code(), "store.damaged_row");
    EXPECT_EQ(order(2)->status, OrderStatus::confirmed);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), "store.damaged_row");
}

}  // namespace
}  // namespace orderflow::storage
