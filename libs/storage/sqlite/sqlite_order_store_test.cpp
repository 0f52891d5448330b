// What the SQLite store does beyond the contract: opening, group commit, isolation of one order's error, damage.
#include "libs/storage/sqlite/sqlite_order_store.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>

#include "libs/sqlite/database.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "libs/testing/fault_vfs.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::storage {
namespace {

using orders::Change;
using orders::group_of;
using orders::Step;
using Steps = std::vector<Result<Step>>;
namespace samples = orders::samples;

class ASqliteOrderStore : public orders::OrderStoreFixture<SqliteRig> {
  protected:
    // Changes the file behind the store's back, as an operator with the command line could.
    void tamper(const std::string& sql) {
        setup.close();
        {
            auto database = sqlite::Database::open(setup.path(), {});
            const auto done = database->execute(sql);
            ASSERT_TRUE(done) << done.error().detail();
        }
        setup.open();
    }
};

TEST_F(ASqliteOrderStore, GivenAStoreThatIsOpen_WhenOpenedAgain_ThenItIsInUse) {
    const auto error = SqliteRig().try_open();  // its own file, twice

    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), "data_dir.in_use");
}

TEST_F(ASqliteOrderStore, GivenAFileOfANewerVersion_WhenOpened_ThenItIsRefusedAndUnchanged) {
    this->apply(this->placing(1));
    setup.close();
    {
        auto database = sqlite::Database::open(setup.path(), {});
        ASSERT_TRUE(database->execute("PRAGMA user_version = 99"));
    }

    const auto error = setup.try_open();

    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), "sqlite.newer_version");
    EXPECT_NE(error->detail().find("99"), std::string::npos);
}

TEST_F(ASqliteOrderStore, GivenAnotherProgramsFile_WhenOpened_ThenItIsRefused) {
    setup.close();
    std::filesystem::remove(setup.path());
    {
        auto database = sqlite::Database::open(setup.path(), {});
        ASSERT_TRUE(database->execute("CREATE TABLE notes (text TEXT)"));
    }

    const auto error = setup.try_open();

    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), "sqlite.other_application");
}

TEST_F(ASqliteOrderStore, GivenAPathThatCannotBeOpened_ThenTheErrorNamesIt) {
    setup.close();
    setup.options().path += "/orders.db";

    const auto error = setup.try_open();

    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::unavailable);
    EXPECT_NE(error->detail().find(setup.path()), std::string::npos);
}

TEST_F(ASqliteOrderStore, GivenAFilledCatalogue_WhenOpenedAgain_ThenItsStockStaysAsItIs) {
    apply(placing(1, {{"mug", 4}}));

    setup.restart();

    EXPECT_EQ(stock("mug"), (orders::Stock{10, 4}));
}

// Blocks of 1024 numbers: see order_block.hpp.
class OrdersOfManyBlocks : public ASqliteOrderStore {
  protected:
    static constexpr std::uint32_t count = 2500;
    static constexpr std::uint32_t late = 2400;  // created before all others

    OrdersOfManyBlocks() {
        for (std::uint32_t first = 1; first <= count; first += 500) {
            std::vector<Change> group;
            for (std::uint32_t n = first; n < first + 500; ++n) {
                auto place = placing(n, {{"unicorn", 1}});
                place.accepted_at = samples::at(n == late ? 0 : n);
                group.emplace_back(std::move(place));
            }
            apply_group(group);
        }
    }
    std::vector<std::int64_t> before(std::int64_t second, std::optional<std::uint32_t> starting_after = {}) {
        orders::OrderQuery query;
        query.created_before = samples::at(second);
        query.limit = 4;
        if (starting_after) query.starting_after = id(*starting_after);
        std::vector<std::int64_t> numbers;
        for (const auto& order : list(query).orders) numbers.push_back(order.number);
        return numbers;
    }
};

