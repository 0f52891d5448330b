// Goal: with ORDERFLOW_PAYMENT_PROVIDER=http, and an endpoint that fails in every way it can, the program charges no
// order twice, loses none, and shows the ones that it cannot pay.
// Method: the real program against sample-payment-provider, a program of its own with a ledger of its own; both are
// killed while orders are on their way. In the end `orderflow audit` compares store, queue, clients and that ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/webhook_keys.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto sku = "PA-BLOT-10";

class Shop {
  public:
    explicit Shop(std::string faults) : faults_(std::move(faults)) {
        start_provider();
        start_server();
    }

    void start_provider() {
        provider_.emplace(
            ServerProcess::Settings(), std::vector<std::string>(),
            std::vector<std::string>{"--ledger", ledger(), "--secret", secret, "--listen",
                                     "127.0.0.1:" + std::to_string(provider_port_), "--faults", faults_, "--seed", "7"},
            "sample-payment-provider");
        provider_port_ = provider_->wait_until_ready();
    }
    // With a secret that the provider may not know.
    void start_server(const std::string& with = secret) {
        auto with_secret = settings();
        with_secret["ORDERFLOW_PAYMENT_SECRET"] = with;
        server_.emplace(with_secret);
        port_ = server_->wait_until_ready();
    }
    ServerProcess& provider() { return *provider_; }
    ServerProcess& server() { return *server_; }
    ShopClient client() const { return ShopClient(port_); }
    std::string ledger() const { return dir_ / "provider.db"; }

    ServerProcess::Settings settings() const {
        return {{"ORDERFLOW_DATA_DIR", data()},
                {"ORDERFLOW_LISTEN", "127.0.0.1:" + std::to_string(port_)},
                {"ORDERFLOW_LOG_LEVEL", "error"},
                {"ORDERFLOW_DRAIN_SECONDS", "5"},
                {"ORDERFLOW_PAYMENT_PROVIDER", "http"},
                {"ORDERFLOW_PAYMENT_URL", "http://127.0.0.1:" + std::to_string(provider_port_) + "/payments"},
                {"ORDERFLOW_PAYMENT_SECRET", secret},
                {"ORDERFLOW_PAYMENT_SECONDS", "1"}};
    }

    // Stops both; what the audit says, with its exit code at the end.
    std::string audit() {
        server_->terminate();
        EXPECT_EQ(server_->wait(), 0) << server_->stderr_text();
        provider_->terminate();
        EXPECT_EQ(provider_->wait(), 0) << provider_->stderr_text();
        ServerProcess audit(settings(), {}, {"audit", "--data", data(), "--payments", ledger(), "--settled"});
        const int code = audit.wait();
        return audit.stdout_text() + audit.stderr_text() + "exit " + std::to_string(code);
    }

  private:
    std::string data() const { return dir_ / "data"; }

    TempDir dir_;
    std::string faults_;
    std::uint16_t provider_port_ = 0;
    std::uint16_t port_ = 0;
    std::optional<ServerProcess> provider_;
    std::optional<ServerProcess> server_;
};

std::string key(int number) { return "http-payments-test-" + std::to_string(number); }

TEST(HttpPayments, GivenAnEndpointThatFailsInEveryWay_WhenBothAreKilled_ThenNothingIsChargedTwiceAndTheAuditIsClean) {
    Shop shop("25");
    std::vector<std::string> ids;
    const auto place = [&](int count, std::string_view token) {
        for (int i = 0; i < count; ++i) {
            const auto answer =
                shop.client().post_order(key(static_cast<int>(ids.size())), order_body({{sku, 1}}, token));
            ASSERT_EQ(answer.status, 202) << answer.body;
            ids.push_back(answer.text("id"));
        }
    };
    place(15, "tok_ok");
    place(2, "tok_declined");
    shop.provider().kill();
    place(5, "tok_ok");
    shop.start_provider();
    shop.server().kill();
    shop.start_server();
    place(5, "tok_ok");
    for (const auto i : {0U, 3U, 20U}) EXPECT_EQ(shop.client().cancel(ids[i]).status, 202);

    for (const auto& id : ids) {
        EXPECT_THAT(shop.client().wait_until_settled(id), AnyOf("confirmed", "rejected", "cancelled")) << id;
    }
    const auto wait_for = [&](const std::string& id, const std::string& status) {
        while (shop.client().get("/v1/orders/" + id).text("status") != status) {
        }
    };
    for (const auto i : {0U, 3U, 20U}) wait_for(ids[i], "cancelled");

    const auto audited = shop.audit();
    EXPECT_THAT(audited, ContainsRegex("double_charged +0 "));
    EXPECT_THAT(audited, ContainsRegex("money_mismatch +0 "));
    EXPECT_THAT(audited, HasSubstr("exit 0"));
}

