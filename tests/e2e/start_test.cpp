// Goal: a start that cannot work says what happened, why, and what to do, and ends with a code that is not zero.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Ended {
    int code;
    std::string errors;
};

Ended run_to_end(ServerProcess::Settings settings) {
    ServerProcess server(std::move(settings));
    const int code = server.wait();
    EXPECT_THAT(server.stdout_text(), IsEmpty());
    return {code, server.stderr_text()};
}

class Start : public ::testing::Test {
  protected:
    ServerProcess::Settings with_data() const { return {{"ORDERFLOW_DATA_DIR", data.path().string()}}; }
    TempDir data;
};

TEST_F(Start, GivenSeveralBadSettings_ThenAllAreNamedAtOnce) {
    const auto ended =
        run_to_end({{"ORDERFLOW_DRAIN_SECONDS", "x"}, {"ORDERFLOW_LISTEN", "nonsense"}, {"ORDERFLOW_LISTNE", "1"}});

    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.errors, AllOf(HasSubstr("ORDERFLOW_DRAIN_SECONDS"), HasSubstr("ORDERFLOW_LISTEN: "),
                                    HasSubstr("ORDERFLOW_LISTNE")));
}

TEST_F(Start, GivenATakenPort_ThenItIsNamed) {
    ServerProcess first(with_data());
    const auto port = std::to_string(first.wait_until_ready());
    TempDir other;

    const auto ended =
        run_to_end({{"ORDERFLOW_DATA_DIR", other.path().string()}, {"ORDERFLOW_LISTEN", "127.0.0.1:" + port}});

    EXPECT_NE(ended.code, 0);
    EXPECT_THAT(ended.errors, AllOf(HasSubstr(port), HasSubstr("in use")));
}

TEST_F(Start, GivenADataDirectoryInUse_ThenTheOwnersPidIsNamedAndTheFirstGoesOn) {
    ServerProcess first(with_data());
    const ShopClient shop(first.wait_until_ready());

    const auto ended = run_to_end(with_data());

    EXPECT_NE(ended.code, 0);
    EXPECT_THAT(ended.errors, HasSubstr(std::to_string(first.pid())));
    EXPECT_EQ(shop.get("/readyz").status, 200);
}

TEST_F(Start, GivenADataDirectoryThatIsAFile_ThenItIsNamed) {
    const auto file = data.path() / "file";
    std::ofstream(file) << "x";

    const auto ended = run_to_end({{"ORDERFLOW_DATA_DIR", file.string()}});

    EXPECT_NE(ended.code, 0);
    EXPECT_THAT(ended.errors, HasSubstr(file.string()));
}

TEST_F(Start, GivenAStoreOfANewerVersion_ThenItIsRefusedAndNotTouched) {
    {
        ServerProcess server(with_data());
        server.wait_until_ready();
        server.terminate();
        ASSERT_EQ(server.wait(), 0);
    }
    sqlite3* database = nullptr;
    ASSERT_EQ(::sqlite3_open((data.path() / "orders.db").c_str(), &database), SQLITE_OK);
    ASSERT_EQ(::sqlite3_exec(database, "PRAGMA user_version = 9999", nullptr, nullptr, nullptr), SQLITE_OK);
    ::sqlite3_close(database);

    const auto ended = run_to_end(with_data());

    EXPECT_NE(ended.code, 0);
    EXPECT_THAT(ended.errors, AllOf(HasSubstr("orders.db"), HasSubstr("9999")));
}

TEST_F(Start, GivenSecretsThatOthersMayRead_ThenTheCommandThatHelpsIsPrinted) {
    {
        ServerProcess server(with_data());
        server.wait_until_ready();
        server.terminate();
        ASSERT_EQ(server.wait(), 0);
    }
    ::chmod((data.path() / "secrets").c_str(), 0644);

    const auto ended = run_to_end(with_data());

    EXPECT_NE(ended.code, 0);
    EXPECT_THAT(ended.errors, HasSubstr("chmod 600"));
}