TEST_F(OrdersOfManyBlocks, GivenATimeInTheFirst_WhenListed_ThenTheLateOneAndThoseBeforeItCome) {
    EXPECT_THAT(before(10), testing::ElementsAre(2400, 9, 8, 7));
    EXPECT_THAT(before(10, 2400), testing::ElementsAre(9, 8, 7, 6));
    EXPECT_THAT(before(10, 9), testing::ElementsAre(8, 7, 6, 5));
    EXPECT_THAT(before(1), testing::ElementsAre(2400));
    EXPECT_THAT(before(0), testing::ElementsAre());
    EXPECT_THAT(before(1025), testing::ElementsAre(2400, 1024, 1023, 1022)) << "two blocks, beside each other";
    EXPECT_THAT(before(5000), testing::ElementsAre(2500, 2499, 2498, 2497));
}

TEST_F(OrdersOfManyBlocks, GivenWhatTheirBlocksSay_WhenListed_ThenOthersAreNotRead) {
    tamper("UPDATE orders SET record = zeroblob(64) WHERE number BETWEEN 1024 AND 2047");  // would be found damaged

    EXPECT_THAT(before(10, 2400), testing::ElementsAre(9, 8, 7, 6));
}

TEST_F(OrdersOfManyBlocks, GivenAStoreFromBeforeThereWereBlocks_WhenMigrated_ThenEveryOneMayHoldTheOldest) {
    tamper(
        "ALTER TABLE operator_commands DROP COLUMN matched; ALTER TABLE order_events DROP COLUMN trace;"
        "DROP TABLE command_times; DROP TABLE order_blocks; PRAGMA user_version = 4");

    EXPECT_THAT(before(10), testing::ElementsAre(2400, 9, 8, 7));
    auto place = placing(2501, {{"unicorn", 1}});
    place.accepted_at = samples::at(3);
    apply(place);
    EXPECT_THAT(before(10), testing::ElementsAre(2501, 2400, 9, 8));
}

TEST(GroupCommit, GivenGroupsThatWait_WhenTheyAreWritten_ThenTheyShareOneSyncAndGetTheirOwnSteps) {
    FaultVfs vfs("group");
    SqliteStoreOptions options;
    options.vfs = "group";
    SqliteRig setup(options);
    vfs.heal();

    std::vector<std::optional<Result<Steps>>> answers(5);
    const auto collect = [](orders::OrderStore& store, std::vector<Change> group,
                            std::optional<Result<Steps>>& answer) -> task<void> {
        answer = co_await store.apply(std::move(group));
    };
    for (std::uint32_t n = 0; n < answers.size(); ++n) {
        auto group = group_of(samples::place(samples::order_id(n)));
        for (std::uint32_t more = 0; more < n; ++more) group.emplace_back(group.front());
        setup.loop().spawn(collect(setup.store(), std::move(group), answers[n]));
    }
    setup.loop().run_ready();

    EXPECT_EQ(vfs.calls(FaultVfs::Call::sync), 1U);
    for (std::size_t n = 0; n < answers.size(); ++n) {
        ASSERT_TRUE(answers[n] && *answers[n]);
        ASSERT_EQ((*answers[n])->size(), n + 1);
        EXPECT_TRUE((*answers[n])->front()->changed) << "its own order was new";
    }
}

TEST(GroupCommit, GivenMoreChangesThanFit_WhenTheyAreWritten_ThenThereAreSeveralTransactions) {
    FaultVfs vfs("bounded");
    SqliteStoreOptions options;
    options.vfs = "bounded";
    options.changes_max = 2;
    SqliteRig setup(options);
    vfs.heal();

    int answered = 0;
    const auto count = [](orders::OrderStore& store, std::uint32_t n, int& done) -> task<void> {
        if (co_await store.apply(group_of(samples::place(samples::order_id(n))))) ++done;
    };
    for (std::uint32_t n = 0; n < 6; ++n) setup.loop().spawn(count(setup.store(), n, answered));
    setup.loop().run_ready();

    EXPECT_EQ(answered, 6);
    EXPECT_EQ(vfs.calls(FaultVfs::Call::sync), 3U);
}

