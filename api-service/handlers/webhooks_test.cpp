// /v1/admin/webhooks: what an operator is answered, and which command the queue gets.
#include "api-service/handlers/webhooks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/operator_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::Not;

class Webhooks : public ApiTest {
  protected:
    net::Response post(std::string path, std::string body, net::Method method = net::Method::post) {
        return send({.method = method,
                     .path = std::move(path),
                     .fields = {{"Content-Type", "application/json"}},
                     .body = std::move(body)});
    }
    net::Response get(std::string path, std::string query = {}) {
        return send({.path = std::move(path), .query = std::move(query)});
    }
    // As the worker would: all commands that wait.
    std::size_t carry_out() {
        std::size_t count = 0;
        for (;;) {
            auto received = loop.run(commands.receive(orders::ReceiveRequest()));
            if (!received || received->empty()) return count;
            for (const auto& message : *received) {
                auto command = contract::decode_operator_message(message.body);
                EXPECT_TRUE(command) << message.body;
                (void)loop.run(store.operate(*std::move(command)));
                ++count;
            }
        }
    }
    std::string make() {
        const auto answer = post("/v1/admin/webhooks", R"({"url":"https://shop.example/hook","by":"kim"})");
        EXPECT_EQ(answer.status, 202U) << answer.body;
        carry_out();
        const auto at = answer.body.find("wh_");
        return answer.body.substr(at, 35);
    }
};

TEST_F(Webhooks, GivenAUrl_WhenMade_ThenTheSecretIsShownOnceAndTheEndpointIsThere) {
    const auto answer =
        post("/v1/admin/webhooks", R"({"url":"https://shop.example/hook","events":["order.confirmed"]})");
    ASSERT_EQ(answer.status, 202U) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("\"secret\":\"whsec_"));
    EXPECT_EQ(carry_out(), 1U);
    const auto list = get("/v1/admin/webhooks");
    EXPECT_EQ(list.status, 200U);
    EXPECT_THAT(list.body, HasSubstr("https://shop.example/hook"));
    EXPECT_THAT(list.body, HasSubstr("order.confirmed"));
    EXPECT_THAT(list.body, Not(HasSubstr("whsec_")));
}

TEST_F(Webhooks, GivenAnIdempotencyKey_WhenMadeTwice_ThenItIsOneEndpointWithOneSecret) {
    const TestRequest request{
        .method = net::Method::post,
        .path = "/v1/admin/webhooks",
        .fields = {{"Content-Type", "application/json"}, {"Idempotency-Key", "\"0123456789abcdef-1\""}},
        .body = R"({"url":"https://shop.example/hook"})"};
    const auto first = send(request);
    const auto second = send(request);
    EXPECT_EQ(first.status, 202U);
    EXPECT_EQ(first.body, second.body);
    carry_out();
    EXPECT_EQ(loop.run(store.endpoints()).value().size(), 1U);
}

TEST_F(Webhooks, GivenUrlsThatCouldReachInside_WhenMade_ThenTheyAreRefused) {
    for (const auto* url :
         {"http://shop.example/", "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data", "https://[::1]/",
          "https://u:p@shop.example/", "https://shop.example:22/", "shop.example", "ftp://shop.example/"}) {
        const auto answer = post("/v1/admin/webhooks", std::string(R"({"url":")") + url + "\"}");
        EXPECT_EQ(answer.status, 422U) << url;
        EXPECT_THAT(answer.body, HasSubstr("\"/url\"")) << url;
    }
    EXPECT_EQ(carry_out(), 0U);
}

TEST_F(Webhooks, GivenNobodyOfHere_WhenAsked_ThenItIs401AndTheReaderMayOnlyLook) {
    config.admin_token = "0123456789abcdef";
    config.admin_read_token = "fedcba9876543210";
    EXPECT_EQ(get("/v1/admin/webhooks").status, 401U);
    const auto answer =
        send({.method = net::Method::post,
              .path = "/v1/admin/webhooks",
              .fields = {{"Content-Type", "application/json"}, {"Authorization", "Bearer fedcba9876543210"}},
              .body = R"({"url":"https://shop.example/"})"});
    EXPECT_EQ(answer.status, 403U);
}

TEST_F(Webhooks, GivenAnEndpoint_WhenChangedTriedAndReplayed_ThenEachIsACommandWithARecord) {
    const auto id = make();
    const auto path = "/v1/admin/webhooks/" + id;
    EXPECT_EQ(get(path).status, 200U);
    EXPECT_EQ(post(path, R"({"mode":"structured","reason":"they asked"})", net::Method::patch).status, 202U);
    const auto rotated = post(path + "/secret", "{}");
    EXPECT_EQ(rotated.status, 202U);
    EXPECT_THAT(rotated.body, HasSubstr("\"secret\":\"whsec_"));
    EXPECT_EQ(post(path + "/test", "{}").status, 202U);
    EXPECT_EQ(
        post(path + "/replay", R"({"since":"2026-01-01T00:00:00.000Z","until":"2026-01-02T00:00:00.000Z"})").status,
        202U);
    EXPECT_EQ(carry_out(), 4U);
    const auto shown = get(path);
    EXPECT_THAT(shown.body, HasSubstr("\"mode\":\"structured\""));
    EXPECT_THAT(shown.body, HasSubstr("\"valid_until\""));
    EXPECT_THAT(shown.body, HasSubstr("\"kind\":\"range\""));
    EXPECT_EQ(get(path + "/deliveries").status, 200U);
    const auto audit = get("/v1/admin/audit");
    EXPECT_THAT(audit.body, HasSubstr("webhooks.rotate-secret"));
    EXPECT_THAT(audit.body, Not(HasSubstr("whsec_")));

    EXPECT_EQ(send({.method = net::Method::del, .path = path}).status, 202U);
    carry_out();
    EXPECT_EQ(get(path).status, 404U);
}

TEST_F(Webhooks, GivenARemoval_ThenItsRecordSaysWhoAskedAndWhy_AndAWrongWordIsNamed) {
    const auto path = "/v1/admin/webhooks/" + make();
    for (const std::string query : {"by=", "reason=%0A", "who=kim"}) {
        const auto refused = send({.method = net::Method::del, .path = path, .query = query});
        EXPECT_EQ(refused.status, 400U) << query;
        EXPECT_THAT(refused.body, HasSubstr(query.substr(0, query.find('='))));
    }
    EXPECT_EQ(send({.method = net::Method::del, .path = path, .query = "by=kim&reason=left%20us"}).status, 202U);
    carry_out();
    const auto audit = get("/v1/admin/audit");
    EXPECT_THAT(audit.body, HasSubstr(R"("by":"kim","reason":"left us")"));
}

TEST_F(Webhooks, GivenTwoOperationsWithOneKey_WhenBothAreAskedFor_ThenTheyAreTwoCommands) {
    const auto path = "/v1/admin/webhooks/" + make();
    for (const auto method : {net::Method::patch, net::Method::del}) {
        const auto answer =
            send({.method = method,
                  .path = path,
                  .fields = {{"Content-Type", "application/json"}, {"Idempotency-Key", "\"0123456789abcdef-1\""}},
                  .body = R"({"enabled":false})"});
        EXPECT_EQ(answer.status, 202U) << answer.body;
    }
    carry_out();
    EXPECT_EQ(get(path).status, 404U) << "it was removed, not paused twice";
}

TEST_F(Webhooks, GivenWhatIsNotThere_WhenAskedFor_ThenItIs404) {
    for (const auto* id : {"wh_1", "wh_0123456789abcdef0123456789abcdef", "x"}) {
        const auto path = "/v1/admin/webhooks/" + std::string(id);
        EXPECT_EQ(get(path).status, 404U) << id;
        EXPECT_EQ(get(path + "/deliveries").status, 404U) << id;
        EXPECT_EQ(post(path + "/test", "{}").status, 404U) << id;
        EXPECT_EQ(send({.method = net::Method::del, .path = path}).status, 404U) << id;
    }
    const auto path = "/v1/admin/webhooks/" + make();
    const auto replay = post(path + "/replay", R"({"event":"ord_00000000000000000000000000:1"})");
    EXPECT_EQ(replay.status, 404U) << replay.body;
    EXPECT_THAT(replay.body, HasSubstr("event-not-found"));
}

TEST_F(Webhooks, GivenADisabledEndpoint_WhenTriedOrReplayed_ThenItIsAConflict) {
    const auto path = "/v1/admin/webhooks/" + make();
    EXPECT_EQ(post(path, R"({"enabled":false})", net::Method::patch).status, 202U);
    carry_out();
    EXPECT_EQ(post(path + "/test", "{}").status, 409U);
    EXPECT_THAT(get(path).body, HasSubstr("\"disabled_because\":\"operator\""));
}

TEST_F(Webhooks, GivenATopic_WhenItsNameModeOrASecretIsAskedFor_ThenItIsAConflictAndTheRestIsTaken) {
    const std::string id = "wh_" + std::string(32, 'a');
    orders::CreateEndpoint create;
    create.settings.url = "arn:aws:sns:eu-west-1:123456789012:orders";
    (void)loop.run(
        store.operate(orders::OperatorCommand("topic", orders::EndpointCommand(id, create), loop.clock().wall())));
    const auto path = "/v1/admin/webhooks/" + id;
    EXPECT_EQ(post(path + "/secret", "{}").status, 409U);
    EXPECT_EQ(post(path, R"({"url":"https://shop.example/"})", net::Method::patch).status, 409U);
    EXPECT_EQ(post(path, R"({"mode":"binary"})", net::Method::patch).status, 409U);
    EXPECT_EQ(post(path, R"({"events":["order.confirmed"],"enabled":false})", net::Method::patch).status, 202U);
    EXPECT_EQ(post(path, R"({"url":"arn:aws:sns:eu-west-1:123456789012:other"})", net::Method::patch).status, 409U);
    EXPECT_EQ(post("/v1/admin/webhooks", R"({"url":"arn:aws:sns:eu-west-1:123456789012:other"})").status, 422U)
        << "nobody makes one but the configuration";
}

TEST_F(Webhooks, GivenAQueryThatIsNone_WhenTheLogIsAskedFor_ThenItIs400) {
    const auto path = "/v1/admin/webhooks/" + make() + "/deliveries";
    for (const auto* query : {"limit=0", "limit=101", "outcome=lost", "order=1", "starting_after=x"}) {
        EXPECT_EQ(get(path, query).status, 400U) << query;
    }
    EXPECT_EQ(get(path, "limit=5&outcome=failed").status, 200U);
}

}  // namespace
}  // namespace orderflow::api