TEST_F(Start, GivenAnInstallationThatLostAPart_ThenItIsNamedAndNothingIsMadeAnew) {
    {
        ServerProcess server(with_data());
        server.wait_until_ready();
        server.terminate();
        ASSERT_EQ(server.wait(), 0);
    }
    for (const auto* part : {"secrets", "queue.db", "orders.db", "payments-simulated.db"}) {
        std::filesystem::rename(data.path() / part, data.path() / "away");

        const auto ended = run_to_end(with_data());

        EXPECT_NE(ended.code, 0);
        EXPECT_THAT(ended.errors, AllOf(HasSubstr(part), HasSubstr("missing")));
        EXPECT_FALSE(std::filesystem::exists(data.path() / part));

        std::ofstream(data.path() / part).close();  // as a copy leaves it that found no space
        std::filesystem::permissions(data.path() / part, std::filesystem::perms(0600));
        const auto empty = run_to_end(with_data());
        EXPECT_NE(empty.code, 0);
        EXPECT_THAT(empty.errors, AllOf(HasSubstr(part), HasSubstr("is empty")));
        EXPECT_EQ(std::filesystem::file_size(data.path() / part), 0U);
        std::filesystem::rename(data.path() / "away", data.path() / part);
    }
}

// Who has no token of an operator could go past it there.
TEST_F(Start, GivenATokenOfOperatorsAndAQueueWithoutCredentials_ThenTheLogSaysWhatThatMeans) {
    constexpr std::string_view warning = "sqs.open_to_this_machine";
    auto settings = with_data();
    settings.emplace("ORDERFLOW_SQS_LISTEN", "127.0.0.1:0");
    const auto log_of = [](const ServerProcess::Settings& chosen) {
        ServerProcess server(chosen);
        server.wait_until_ready();
        server.terminate();
        EXPECT_EQ(server.wait(), 0);
        return server.stderr_text();
    };
    EXPECT_THAT(log_of(settings), Not(HasSubstr(warning))) << "everybody here is an operator";
    settings.emplace("ORDERFLOW_ADMIN_TOKEN", "an-operators-token-0123456789");
    EXPECT_THAT(log_of(settings), AllOf(HasSubstr(warning), HasSubstr("ORDERFLOW_SQS_ACCESS_KEY_ID")));
    settings.emplace("ORDERFLOW_SQS_ACCESS_KEY_ID", "queue-user");
    settings.emplace("ORDERFLOW_SQS_SECRET_ACCESS_KEY", "queue-secret-0123456789");
    EXPECT_THAT(log_of(settings), Not(HasSubstr(warning)));
}

// Method: the endpoint's port is the second address of the ready line.
TEST_F(Start, GivenDeclaredQueues_ThenTheyAreThereAndTheEndpointTellsItsMetrics) {
    auto settings = with_data();
    settings.emplace("ORDERFLOW_SQS_QUEUES", "jobs: visibility=5m");
    settings.emplace("ORDERFLOW_SQS_LISTEN", "127.0.0.1:0");
    ServerProcess server(settings);
    server.wait_until_ready();
    constexpr std::string_view before = "(page and API), http://127.0.0.1:";
    const auto at = server.stdout_text().find(before);
    ASSERT_NE(at, std::string::npos) << server.stdout_text();
    const ShopClient queues(static_cast<std::uint16_t>(std::stoi(server.stdout_text().substr(at + before.size()))));

    EXPECT_EQ(queues.get("/?Action=GetQueueUrl&QueueName=jobs").status, 200);
    EXPECT_EQ(queues.get("/?Action=GetQueueUrl&QueueName=other").status, 400);
    const auto metrics = queues.get("/metrics");
    EXPECT_EQ(metrics.status, 200);
    EXPECT_THAT(metrics.body, HasSubstr("orderflow_queue_visible_messages{queue=\"jobs\"} 0"));
}

