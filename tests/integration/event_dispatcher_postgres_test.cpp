// The dispatcher of events on PostgreSQL: a feed whose numbers are not the order of commits, and two workers.
#include "worker-service/event_dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <memory>

#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/postgres/postgres_session.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "worker-service/dispatch_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::group_of;
using orders::samples::order_id;
using storage::captured;
using storage::placing;
using storage::PostgresOrderReader;
using storage::PostgresOrderStore;
using testing::IsEmpty;
using testing::Not;

// A worker with sessions of its own.
struct Worker {
    Worker(storage::PostgresRig& rig, std::uint64_t seed)
        : writer(PostgresOrderStore::open(rig.loop(), rig.loop().clock(), rig.pricing(), rig.options()).value()),
          reader(PostgresOrderReader::open(rig.loop(), rig.loop().clock(), rig.options().connect).value()),
          store(*writer),
          receiver(rig.loop()),
          entropy(seed),
          dispatcher({store, *reader, *reader, receiver, observer, entropy},
                     {rig.loop(), Spawner(rig.loop().context().get_executor()), rig.loop().clock()}, DispatchPolicy()) {
        dispatcher.start();
    }
    std::unique_ptr<PostgresOrderStore> writer;
    std::unique_ptr<PostgresOrderReader> reader;
    SwitchableStore store;
    Receiver receiver;
    SilentObserver observer;
    SeededEntropy entropy;
    EventDispatcher dispatcher;
};

class PostgresDispatch : public ::testing::Test {
  protected:
    ~PostgresDispatch() override {
        for (auto& worker : workers) loop().run(worker->dispatcher.stop(loop().clock().now() + 60s));
    }
    Worker& start() { return *workers.emplace_back(std::make_unique<Worker>(rig, workers.size() + 1)); }
    SimLoop& loop() { return rig.loop(); }
    void create() {
        orders::CreateEndpoint create;
        create.settings.url = "https://shop.example/";
        create.secret = "whsec_x";
        const orders::EndpointCommand command("wh_1", std::move(create));
        ASSERT_TRUE(loop().run(rig.store().operate(orders::OperatorCommand("create", command, loop().clock().wall()))));
    }
    void apply(orders::Change change) { EXPECT_TRUE(loop().run(rig.store().apply(group_of(std::move(change))))); }
    orders::EventEndpoint endpoint() { return loop().run(rig.reader().endpoint("wh_1")).value().value(); }
    std::vector<std::string> ids_of(std::uint32_t number) {
        std::vector<std::string> ids;
        for (const auto& event : loop().run(rig.reader().events(order_id(number), 0)).value()) {
            ids.push_back(orders::event_id(order_id(number), event.version));
        }
        return ids;
    }

    storage::PostgresRig rig;
    std::vector<std::unique_ptr<Worker>> workers;
};

TEST_F(PostgresDispatch, GivenATransactionThatTookItsNumberFirstAndCommitsLast_ThenItsEventsAreDelivered) {
    create();
    auto& worker = start();
    loop().advance(2s);
    storage::test_server().sql(
        "CREATE TABLE gate (n int); CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "new.id = '" +
        storage::uuid_of(order_id(1)) +
        "' THEN LOCK TABLE gate; END IF; RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER in_commit AFTER INSERT ON "
        "orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_gate()");
    storage::Intruder intruder(rig.options().connect.url);
    intruder.run("BEGIN");
    intruder.run("LOCK TABLE gate");
    auto first = std::async(std::launch::async, [this] {
        storage::OtherWorker other(rig);
        return other.apply(group_of(placing(1))).has_value();
    });
    intruder.wait_for_waiting(1);
    apply(placing(2, {{"lamp", 1}}));
    loop().advance(2s);
    EXPECT_THAT(worker.receiver.seen, IsEmpty()) << "order 2 waits for the older transaction";

    intruder.run("COMMIT");
    EXPECT_TRUE(first.get());
    loop().advance(2s);
    EXPECT_EQ(of_order(worker.receiver.accepted, 1), ids_of(1));
    EXPECT_EQ(of_order(worker.receiver.accepted, 2), ids_of(2));
}

TEST_F(PostgresDispatch, GivenTwoWorkers_WhenOrdersGoOn_ThenEachEventComesOnceAndInTheOrderOfItsOrder) {
    create();
    start();
    start();
    loop().advance(2s);
    constexpr std::uint32_t count = 10;
    for (std::uint32_t number = 1; number <= count; ++number) apply(placing(number));
    for (std::uint32_t number = 1; number <= count; ++number) apply(captured(number));
    loop().advance(5s);
    auto seen = workers[0]->receiver.seen;
    seen.insert(seen.end(), workers[1]->receiver.seen.begin(), workers[1]->receiver.seen.end());
    for (std::uint32_t number = 1; number <= count; ++number) EXPECT_EQ(of_order(seen, number), ids_of(number));
}

