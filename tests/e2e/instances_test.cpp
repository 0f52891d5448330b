// Goal: several instances of API and worker are one system for an operator: summed, paused together, and whoever is
// killed is seen to be gone.
// Method: two api-services and two worker-services as processes, one queue-service, one PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
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

using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr std::string_view sku = "PA-BLOT-10";
constexpr auto paused_metric = R"(orderflow_worker_paused{queue="orders"} 1)";

class Instances : public ::testing::Test {
  protected:
    using Process = std::unique_ptr<ServerProcess>;

    Instances() {
        queue_ = launch("queue-service", {{"ORDERFLOW_DATA_DIR", queue_data_.path().string()}});
        const auto port = queue_->wait_until_ready();
        queue_url_ = "http://127.0.0.1:" + std::to_string(port) + "/000000000000/orders";
        for (std::size_t i = 0; i < 2; ++i) start_worker(i);
        for (std::size_t i = 0; i < 2; ++i) start_api(i);
    }

    static Process launch(const std::string& program, const ServerProcess::Settings& settings) {
        return std::make_unique<ServerProcess>(settings, std::vector<std::string>(), std::vector<std::string>(),
                                               program);
    }
    ServerProcess::Settings settings(const TempDir& dir) const {
        return {
            {"ORDERFLOW_DATA_DIR", dir.path().string()}, {"DATABASE_URL", url_}, {"ORDERFLOW_QUEUE_URL", queue_url_}};
    }
    void start_worker(std::size_t i) {
        workers[i] = launch("worker-service", settings(worker_data_[i]));
        worker_ports_[i] = workers[i]->wait_until_ready();
    }
    void start_api(std::size_t i) {
        apis[i] = launch("api-service", settings(secrets_));
        api_ports_[i] = apis[i]->wait_until_ready();
    }
    ShopClient shop(std::size_t i) const { return ShopClient(api_ports_[i]); }
    ShopClient worker(std::size_t i) const { return ShopClient(worker_ports_[i]); }

    // The ids of so many orders, placed at both APIs in turns.
    std::vector<std::string> place(int orders) {
        std::vector<std::string> ids;
        for (int n = 0; n < orders; ++n) {
            const auto key = "instances-test-" + std::to_string(++keys_) + "-0123456789";
            const auto answer =
                shop(static_cast<std::size_t>(n % 2)).post_order(key, order_body({{std::string(sku), 1}}));
            EXPECT_EQ(answer.status, 202) << answer.body;
            ids.push_back(answer.text("id"));
        }
        return ids;
    }

    // Tells all workers; returns when it was carried out.
    void tell(const std::string& what, const std::string& body) const {
        const auto accepted =
            shop(0)
                .try_request("POST", "/v1/admin/workers/" + what, {{"Content-Type", "application/json"}}, body)
                .value();
        ASSERT_EQ(accepted.status, 202) << accepted.body;
        for (;;) {
            const auto record = shop(0).get(accepted.fields.at("location"));
            if (record.status != 200 || record.text("state") == "running") continue;
            EXPECT_EQ(record.text("state"), "done") << record.body;
            return;
        }
    }

    static std::int64_t number(const json::Value& value, std::string_view name) {
        return value.find(name)->number()->to_int64().value();
    }
    // Accepted and confirmed of the last day, as one API tells it.
    std::pair<std::int64_t, std::int64_t> sums(std::size_t api) const {
        const auto history = shop(api).get("/v1/admin/overview/history").document();
        std::pair<std::int64_t, std::int64_t> sum;
        for (const auto& span : *history.find("data")->array()) {
            sum.first += number(span, "accepted");
            sum.second += number(*span.find("settled"), "confirmed");
        }
        return sum;
    }
    // How many instances there are of each program and state: "api-service live".
    std::map<std::string, int> instances(std::size_t api) const {
        const auto overview = shop(api).get("/v1/admin/overview").document();
        std::map<std::string, int> found;
        for (const auto& instance : *overview.find("instances")->array()) {
            ++found[std::string(*instance.find("program")->string()) + " " +
                    std::string(*instance.find("state")->string())];
        }
        return found;
    }
    // Until it is so; how long that took.
    template <class Condition>
    static std::chrono::milliseconds wait_until(Condition condition) {
        const auto began = steady_clock::now();
        while (!condition()) std::this_thread::yield();
        return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
    }