TEST_F(Start, GivenACheck_ThenItSaysWhatItWouldUseAndMakesNothing) {
    auto settings = with_data();
    settings["ORDERFLOW_DATA_DIR"] = (data.path() / "shop").string();
    ServerProcess fresh(settings, {}, {"--check"});
    EXPECT_EQ(fresh.wait(), 0) << fresh.stderr_text();
    EXPECT_THAT(fresh.stdout_text(), AllOf(HasSubstr("shop: will be made"), HasSubstr("would serve on http://")));
    EXPECT_TRUE(std::filesystem::is_empty(data.path()));

    ServerProcess server(settings);
    server.wait_until_ready();
    ServerProcess beside(settings, {}, {"--check"});
    EXPECT_EQ(beside.wait(), 0) << beside.stdout_text();
    EXPECT_THAT(beside.stdout_text(), HasSubstr("orders.db"));
    server.terminate();
    ASSERT_EQ(server.wait(), 0);

    std::filesystem::remove(data.path() / "shop" / "queue.db");
    ServerProcess broken(settings, {}, {"--check"});
    EXPECT_EQ(broken.wait(), 1);
    EXPECT_THAT(broken.stdout_text(), AllOf(HasSubstr("installation.incomplete"), HasSubstr("cannot start like this")));
}

TEST_F(Start, GivenAProviderThatTakesMoney_WhenADemoIsAskedFor_ThenItIsRefused) {
    auto settings = with_data();
    settings["ORDERFLOW_PAYMENT_PROVIDER"] = "http";
    settings["ORDERFLOW_PAYMENT_URL"] = "http://127.0.0.1:1/payments";
    settings["ORDERFLOW_PAYMENT_SECRET"] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    ServerProcess server(settings, {}, {"--demo"});

    EXPECT_EQ(server.wait(), 2);
    EXPECT_THAT(server.stderr_text(), HasSubstr("a demo may not take money"));
    EXPECT_TRUE(std::filesystem::is_empty(data.path()));
}

TEST_F(Start, GivenADemo_ThenItsFirstOrderIsConfirmedAndItServes) {
    ServerProcess server(with_data(), {}, {"--demo"});
    server.wait_until_ready();
    server.terminate();  // is taken behind the first order

    EXPECT_EQ(server.wait(), 0);
    EXPECT_THAT(server.stdout_text(), HasSubstr("the demo order is confirmed: http://127.0.0.1:"));
}

TEST_F(Start, GivenAServerThatEnds_WhenItsHealthIsAsked_ThenTheExitCodeSaysWhatAContainerEngineNeeds) {
    ServerProcess server(with_data());
    const auto port = std::to_string(server.wait_until_ready());
    const auto health = [&] {
        ServerProcess asked({{"ORDERFLOW_LISTEN", "0.0.0.0:" + port}}, {}, {"--health"});
        return asked.wait();
    };
    EXPECT_EQ(health(), 0);

    server.terminate();
    ASSERT_EQ(server.wait(), 0);
    EXPECT_EQ(health(), 1);
}

TEST_F(Start, GivenSettingsWithControls_ThenTheyDoNotReachTheTerminal) {
    const auto ended = run_to_end({{"ORDERFLOW_LOG_LEVEL", "\x1b[2J"}});

    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.errors, AllOf(HasSubstr("'\\x1b[2J'"), ::testing::Not(HasSubstr("\x1b"))));
}

TEST_F(Start, GivenHelp_ThenEverySettingIsListedAndNothingStarts) {
    ServerProcess server(with_data(), {}, {"--help"});

    EXPECT_EQ(server.wait(), 0);
    EXPECT_THAT(server.stdout_text(), AllOf(HasSubstr("ORDERFLOW_LISTEN"), HasSubstr("ORDERFLOW_DATA_DIR")));
    EXPECT_TRUE(std::filesystem::is_empty(data.path()));
}

}  // namespace
}  // namespace orderflow::e2e