TEST_F(PostgresDispatch, GivenAWorkerThatIsCutOff_WhenItsLeaseIsOver_ThenTheOtherTakesItAndNoEventOvertakesAnother) {
    create();
    auto& first = start();
    first.receiver.takes = 50ms;
    loop().advance(2s);
    auto& second = start();
    loop().advance(2s);
    constexpr std::uint32_t count = 10;
    for (std::uint32_t number = 1; number <= count; ++number) {
        apply(placing(number));
        apply(captured(number));
    }
    loop().advance(300ms);
    ASSERT_THAT(first.receiver.seen, Not(IsEmpty()));
    const auto owner = endpoint().owner;
    first.store.down = true;
    loop().advance(20s);
    EXPECT_EQ(endpoint().owner, owner) << "its lease is not over";
    EXPECT_THAT(second.receiver.seen, IsEmpty());
    loop().advance(40s);
    EXPECT_NE(endpoint().owner, owner);
    EXPECT_THAT(second.receiver.accepted, Not(IsEmpty()));

    auto accepted = first.receiver.accepted;
    accepted.insert(accepted.end(), second.receiver.accepted.begin(), second.receiver.accepted.end());
    for (std::uint32_t number = 1; number <= count; ++number) {
        std::vector<std::string> firsts;
        for (const auto& id : of_order(accepted, number)) {
            if (std::ranges::find(firsts, id) == firsts.end()) firsts.push_back(id);
        }
        EXPECT_EQ(firsts, ids_of(number));
    }
}

TEST_F(PostgresDispatch, GivenADatabaseThatWasRestoredIntoAnotherCluster_WhenMigrated_ThenWebhooksGoOnWhereTheyWere) {
    // The other cluster has not come to these transactions.
    storage::test_server().sql(
        "DO $$ BEGIN FOR i IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$");
    create();
    auto& worker = start();
    apply(placing(1));
    loop().advance(2s);
    EXPECT_EQ(worker.receiver.accepted, ids_of(1));
    loop().run(worker.dispatcher.stop(loop().clock().now() + 60s));
    loop().advance(std::chrono::hours(1));
    const auto since = loop().clock().wall();
    apply(placing(2));
    PostgresServer other;
    storage::test_server().node().copy_database_to(other.node());
    auto url = rig.options().connect.url;
    const auto here = storage::test_server().node().socket_directory();
    url.replace(url.find(here), here.size(), other.node().socket_directory());

    storage::PostgresRig there(url);
    there.loop().advance(std::chrono::hours(2));
    const auto refused = there.loop().run(there.store().apply(group_of(placing(3))));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "postgres.other_cluster");
    const auto migrated = storage::migrate_order_store(there.options().connect, there.loop().clock());
    ASSERT_TRUE(migrated) << migrated.error().detail();
    EXPECT_TRUE(migrated->feed_renewed);
    there.loop().advance(storage::PostgresSession::pause_max);

    Worker next(there, 7);
    ASSERT_TRUE(there.loop().run(there.store().apply(group_of(placing(3)))));
    there.loop().advance(2s);
    EXPECT_THAT(of_order(next.receiver.accepted, 1), IsEmpty()) << "it was delivered before";
    EXPECT_EQ(of_order(next.receiver.accepted, 2), ids_of(2));
    EXPECT_THAT(of_order(next.receiver.accepted, 3), Not(IsEmpty()));

    // Its begin is found among events that have one transaction now.
    next.receiver.accepted.clear();
    const orders::EndpointCommand replay("wh_1", orders::ReplayRange{since, there.loop().clock().wall()});
    const auto asked_at = there.loop().clock().wall();
    ASSERT_TRUE(there.loop().run(there.store().operate(orders::OperatorCommand("replay", replay, asked_at))));
    there.loop().advance(5s);
    EXPECT_THAT(of_order(next.receiver.accepted, 1), IsEmpty());
    EXPECT_EQ(of_order(next.receiver.accepted, 2), ids_of(2));
    there.loop().run(next.dispatcher.stop(there.loop().clock().now() + 60s));
}

TEST_F(PostgresDispatch, GivenALeaseThatManyWant_WhenTheyTakeItAtOnce_ThenOneHasIt) {
    create();
    constexpr std::int64_t rounds = 30;
    constexpr std::size_t wanting = 2;
    std::barrier together(wanting);
    std::atomic<int> taken_by{0};
    std::vector<std::future<void>> all;
    for (std::size_t i = 0; i < wanting; ++i) {
        all.push_back(std::async(std::launch::async, [&] {
            storage::OtherWorker other(rig);
            for (std::int64_t beat = 0; beat < rounds; ++beat) {
                together.arrive_and_wait();
                const auto taken = other.loop.run(other.store->change_lease({"wh_1", "", beat, "", beat + 1}));
                if (taken && *taken) ++taken_by;
            }
        }));
    }
    for (auto& one : all) one.get();
    EXPECT_EQ(taken_by, rounds);
    EXPECT_EQ(endpoint().beat, rounds);
}

}  // namespace
}  // namespace orderflow::worker
