// Goal: on PostgreSQL the program keeps the same promise, also when the database is killed in the middle.
// Method: a real server of the test's own; the real programs over it, as processes.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "libs/testing/postgres_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

constexpr std::string_view sku = "PA-BLOT-10";

class OnPostgres : public ::testing::Test {
  protected:
    std::unique_ptr<ServerProcess> start(const TempDir& directory) const {
        return std::make_unique<ServerProcess>(
            ServerProcess::Settings{{"ORDERFLOW_DATA_DIR", directory.path().string()},
                                    {"DATABASE_URL", url},
                                    {"ORDERFLOW_SQS_LISTEN", "127.0.0.1:0"}});
    }

    PostgresServer database;
    std::string url = database.url();
    TempDir data;
};

TEST_F(OnPostgres, GivenAnOrder_WhenTheDatabaseIsKilledInBetween_ThenItIsAcceptedAllTheSameAndConfirmedOnce) {
    const auto program = start(data);
    const ShopClient shop(program->wait_until_ready());
    const auto before = shop.available(sku);
    const auto first = shop.post_order("postgres-test-first-0001", order_body({{std::string(sku), 1}}));
    ASSERT_EQ(shop.wait_until_settled(first.text("id")), "confirmed");

    database.kill();
    const auto meanwhile = shop.post_order("postgres-test-second-0002", order_body({{std::string(sku), 2}}));
    database.start();

    EXPECT_EQ(meanwhile.status, 202) << "accepting needs no database: " << meanwhile.body;
    while (shop.get("/v1/orders/" + meanwhile.text("id")).status != 200) std::this_thread::yield();
    EXPECT_EQ(shop.wait_until_settled(meanwhile.text("id")), "confirmed");
    EXPECT_EQ(before - shop.available(sku), 3);
}

TEST_F(OnPostgres, GivenTheProgramKilled_WhenStartedAgain_ThenItsOrdersAreThere) {
    auto program = start(data);
    std::string id;
    {
        const ShopClient shop(program->wait_until_ready());
        id = shop.post_order("postgres-test-kept-0001", order_body({{std::string(sku), 1}})).text("id");
        ASSERT_EQ(shop.wait_until_settled(id), "confirmed");
    }
    program->kill();
    program = start(data);
    const ShopClient shop(program->wait_until_ready());

    EXPECT_EQ(shop.wait_until_settled(id), "confirmed");
    EXPECT_NE(program->stdout_text().find("orders in postgresql://superuser@"), std::string::npos)
        << program->stdout_text();
}

TEST_F(OnPostgres, GivenNoDatabase_WhenStarted_ThenOrdersAreTakenAndSettledWhenItIsThere) {
    database.kill();
    const auto program = start(data);
    const ShopClient shop(program->wait_until_ready());

    const auto order = shop.post_order("postgres-test-early-0001", order_body({{std::string(sku), 1}}));
    EXPECT_EQ(order.status, 202) << order.body;
    database.start();

    while (shop.get("/v1/orders/" + order.text("id")).status != 200) std::this_thread::yield();
    EXPECT_EQ(shop.wait_until_settled(order.text("id")), "confirmed");
}

TEST_F(OnPostgres, GivenAWrongPassword_WhenStarted_ThenItSaysSoWithoutThePassword) {
    ServerProcess program(
        {{"ORDERFLOW_DATA_DIR", data.path().string()}, {"DATABASE_URL", database.url_as("shopper", "wrong-secret")}});

    EXPECT_EQ(program.wait(), 1);
    EXPECT_NE(program.stderr_text().find("postgres.login"), std::string::npos) << program.stderr_text();
    EXPECT_EQ(program.stderr_text().find("wrong-secret"), std::string::npos) << program.stderr_text();
}