TEST_F(ASqliteOrderStore, GivenARowThatIsRefused_ThenOnlyItsOrderFailsAndTheRestOfTheGroupIsWritten) {
    tamper("CREATE TRIGGER refuse BEFORE INSERT ON orders WHEN NEW.number = 2 AND NEW.id <> x'" +
           std::string("02000000000000000000000000000000") + "' BEGIN SELECT RAISE(ABORT, 'refused'); END");

    // Order 9 would be number 2. When it is rolled back, its number goes to order 2, which the trigger lets pass.
    const auto steps = apply_group(group_of(placing(1), placing(9, {{"lamp", 1}}), placing(2), captured(1)));

    ASSERT_EQ(steps.size(), 4U);
    EXPECT_TRUE(steps[0]);
    ASSERT_FALSE(steps[1]);
    EXPECT_EQ(steps[1].error().kind(), ErrorKind::conflict);
    EXPECT_TRUE(steps[2]);
    EXPECT_TRUE(steps[3]);
    EXPECT_EQ(order(1).status, orders::OrderStatus::confirmed);
    EXPECT_EQ(order(2).number, 2);
    EXPECT_FALSE(find(9).order);
    EXPECT_EQ(stock("lamp").reserved, 0) << "its reservation was rolled back with it";
    EXPECT_EQ(stock("mug").reserved, 4);
    EXPECT_TRUE(setup.fatal().empty());
}

TEST_F(ASqliteOrderStore, GivenARefusedUpdate_ThenTheOrderStaysAsItWas) {
    apply(placing(1));
    apply(placing(2));
    const auto before = order(1);
    tamper("CREATE TRIGGER refuse BEFORE INSERT ON ledger WHEN NEW.number = 1 BEGIN SELECT RAISE(ABORT, 'no'); END");

    const auto steps = apply_group(group_of(captured(1), captured(2)));

    EXPECT_FALSE(steps[0]);
    EXPECT_TRUE(steps[1]);
    EXPECT_EQ(order(1), before);
    EXPECT_EQ(events(1).size(), 3U);
    EXPECT_EQ(order(2).status, orders::OrderStatus::confirmed);
}

// The lock of the directory keeps others away; this one comes by another name of the file.
TEST_F(ASqliteOrderStore, GivenAnOrderThatSomebodyElseChanged_WhenAChangeComes_ThenItIsDecidedOnWhatIsStored) {
    apply(placing(1));
    auto options = setup.options();
    options.path += ".too";
    std::filesystem::create_symlink(setup.path(), options.path);
    const auto pricing = samples::pricing();
    const auto other = SqliteOrderStore::open(loop(), loop().clock(), pricing, options).value();
    ASSERT_TRUE(loop().run(other->apply(group_of(captured(1)))));

    const auto step = apply(orders::RecordFailure(id(1), samples::letter("m1")));

    EXPECT_EQ(step.kind, Step::Kind::finished) << "a confirmed order is not tried again";
    EXPECT_EQ(order(1).status, orders::OrderStatus::confirmed);
    EXPECT_EQ(order(1).tries, 0);
}

class ADamagedOrderRow : public ASqliteOrderStore, public ::testing::WithParamInterface<const char*> {};

TEST_P(ADamagedOrderRow, WhenRead_ThenItIsReportedAndNeverShown) {
    apply(placing(1));
    tamper(GetParam());

    const auto found = loop().run(setup.reader().find(id(1)));
    const auto applied = try_apply(group_of(captured(1)));

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), "disk.corrupt");
    EXPECT_THAT(found.error().detail(), testing::HasSubstr("orders, number 1"));
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code(), "store.outcome_unknown");
    EXPECT_EQ(setup.fatal().size(), 1U) << "the process has to end";
}

