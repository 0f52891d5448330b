// The requests are judged by the reader that the API uses.
#include "orderflow/load/request_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/contract/order_request.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::load {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<std::string> skus{"PC-SHARP", "NB-A5-DOT", "DK-CLIP-50"};

std::string body_of(const std::string& request) { return request.substr(request.find("\r\n\r\n") + 4); }

bool is_accepted(const std::string& body) {
    const auto document = json::parse(body, {.bytes = contract::request_bytes_max});
    return document && contract::read_order_request(document->root()).has_value();
}

TEST(RequestText, GivenOrdersOfEveryPayment_ThenTheApiReadsWhatWasPlanned) {
    const OrderPlanner planner(3, parse_mix("declined=15,slow=15,unknown=15,flaky=15,invoice=15").value(), skus,
                               std::nullopt);
    RequestText text(planner, "127.0.0.1:8080", "/order");
    std::string request;
    for (std::uint64_t number = 1; number <= 500; ++number) {
        const auto plan = planner.plan(number);
        text.place(plan, request);

        const auto document = json::parse(body_of(request), {.bytes = contract::request_bytes_max});
        ASSERT_TRUE(document) << request;
        const auto draft = contract::read_order_request(document->root());
        ASSERT_TRUE(draft) << request;
        ASSERT_EQ(draft->lines.size(), plan.line_count);
        EXPECT_EQ(draft->lines[0].sku.value(), plan.all_lines[0].sku);
        EXPECT_EQ(draft->lines[0].quantity, plan.all_lines[0].quantity);
        std::string key;
        planner.append_key(number, key);
        EXPECT_EQ(draft->client_reference, key) << "the audit finds the order by it";
        EXPECT_EQ(draft->payment.mode == orders::PaymentMode::invoice, plan.payment == Payment::invoice);
    }
}

TEST(RequestText, GivenABadOrder_ThenTheApiRefusesIt) {
    const OrderPlanner planner(3, Mix{.bad = 100}, skus, std::nullopt);
    RequestText text(planner, "127.0.0.1:8080", "/order");
    std::string request;
    for (std::uint64_t number = 1; number <= 30; ++number) {
        text.place(planner.plan(number), request);
        EXPECT_FALSE(is_accepted(body_of(request))) << request;
    }
}

TEST(RequestText, ThenTheHeadIsWhatTheServerWants) {
    const OrderPlanner planner(3, {}, skus, std::nullopt);
    RequestText text(planner, "127.0.0.1:8080", "/v1/orders");
    std::string request = "left over";

    text.place(planner.plan(1), request);

    EXPECT_THAT(request, StartsWith("POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"));
    EXPECT_THAT(request, HasSubstr("Idempotency-Key: load-0000000000000003-1\r\n"));
    EXPECT_THAT(request, HasSubstr("Content-Length: " + std::to_string(body_of(request).size()) + "\r\n\r\n"));
    EXPECT_EQ(text.body_bytes(), body_of(request).size());
}

TEST(RequestText, GivenACancel_ThenItIsForThatOrder) {
    const OrderPlanner planner(3, {}, skus, std::nullopt);
    RequestText text(planner, "127.0.0.1:8080", "/order");
    std::string request;

    text.cancel("ord_1", request);

    EXPECT_THAT(request, StartsWith("POST /v1/orders/ord_1/cancel HTTP/1.1\r\n"));
    EXPECT_EQ(body_of(request), R"({"reason":"customer"})");
}

}  // namespace
}  // namespace orderflow::load