TEST_F(OnPostgres, GivenAnEmptyDatabase_WhenMigrated_ThenItSaysTheVersionAndDoesNothingTheSecondTime) {
    for (int i = 0; i < 2; ++i) {
        ServerProcess program({{"DATABASE_URL", url}}, {}, {"migrate"});
        EXPECT_EQ(program.wait(), 0) << program.stderr_text();
        EXPECT_NE(program.stdout_text().find("schema version 6"), std::string::npos) << program.stdout_text();
    }
    EXPECT_EQ(database.sql("SELECT count(*) FROM orderflow_schema"), "6\n");
}

TEST_F(OnPostgres, GivenACheck_ThenItSaysWhatItFindsAndNothingChanges) {
    const auto check = [&](int code) {
        ServerProcess program({{"ORDERFLOW_DATA_DIR", data.path().string()}, {"DATABASE_URL", url}}, {}, {"--check"});
        EXPECT_EQ(program.wait(), code) << program.stdout_text() << program.stderr_text();
        return program.stdout_text();
    };

    EXPECT_NE(check(0).find(": is empty and will be filled\n"), std::string::npos);
    EXPECT_EQ(database.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0\n");
    ServerProcess migration({{"DATABASE_URL", url}}, {}, {"migrate"});
    ASSERT_EQ(migration.wait(), 0);
    EXPECT_EQ(check(0).find("is empty"), std::string::npos);
    database.sql("INSERT INTO orderflow_schema VALUES (99, 99)");
    EXPECT_NE(check(1).find("postgres.newer_schema"), std::string::npos);
    database.kill();
    EXPECT_NE(check(1).find("postgres.unreachable"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_empty(data.path()));
}

// Two pairs of api-service and worker-service on one queue and one database.
TEST_F(OnPostgres, GivenTwoWorkersAndTwoApis_WhenTheyShareADatabase_ThenEveryOrderIsConfirmedOnceAndSeenByBoth) {
    TempDir secrets;
    ServerProcess queue({{"ORDERFLOW_DATA_DIR", data.path().string()}}, {}, {}, "queue-service");
    const auto queue_url = "http://127.0.0.1:" + std::to_string(queue.wait_until_ready()) + "/000000000000/orders";
    const auto settings = [&](const TempDir& dir) {
        return ServerProcess::Settings{
            {"ORDERFLOW_DATA_DIR", dir.path().string()}, {"DATABASE_URL", url}, {"ORDERFLOW_QUEUE_URL", queue_url}};
    };
    const TempDir worker_data[2];
    std::vector<std::unique_ptr<ServerProcess>> workers;
    std::vector<std::unique_ptr<ServerProcess>> apis;
    std::vector<ShopClient> shops;
    for (const auto& dir : worker_data) {
        workers.push_back(std::make_unique<ServerProcess>(settings(dir), std::vector<std::string>(),
                                                          std::vector<std::string>(), "worker-service"));
        const ShopClient status(workers.back()->wait_until_ready());
        EXPECT_EQ(status.get("/readyz").status, 200);
        apis.push_back(std::make_unique<ServerProcess>(settings(secrets), std::vector<std::string>(),
                                                       std::vector<std::string>(), "api-service"));
        shops.emplace_back(apis.back()->wait_until_ready());
    }
    const auto before = shops[0].available(sku);

    std::vector<std::string> ids;
    for (int n = 0; n < 40; ++n) {
        const auto key = "postgres-test-pairs-" + std::to_string(n);
        const auto body = order_body({{std::string(sku), 1}});
        ids.push_back(shops[static_cast<std::size_t>(n % 2)].post_order(key, body).text("id"));
        EXPECT_EQ(shops[static_cast<std::size_t>((n + 1) % 2)].post_order(key, body).text("id"), ids.back());
    }

    for (std::size_t n = 0; n < ids.size(); ++n) {
        EXPECT_EQ(shops[(n + 1) % 2].wait_until_settled(ids[n]), "confirmed") << "through the other API";
    }
    EXPECT_EQ(before - shops[1].available(sku), 40);
}

}  // namespace
}  // namespace orderflow::e2e
