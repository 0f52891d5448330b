// Goal: a flash sale over two APIs and two workers on one PostgreSQL sells what is there, and no more.
// Method: two loads for the same product at once, one on each API; both workers pay at one provider with a ledger of
// its own. In the end `orderflow audit` compares store, queues, clients and that ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "libs/testing/postgres_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

constexpr auto sku = "NB-PRESS-01";
constexpr std::int64_t pieces = 5;
constexpr int orders_each = 400;
constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::chrono::seconds patience(100);

std::string url_of(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

// Two pairs of api-service and worker-service on one queue, one database and one payment provider.
class TwoPairs {
  public:
    TwoPairs() {
        const auto provider = start({}, {"--ledger", ledger(), "--secret", secret}, "sample-payment-provider");
        auto settings = common();
        const auto queue = start(settings, {}, "queue-service");
        settings["ORDERFLOW_QUEUE_URL"] = url_of(queue) + "/000000000000/orders";
        auto of_workers = settings;
        of_workers["ORDERFLOW_PAYMENT_PROVIDER"] = "http";
        of_workers["ORDERFLOW_PAYMENT_URL"] = url_of(provider) + "/payments";
        of_workers["ORDERFLOW_PAYMENT_SECRET"] = secret;
        counters_ = {queue};
        for (const auto* name : {"worker-1", "worker-2"}) {
            of_workers["ORDERFLOW_DATA_DIR"] = dir_ / name;
            counters_.push_back(start(of_workers, {}, "worker-service"));
        }
        for (auto& port : apis_) port = start(settings, {}, "api-service");
    }

    // What the load on one API says, with its ledger in a file of its own.
    std::unique_ptr<ServerProcess> load(std::size_t api) const {
        Words words{"load",
                    "--url",
                    url_of(apis_[api]),
                    "--flash-sale",
                    sku,
                    "--orders",
                    std::to_string(orders_each),
                    "--settle",
                    "90s",
                    "--ledger",
                    dir_ / ("ledger-" + std::to_string(api))};
        for (const auto port : counters_) words.insert(words.end(), {"--metrics", url_of(port)});
        words.insert(words.end(), {"--metrics", url_of(apis_[1 - api])});
        return std::make_unique<ServerProcess>(ServerProcess::Settings(), Words(), words);
    }

    std::int64_t available(std::size_t api) const { return ShopClient(apis_[api]).available(sku); }

    void stop() {
        for (auto program = programs_.rbegin(); program != programs_.rend(); ++program) {
            (*program)->terminate();
            EXPECT_EQ((*program)->wait(), 0) << (*program)->stderr_text();
        }
    }

    std::string audit() const {
        ServerProcess audit(common(), {},
                            {"audit", "--data", dir_ / "data", "--payments", ledger(), "--settled", "--ledger",
                             dir_ / "ledger-0", "--ledger", dir_ / "ledger-1"});
        const int code = audit.wait(patience);
        return audit.stdout_text() + audit.stderr_text() + "exit " + std::to_string(code);
    }

  private:
    std::string ledger() const { return dir_ / "provider.db"; }
    ServerProcess::Settings common() const {
        return {{"ORDERFLOW_DATA_DIR", dir_ / "data"}, {"DATABASE_URL", url_}, {"ORDERFLOW_LOG_LEVEL", "error"}};
    }
    std::uint16_t start(const ServerProcess::Settings& settings, const Words& words, const std::string& program) {
        programs_.push_back(std::make_unique<ServerProcess>(settings, Words(), words, program));
        return programs_.back()->wait_until_ready();
    }

    PostgresServer database_;
    std::string url_ = database_.url();
    TempDir dir_;
    std::vector<std::unique_ptr<ServerProcess>> programs_;
    std::vector<std::uint16_t> counters_;
    std::uint16_t apis_[2]{};
};

TEST(AFlashSaleOnPostgres, WithTwoWorkersAndTwoApis_ThenWhatIsThereIsSoldAndNoMore) {
    TwoPairs shop;
    ASSERT_EQ(shop.available(0), pieces);

    const auto one = shop.load(0);
    const auto two = shop.load(1);

    EXPECT_EQ(one->wait(patience), 0) << one->stdout_text() << one->stderr_text();
    EXPECT_EQ(two->wait(patience), 0) << two->stdout_text() << two->stderr_text();
    for (const auto* load : {one.get(), two.get()}) {
        EXPECT_THAT(load->stdout_text(), ContainsRegex("flash sale +sold [0-5] of [0-5], refused [0-9]+, oversold 0"));
    }
    EXPECT_EQ(shop.available(1), 0);
    shop.stop();
    const auto audited = shop.audit();
    EXPECT_THAT(audited, HasSubstr("exit 0"));
    EXPECT_THAT(audited, HasSubstr(std::to_string(2 * orders_each) + " orders acknowledged"));
    EXPECT_THAT(audited, ContainsRegex("oversold +0 "));
    EXPECT_THAT(audited, HasSubstr("provider  5 charges"));
}

}  // namespace
}  // namespace orderflow::e2e