TEST(HttpPayments, GivenASecretThatTheProviderDoesNotKnow_WhenItIsMended_ThenNoOrderWasHeldAndAllArePaid) {
    Shop shop("0");
    shop.server().terminate();
    ASSERT_EQ(shop.server().wait(), 0);
    shop.start_server("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    std::vector<std::string> ids;
    for (int i = 0; i < 15; ++i) ids.push_back(shop.client().post_order(key(i), order_body({{sku, 1}})).text("id"));
    while (shop.client().get("/metrics").body.find("\norderflow_worker_payment_circuit_open 1") == std::string::npos) {
    }
    for (const auto& id : ids) EXPECT_NE(shop.client().get("/v1/orders/" + id).text("status"), "on_hold");

    shop.server().terminate();
    ASSERT_EQ(shop.server().wait(), 0);
    shop.start_server();

    for (const auto& id : ids) EXPECT_EQ(shop.client().wait_until_settled(id), "confirmed");
    EXPECT_THAT(shop.audit(), HasSubstr("exit 0"));
}

TEST(HttpPayments, GivenARequestThatTheProviderWillNeverTake_WhenCharged_ThenTheOrderIsVisiblyOnHold) {
    Shop shop("0");

    const auto id = shop.client().post_order(key(1), order_body({{sku, 1}}, "tok_refused")).text("id");

    EXPECT_EQ(shop.client().wait_until_settled(id), "on_hold");
    const auto order = shop.client().get("/v1/orders/" + id).body;
    EXPECT_THAT(order, HasSubstr("payment.request_refused"));
    EXPECT_THAT(order, HasSubstr("HTTP status 422, refused"));
}

// An order whose page was paid before it came.
std::string preauthorized_body(const std::string& reference) {
    auto body = order_body({{sku, 1}});
    const std::string token = R"({"mode":"token","token":"tok_ok"})";
    return body.replace(body.find(token), token.size(),
                        R"({"mode":"preauthorized","provider":"card","reference":")" + reference + R"("})");
}

TEST(HttpPayments, GivenPreauthorizedOrders_WhenPlaced_ThenOnlyTheFirstOfAReferenceIsCaptured_AndOnlyItsAmount) {
    Shop shop("0");
    const auto settle = [&](int number, const std::string& reference) {
        const auto id = shop.client().post_order(key(number), preauthorized_body(reference)).text("id");
        const auto status = shop.client().wait_until_settled(id);
        return std::pair(status, shop.client().get("/v1/orders/" + id).body);
    };

    EXPECT_EQ(settle(1, "auth-1").first, "confirmed");
    const auto [used, used_order] = settle(2, "auth-1");
    EXPECT_EQ(used, "rejected");
    EXPECT_THAT(used_order, HasSubstr("reference-used"));
    const auto [less, less_order] = settle(3, "auth_1_EUR");
    EXPECT_EQ(less, "rejected");
    EXPECT_THAT(less_order, HasSubstr("amount-mismatch"));
    EXPECT_THAT(shop.audit(), HasSubstr("exit 0"));
}

TEST(HttpPayments, GivenACallback_WhenSigned_ThenItIsTaken_AndElseRefused) {
    Shop shop("0");
    const auto id = shop.client().post_order(key(1), order_body({{sku, 1}})).text("id");
    ASSERT_EQ(shop.client().wait_until_settled(id), "confirmed");
    const auto body = R"({"key":")" + id + R"(:charge","state":"captured"})";
    const auto timestamp = crypto::WebhookKeys::timestamp(SystemClock().wall());
    const auto call = [&](const std::string& signature) {
        return shop.client()
            .try_request("POST", "/v1/payments/callbacks",
                         {{"Content-Type", "application/json"},
                          {"webhook-id", "msg_1"},
                          {"webhook-timestamp", timestamp},
                          {"webhook-signature", signature}},
                         body)
            ->status;
    };

    EXPECT_EQ(call("v1,AAAA"), 401);
    const auto signature = crypto::WebhookKeys::parse(secret)->sign("msg_1", timestamp, body);
    EXPECT_EQ(call(signature), 202);
    EXPECT_EQ(call(signature), 202) << "again is harmless";
    EXPECT_THAT(shop.audit(), HasSubstr("exit 0"));
}

TEST(HttpPayments, GivenSettingsThatDoNotFit_WhenStarted_ThenAllAreNamedAndNothingStarts) {
    ServerProcess program({{"ORDERFLOW_PROFILE", "production"}, {"ORDERFLOW_PAYMENT_SECONDS", "60"}});

    EXPECT_EQ(program.wait(), 2);
    EXPECT_THAT(program.stderr_text(), HasSubstr("ORDERFLOW_PAYMENT_PROVIDER: the simulated provider takes no money"));
    EXPECT_THAT(program.stderr_text(), HasSubstr("ORDERFLOW_PAYMENT_SECONDS: '60'"));
}

}  // namespace
}  // namespace orderflow::e2e
