// Goal: `orderflow audit` judges an installation on PostgreSQL as it judges one on SQLite; every way in which it is
// broken afterwards shows in the line made for it.
// Method: one load on a real server; each test breaks the database and puts it right again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "libs/testing/postgres_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

struct Ended {
    int code = 0;
    std::string text;  // stdout
    std::string errors;
};

// An installation whose orders lie in PostgreSQL, and the ledger of the one load on it.
struct Loaded {
    Loaded() {
        ServerProcess server(settings());
        const auto port = server.wait_until_ready();
        load = run({"load", "--url", "http://127.0.0.1:" + std::to_string(port), "--orders", "400", "--rate", "200",
                    "--mix", "all,slow=0", "--settle", "--seed", "11", "--ledger", ledger});
        server.terminate();
        stopped = server.wait();
    }

    ServerProcess::Settings settings() const {
        return {{"ORDERFLOW_DATA_DIR", dir / "data"}, {"DATABASE_URL", url}, {"ORDERFLOW_LOG_LEVEL", "error"}};
    }

    Ended run(const Words& words) const {
        ServerProcess process(settings(), {}, words);
        const int code = process.wait(std::chrono::seconds(100));
        return {code, process.stdout_text(), process.stderr_text()};
    }

    Ended audit() const { return run({"audit", "--ledger", ledger, "--data", dir / "data", "--settled"}); }

    PostgresServer database;
    std::string url = database.url();
    TempDir dir;
    std::string ledger = dir / "ledger";
    Ended load;
    int stopped = -1;
};

class AfterALoadOnPostgres : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        shop = std::make_unique<Loaded>();
        shop->database.sql("CREATE SCHEMA sound");
        for (const auto* table : tables) {
            shop->database.sql(std::string("CREATE TABLE sound.") + table + " AS TABLE " + table);
        }
    }
    static void TearDownTestSuite() { shop.reset(); }

    ~AfterALoadOnPostgres() override {
        for (const auto* table : tables) {
            const std::string name(table);
            shop->database.sql("TRUNCATE " + name + "; INSERT INTO " + name + " SELECT * FROM sound." + name);
        }
    }

    static void change(const std::string& sql) { shop->database.sql(sql); }
    // The number of a confirmed order with stock of one product.
    static std::string a_confirmed_order() {
        auto number = shop->database.sql("SELECT min(number) FROM orders WHERE status = 3");
        return number.substr(0, number.find('\n'));
    }

    static constexpr const char* tables[] = {"orders", "order_bodies", "order_events", "ledger", "products"};
    static inline std::unique_ptr<Loaded> shop;
};

TEST_F(AfterALoadOnPostgres, WithAMixOfEverything_ThenItIsSound) {
    EXPECT_EQ(shop->load.code, 0) << shop->load.text << shop->load.errors;
    EXPECT_EQ(shop->stopped, 0);

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 0) << audited.text << audited.errors;
    for (const auto* line : {"lost", "doubled", "phantom", "oversold", "double_charged", "money_mismatch",
                             "illegal_history", "queue_mismatch"}) {
        EXPECT_THAT(audited.text, ContainsRegex(std::string(line) + " +0 "));
    }
    EXPECT_THAT(audited.text, AllOf(HasSubstr("\nsound"), HasSubstr("data and postgresql://superuser@")));
}

TEST_F(AfterALoadOnPostgres, WhenAnOrderIsTakenOut_ThenItIsLost) {
    change("DELETE FROM orders WHERE number = " + a_confirmed_order());

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 1) << audited.errors;
    EXPECT_THAT(audited.text, ContainsRegex("\nlost +1 "));
    EXPECT_THAT(audited.text, HasSubstr(": it was acknowledged and is not stored\n"));
}

TEST_F(AfterALoadOnPostgres, WhenStockIsHeldThatNoOrderHolds_ThenItIsOversold) {
    change(
        "UPDATE products SET reserved = reserved - 1 WHERE sku = (SELECT min(sku) FROM products WHERE reserved > 0)");

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 1) << audited.errors;
    EXPECT_THAT(audited.text, ContainsRegex("\noversold +1 "));
}

TEST_F(AfterALoadOnPostgres, WhenPiecesAppearFromNowhere_ThenItIsOversold) {
    change("UPDATE products SET on_hand = on_hand + 1 WHERE sku = (SELECT min(sku) FROM products)");

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 1) << audited.errors;
    EXPECT_THAT(audited.text, ContainsRegex("\noversold +1 "));
}

TEST_F(AfterALoadOnPostgres, WhenEventsOfAnOrderAreGone_ThenItsHistoryIsIllegal) {
    change("DELETE FROM order_events WHERE number = " + a_confirmed_order());

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 1) << audited.errors;
    EXPECT_THAT(audited.text, ContainsRegex("\nillegal_history +1 "));
}

TEST_F(AfterALoadOnPostgres, WhenAPostingIsGone_ThenTheMoneyDoesNotAddUp) {
    change("DELETE FROM ledger WHERE number = " + a_confirmed_order());

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 1) << audited.errors;
    EXPECT_THAT(audited.text, ContainsRegex("\nmoney_mismatch +[1-9]"));
}

TEST_F(AfterALoadOnPostgres, WhenARowWasChangedByHand_ThenNothingIsJudgedAndTheRowIsNamed) {
    change("UPDATE orders SET version = version + 1 WHERE number = " + a_confirmed_order());

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 2);
    EXPECT_EQ(audited.text, "");
    EXPECT_THAT(audited.errors,
                AllOf(HasSubstr("store.damaged_row"), HasSubstr("orders, number " + a_confirmed_order())));
}

TEST_F(AfterALoadOnPostgres, AndAnAuditWhileAnotherProgramRunsOnTheDatabase_ThenItIsRefused) {
    const TempDir elsewhere;
    auto settings = shop->settings();
    settings["ORDERFLOW_DATA_DIR"] = elsewhere / "data";
    ServerProcess server(settings);
    server.wait_until_ready();

    const auto audited = shop->audit();

    EXPECT_EQ(audited.code, 2);
    EXPECT_THAT(audited.errors, HasSubstr("store.in_use"));
}

TEST_F(AfterALoadOnPostgres, WithoutTheServer_ThenNothingIsAudited) {
    shop->database.kill();

    const auto audited = shop->audit();

    shop->database.start();
    EXPECT_EQ(audited.code, 2);
    EXPECT_THAT(audited.errors, HasSubstr("postgres.unreachable"));
}

}  // namespace
}  // namespace orderflow::e2e