INSTANTIATE_TEST_SUITE_P(
    EveryColumn, ADamagedOrderRow,
    ::testing::Values("UPDATE orders SET status = 3", "UPDATE orders SET version = version + 1",
                      "UPDATE orders SET created_bound = 0", "UPDATE orders SET last_event = 7",
                      "UPDATE orders SET record = CAST(substr(record, 1, 40) || x'01' || substr(record, 42) AS BLOB)",
                      "UPDATE orders SET record = x''", "UPDATE order_bodies SET record = zeroblob(length(record))",
                      "DELETE FROM order_bodies",
                      "UPDATE orders SET record = (SELECT record FROM order_bodies LIMIT 1)"));

TEST_F(ASqliteOrderStore, GivenADamagedHistoryOrCatalogue_WhenRead_ThenItIsReported) {
    confirm(1);
    tamper(
        "UPDATE order_events SET record = (SELECT record FROM order_events WHERE seq = 1) WHERE seq = 2;"
        "UPDATE ledger SET record = zeroblob(40); UPDATE products SET on_hand = on_hand + 1 WHERE sku = 'mug'");

    const auto events = loop().run(setup.reader().events(id(1), 0));
    const auto ledger = loop().run(setup.reader().ledger(id(1)));
    const auto products = loop().run(setup.reader().products());

    ASSERT_FALSE(events);
    EXPECT_THAT(events.error().detail(), testing::HasSubstr("order_events, seq 2"));
    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().code(), "disk.corrupt");
    ASSERT_FALSE(products);
    EXPECT_THAT(products.error().detail(), testing::HasSubstr("mug"));
}

TEST_F(ASqliteOrderStore, GivenStockThatWouldGoBelowZero_ThenTheDatabaseItselfRefuses) {
    setup.close();
    auto database = sqlite::Database::open(setup.path(), {});

    const auto refused = database->execute("UPDATE products SET reserved = on_hand + 1");

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "sqlite.constraint");
}

// The memory store is simple enough to be believed; both must answer everything alike.
TEST_F(ASqliteOrderStore, GivenTheSameGroups_ThenItAnswersAsTheMemoryStore) {
    for (std::uint64_t seed = 1; seed <= 3 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        SqliteRig sqlite;
        const auto pricing = samples::pricing();
        InMemoryOrderStore memory(sqlite.loop().clock(), pricing, orders::sample_catalogue());
        SeededEntropy entropy(seed);
        for (int i = 0; i < 60; ++i) {
            const auto group = orders::random_group(entropy);
            const auto expected = sqlite.loop().run(memory.apply(group));
            const auto got = sqlite.loop().run(sqlite.store().apply(group));
            ASSERT_TRUE(got);
            for (std::size_t n = 0; n < group.size(); ++n) {
                ASSERT_TRUE((*got)[n]);
                ASSERT_EQ((*got)[n]->kind, (*expected)[n]->kind);
                ASSERT_EQ((*got)[n]->version, (*expected)[n]->version);
                ASSERT_EQ((*got)[n]->changed, (*expected)[n]->changed);
                ASSERT_EQ((*got)[n]->effect, (*expected)[n]->effect);
            }
        }
        for (std::uint32_t n = 0; n < orders::walk_orders; ++n) {
            const auto wanted = samples::order_id(n);
            EXPECT_EQ(sqlite.loop().run(sqlite.reader().find(wanted))->order,
                      sqlite.loop().run(memory.find(wanted))->order);
            EXPECT_EQ(sqlite.loop().run(sqlite.reader().events(wanted, 0)),
                      sqlite.loop().run(memory.events(wanted, 0)));
            EXPECT_EQ(sqlite.loop().run(sqlite.reader().ledger(wanted)), sqlite.loop().run(memory.ledger(wanted)));
        }
        EXPECT_EQ(sqlite.loop().run(sqlite.reader().list({}))->orders, sqlite.loop().run(memory.list({}))->orders);
    }
}

}  // namespace
}  // namespace orderflow::storage
