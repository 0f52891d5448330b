// Several workers on one database: whatever they do to each other, the shop stays right.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/testing/run_seed.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::orders {
namespace {

using namespace std::chrono_literals;
using storage::Intruder;
using storage::OtherWorker;

class Postgres : public storage::PostgresRig {};

class PostgresWorkers : public OrderStoreWalk<Postgres> {
  protected:
    // Of the workers that a test starts: each waits for the test, also on a slow machine.
    PostgresWorkers() {
        auto& times = setup.options().connect.timeouts;
        for (auto* time : {&times.lock, &times.statement, &times.idle_in_transaction, &times.answer}) *time = 1min;
    }

    // Runs `work` as one more worker, with a thread of its own.
    template <class Work>
    auto start_worker(Work work) {
        return std::async(std::launch::async, [this, work = std::move(work)] {
            OtherWorker worker(setup);
            return work(worker);
        });
    }

    // From now on the COMMIT that stores this order waits until open_gate().
    void close_gate_for(std::uint32_t number) {
        storage::test_server().sql(
            "CREATE TABLE gate (n int); CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "new.id = '" +
            storage::uuid_of(id(number)) +
            "' THEN LOCK TABLE gate; END IF; RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER in_commit AFTER INSERT ON "
            "orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_gate()");
        intruder.run("BEGIN");
        intruder.run("LOCK TABLE gate");
    }
    void open_gate() { intruder.run("COMMIT"); }