    Process workers[2];
    Process apis[2];

  private:
    PostgresServer database_;
    std::string url_ = database_.url();
    TempDir queue_data_;
    TempDir secrets_;
    TempDir worker_data_[2];
    std::string queue_url_;
    Process queue_;
    std::uint16_t worker_ports_[2]{};
    std::uint16_t api_ports_[2]{};
    int keys_ = 0;
};

TEST_F(Instances, GivenOrdersAtBothApis_ThenEachTellsTheSumsOfAllInstances) {
    const auto ids = place(40);
    for (const auto& id : ids) EXPECT_EQ(shop(0).wait_until_settled(id), "confirmed");

    const std::pair<std::int64_t, std::int64_t> all(40, 40);
    wait_until([&] { return sums(0) == all && sums(1) == all; });

    const std::map<std::string, int> four{{"api-service live", 2}, {"worker-service live", 2}};
    EXPECT_EQ(instances(0), four);
    EXPECT_EQ(instances(1), four);
    EXPECT_THAT(shop(0).get("/v1/admin/audit").body, HasSubstr(R"("data":[])")) << "reports are no commands";
    EXPECT_THAT(shop(0).get("/v1/admin/dead-letters").body, HasSubstr(R"("data":[])"));
}

TEST_F(Instances, GivenAPause_ThenItReachesBothWorkersInFiveSecondsAndHoldsOverTheirRestart) {
    const auto paused = [&](std::size_t i) { return worker(i).get("/metrics").body.contains(paused_metric); };

    tell("pause", R"({"by":"kim","reason":"a test"})");
    const auto took = wait_until([&] { return paused(0) && paused(1); });
    EXPECT_LE(took, std::chrono::seconds(5));
    RecordProperty("reached_both_ms", static_cast<int>(took.count()));

    workers[0]->kill();
    workers[1]->terminate();
    EXPECT_EQ(workers[1]->wait(), 0);
    const auto ids = place(4);
    for (std::size_t i = 0; i < 2; ++i) start_worker(i);
    EXPECT_TRUE(paused(0) && paused(1)) << "before the first message";
    wait_until([&] { return shop(0).get("/v1/admin/overview").body.contains(R"("name":"orders","visible":4)"); });

    tell("concurrency", R"({"in_progress_max":2})");
    tell("resume", "{}");
    for (const auto& id : ids) EXPECT_EQ(shop(1).wait_until_settled(id), "confirmed");
    wait_until([&] {
        const auto told = shop(1).get("/v1/admin/workers").document();
        return std::ranges::count_if(*told.find("data")->array(), [](const json::Value& one) {
                   return *one.find("state")->string() == "live" && number(one, "in_progress_max") == 2;
               }) == 2;
    });
}

TEST_F(Instances, GivenAnApiThatIsKilledAndOneThatStops_ThenTheOneIsGoneAndTheOtherStopped) {
    wait_until([&] { return instances(0)["api-service live"] == 2; });

    apis[1]->kill();
    workers[1]->terminate();
    EXPECT_EQ(workers[1]->wait(), 0);

    const std::map<std::string, int> after{
        {"api-service live", 1}, {"api-service gone", 1}, {"worker-service live", 1}, {"worker-service stopped", 1}};
    const auto took = wait_until([&] { return instances(0) == after; });
    EXPECT_GE(took, std::chrono::seconds(19)) << "thirty seconds after its last report, which was up to ten ago";
    EXPECT_LE(took, std::chrono::seconds(40));
}

}  // namespace
}  // namespace orderflow::e2e