    Intruder intruder{setup.options().connect.url};
};

TEST_F(PostgresWorkers, GivenTwoWorkers_WhenTheyWantTheLastPieces_ThenNoneIsSoldTwice) {
    constexpr std::uint32_t each = 20;
    const auto buy = [](std::uint32_t first) {
        return [first](OtherWorker& worker) {
            int reserved = 0;
            for (std::uint32_t n = first; n < first + each; ++n) {
                const auto steps = worker.apply(group_of(storage::placing(n, {{"lamp", 1}})));
                reserved += steps && steps->front() && steps->front()->status == OrderStatus::reserved;
            }
            return reserved;
        };
    };
    auto one = start_worker(buy(100));
    auto two = start_worker(buy(200));

    EXPECT_EQ(one.get() + two.get(), 3);
    EXPECT_EQ(stock("lamp"), (Stock{3, 3}));
    EXPECT_EQ(list({}).orders.size(), 20U) << "a page; the others are stored as rejected";
}

TEST_F(PostgresWorkers, GivenAStockThatIsSoldWhileAnOrderIsDecided_ThenTheOrderIsDecidedAgain) {
    intruder.run("BEGIN");
    intruder.run("UPDATE products SET reserved = on_hand WHERE sku = 'lamp'");
    auto worker =
        start_worker([](OtherWorker& other) { return other.apply(group_of(storage::placing(1, {{"lamp", 1}}))); });
    intruder.wait_for_waiting(1);  // it has read three lamps, and waits to take one
    intruder.run("COMMIT");

    const auto steps = worker.get();

    ASSERT_TRUE(steps && steps->front());
    EXPECT_EQ(steps->front()->status, OrderStatus::rejected);
    EXPECT_EQ(order(1).failure->code, "out-of-stock");
    EXPECT_EQ(stock("lamp"), (Stock{3, 3}));
}

TEST_F(PostgresWorkers, GivenOneOrderAtTwoWorkers_WhenBothStoreIt_ThenItIsStoredOnce) {
    close_gate_for(1);
    auto first = start_worker([](OtherWorker& worker) { return worker.apply(group_of(storage::placing(1))); });
    intruder.wait_for_waiting(1);
    auto second = start_worker([](OtherWorker& worker) { return worker.apply(group_of(storage::placing(1))); });
    intruder.wait_for_waiting(2);
    open_gate();

    const auto a = first.get();
    const auto b = second.get();

    ASSERT_TRUE(a && a->front() && b && b->front());
    EXPECT_TRUE(a->front()->changed);
    EXPECT_FALSE(b->front()->changed);
    EXPECT_TRUE(b->front()->resumed);
    EXPECT_EQ(stock("mug"), (Stock{10, 1}));
    EXPECT_EQ(events(1).size(), 3U);
}

TEST_F(PostgresWorkers, GivenAnOrderThatOneWorkerIsStoring_WhenAnotherCancelsIt_ThenTheCancelIsNotLost) {
    close_gate_for(1);
    auto placing_it = start_worker([](OtherWorker& worker) { return worker.apply(group_of(storage::placing(1))); });
    intruder.wait_for_waiting(1);
    auto cancelling_it = start_worker([](OtherWorker& worker) { return worker.apply(group_of(cancelling(1))); });
    intruder.wait_for_waiting(2);
    open_gate();

    ASSERT_TRUE(placing_it.get());
    const auto cancelled = cancelling_it.get();

    ASSERT_TRUE(cancelled && cancelled->front());
    EXPECT_EQ(cancelled->front()->kind, Step::Kind::refund);
    EXPECT_EQ(order(1).status, OrderStatus::cancelling);
}

// Order 1 takes the lower number and commits after order 2.
TEST_F(PostgresWorkers, GivenAnOrderWithALowerNumberThatCommitsLast_WhenAllAreRead_ThenItIsNotPassedBy) {
    close_gate_for(1);
    auto placing_it = start_worker([](OtherWorker& worker) { return worker.apply(group_of(storage::placing(1))); });
    intruder.wait_for_waiting(1);
    apply(storage::placing(2, {{"lamp", 1}}));
    auto impatient = setup.options().connect;
    impatient.timeouts.lock = 50ms;
    const auto reader = storage::PostgresOrderReader::open(loop(), loop().clock(), impatient).value();

    const auto early = loop().run(reader->complete_through());
    ASSERT_FALSE(early) << "order 2 is visible, and order 1 may still come";
    EXPECT_EQ(early.error().code(), "postgres.lock_timeout");
    open_gate();

    ASSERT_TRUE(placing_it.get());
    const auto through = loop().run(reader->complete_through());
    const auto page = value_of(loop().run(reader->oldest({})));
    ASSERT_EQ(page.orders.size(), 2U);
    EXPECT_EQ(page.orders.front().id, id(1));
    EXPECT_EQ(through, page.orders.back().number);
}

TEST_F(PostgresWorkers, GivenAnOrderThatOneWorkerIsStoring_WhenItsLetterIsEditedMeanwhile_ThenTheEditIsRefused) {
    apply(ParkMessage(samples::letter("m1")));
    close_gate_for(1);
    auto placing_it = start_worker([](OtherWorker& worker) { return worker.apply(group_of(storage::placing(1))); });
    intruder.wait_for_waiting(1);
    EditLetter edit(1, "[1]");
    edit.places = samples::order_id(1);
    auto editing_it = start_worker([edit](OtherWorker& worker) {
        return worker.loop.run(worker.store->operate(OperatorCommand("cmd", edit, samples::at(3))));
    });
    intruder.wait_for_waiting(2);
    open_gate();

    ASSERT_TRUE(placing_it.get());
    ASSERT_TRUE(editing_it.get());

    EXPECT_EQ(value_of(loop().run(setup.reader().command("cmd")))->code, "letter.order_stored");
}

TEST_F(PostgresWorkers, GivenTwoCommandsAboutOneLetter_WhenTwoWorkersCarryThemOut_ThenOneOfThemChangesIt) {
    apply(ParkMessage(samples::letter("m1")));
    const auto discard = [](const std::string& name) {
        return [name](OtherWorker& worker) {
            const OperatorCommand command(name, ActOnLetters{LetterAction::discard, {{1}, {}}}, samples::at(3));
            auto step = worker.loop.run(worker.store->operate(command));
            while (step && step->kind == OperatorStep::Kind::again) {
                step = worker.loop.run(worker.store->operate(command));
            }
            return step.has_value();
        };
    };
    intruder.run("BEGIN");
    intruder.run("LOCK TABLE dead_letters IN EXCLUSIVE MODE");
    auto one = start_worker(discard("c1"));
    auto two = start_worker(discard("c2"));
    intruder.wait_for_waiting(2);  // one to change the letter, the other for its turn
    intruder.run("COMMIT");

    EXPECT_TRUE(one.get());
    EXPECT_TRUE(two.get());

    const auto changed = [this](const char* name) {
        return value_of(loop().run(setup.reader().command(name)))->changed;
    };
    EXPECT_EQ(changed("c1") + changed("c2"), 1);
}

TEST_F(PostgresWorkers, GivenADeadlock_ThenTheGroupIsAppliedAgain) {
    apply(placing(1));
    intruder.run("SET deadlock_timeout = '1min'");  // so that the worker is the one who gives in
    intruder.run("BEGIN");
    intruder.run("SELECT * FROM products WHERE sku = 'mug' FOR UPDATE");
    auto worker = start_worker([](OtherWorker& other) { return other.apply(group_of(declined(1))); });
    intruder.wait_for_waiting(1);  // it holds the order and wants the product
    intruder.run("SELECT * FROM orders WHERE number = 1 FOR UPDATE");
    intruder.run("COMMIT");

    const auto steps = worker.get();

    ASSERT_TRUE(steps && steps->front()) << steps.error().code();
    EXPECT_EQ(order(1).status, OrderStatus::rejected);
    EXPECT_EQ(stock("mug"), (Stock{10, 0}));
}

TEST_F(PostgresWorkers, GivenFailuresThatTwoWorkersCount_ThenNoneIsLost) {
    apply(placing(1));
    intruder.run("BEGIN");
    intruder.run("SELECT * FROM orders WHERE number = 1 FOR UPDATE");
    auto one = start_worker([](OtherWorker& worker) { return worker.apply(group_of(failing(1))); });
    auto two = start_worker([](OtherWorker& worker) { return worker.apply(group_of(failing(1))); });
    intruder.wait_for_waiting(2);  // both have read the same version, which a count does not raise
    intruder.run("COMMIT");

    EXPECT_TRUE(one.get());
    EXPECT_TRUE(two.get());
    EXPECT_EQ(order(1).tries, 2);
}

TEST_F(PostgresWorkers, GivenAnyGroupsOfTwoWorkers_WhenApplied_ThenTheInvariantsHold) {
    const auto walk = [](std::uint64_t seed) {
        return [seed](OtherWorker& worker) {
            SeededEntropy entropy(seed);
            int contended = 0;
            for (int i = 0; i < 60; ++i) {
                const auto steps = worker.apply(random_group(entropy));
                if (steps) continue;
                EXPECT_EQ(steps.error().code(), "store.contended") << steps.error().detail();
                ++contended;
            }
            return contended;
        };
    };
    SCOPED_TRACE("ORDERFLOW_SEED=" + std::to_string(run_seed()));
    auto one = start_worker(walk(2 * run_seed()));
    auto two = start_worker(walk(2 * run_seed() + 1));

    EXPECT_LT(one.get() + two.get(), 60) << "most groups get through at once";
    check();
}

// What a worker does: a group whose outcome it does not know is applied again.
TEST_F(PostgresWorkers,
       GivenSessionsThatEndAtAnyMoment_WhenGroupsAreRepeatedUntilTheyAreAnswered_ThenTheInvariantsHold) {
    setup.options().connect.application_name = "walker";
    std::atomic<int> answered = 0;
    const auto walk = [&answered](std::uint64_t seed) {
        return [&answered, seed](OtherWorker& worker) {
            SeededEntropy entropy(seed);
            int repeated = 0;
            for (int i = 0; i < 40; ++i) {
                const auto group = random_group(entropy);
                for (auto steps = worker.apply(group); !steps; steps = worker.apply(group)) {
                    EXPECT_EQ(steps.error().kind(), ErrorKind::unavailable) << steps.error().detail();
                    ++repeated;
                }
                ++answered;
            }
            return repeated;
        };
    };
    std::printf("ORDERFLOW_SEED=%llu\n", static_cast<unsigned long long>(run_seed()));
    auto one = start_worker(walk(2 * run_seed()));
    auto two = start_worker(walk(2 * run_seed() + 1));
    SeededEntropy entropy(run_seed());
    const auto over = [](const std::future<int>& walker) {
        return walker.wait_for(std::chrono::milliseconds(0)) == std::future_status::ready;
    };
    constexpr std::uint64_t patience_first = 60;  // ms; doubled while no group gets through, on a slow machine
    std::uint64_t patience = patience_first;
    while (!over(one) || !over(two)) {
        const int before = answered;
        intruder.run("SELECT pg_sleep(" + std::to_string(entropy.below(patience)) + " / 1000.0)");
        patience = answered == before ? patience * 2 : patience_first;
        intruder.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'walker'");
    }

    EXPECT_GT(one.get() + two.get(), 0) << "none was cut off";
    check();
}

}  // namespace
}  // namespace orderflow::orders
