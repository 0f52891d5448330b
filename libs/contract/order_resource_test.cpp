// The shapes of answers, compared with the examples of contracts/openapi.json member by member.
#include "libs/contract/order_resource.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "libs/contract/problem.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;

json::Document parsed(std::string_view text) { return json::parse(text, {.bytes = 1 << 20}).value(); }

// Tests run in the root of the repository.
const json::Value& components() {
    static const auto contract = [] {
        std::ifstream file("contracts/openapi.json");
        return parsed(std::string(std::istreambuf_iterator<char>(file), {}));
    }();
    return *contract.find("components");
}

const json::Value& example(std::string_view name) { return *components().find("examples")->find(name)->find("value"); }

std::vector<std::string> names(const json::Value& object);
std::vector<std::string> names(const json::Document& object) { return names(object.root()); }

std::vector<std::string> names(const json::Value& object) {
    std::vector<std::string> list;
    for (const auto& member : *object.object()) list.emplace_back(member.name);
    return list;
}

orders::Order confirmed() {
    orders::Order order(samples::order_id(7), samples::draft({{"mug", 2}}), samples::fingerprint(1), samples::at(0));
    order.number = 1042;
    order.version = 5;
    order.status = orders::OrderStatus::confirmed;
    order.payment_status = orders::PaymentStatus::captured;
    auto& line = order.lines.emplace_back(samples::sku("mug"), 2);
    line.name = "Mug";
    line.unit_price = 1250;
    line.tax = 475;
    order.total = 3475;
    return order;
}

TEST(OrderResource, GivenAnOrder_ThenItHasTheMembersOfTheContract) {
    const auto order = parsed(encode_order(confirmed()));

    EXPECT_THAT(names(order), testing::UnorderedElementsAreArray(names(example("OrderConfirmed"))));
    EXPECT_EQ(order.find("total")->number()->text, "3475");
    EXPECT_EQ(*order.find("created_at")->string(), "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(order.find("items")->array()->size(), 1U);
}

TEST(OrderResource, GivenAPaymentToken_ThenItIsNeverShown) {
    EXPECT_THAT(encode_order(confirmed()), testing::Not(testing::HasSubstr("tok_ok")));
    EXPECT_THAT(encode_orders({confirmed()}, true), testing::Not(testing::HasSubstr("tok_ok")));
}

TEST(OrderResource, GivenAnOrderWithoutPrices_ThenItsLinesAreAsAskedFor) {
    auto order = confirmed();
    order.lines.clear();

    const auto shown = parsed(encode_order(order));

    EXPECT_THAT(names((*shown.find("items")->array())[0]), testing::ElementsAre("sku", "quantity"));
}

TEST(OrderResource, GivenFailureAndCancel_ThenTheyAreShown) {
    auto order = confirmed();
    order.failure.emplace("out-of-stock", "There is not enough.");
    order.cancel.emplace("cmd", "customer", samples::at(3));

    const auto shown = parsed(encode_order(order));

    EXPECT_EQ(*shown.find("failure")->find("code")->string(), "out-of-stock");
    EXPECT_THAT(names(*shown.find("cancel")), testing::ElementsAre("reason", "requested_at"));
}

TEST(OrderResource, GivenTheShortAnswers_ThenTheyHaveTheMembersOfTheContract) {
    const auto id = samples::order_id(7);

    EXPECT_EQ(names(parsed(encode_accepted(id, samples::fingerprint(1)))), names(example("OrderAccepted")));
    EXPECT_EQ(names(parsed(encode_not_stored(id))), names(example("OrderNotStored")));
    EXPECT_THAT(names(parsed(encode_cancel_accepted(id))), testing::ElementsAre("id", "requested", "links"));
    const auto not_stored = parsed(encode_not_stored(id));
    EXPECT_EQ(not_stored.find("links")->find("stream")->string()->substr(0, 15), "/v1/orders/ord_");
}

TEST(EventResource, GivenAnEvent_ThenItIsOneLine) {
    EXPECT_EQ(encode_event(orders::OrderEvent(4, orders::EventType::payment_captured, samples::at(0))),
              R"({"version":4,"type":"payment.captured","at":"2026-01-01T00:00:00.000Z","data":{}})");
    EXPECT_EQ(encode_event(orders::OrderEvent(5, orders::EventType::order_rejected, samples::at(0), "c", "a\nb")),
              R"({"version":5,"type":"order.rejected","at":"2026-01-01T00:00:00.000Z",)"
              R"("data":{"code":"c","detail":"a\nb"}})");
}

TEST(ProductResource, GivenProducts_ThenPricesAreByCurrencyAndReservedStockIsNotThere) {
    samples::SampleShelf shelf;
    auto mug = *shelf.find(samples::sku("mug"));
    mug.stock.reserved = 3;

    const auto list = parsed(encode_products({mug}));

    const auto& shown = (*list.find("data")->array())[0];
    EXPECT_EQ(names(shown), names((*example("Products").find("data")->array())[0]));
    EXPECT_EQ(shown.find("available")->number()->text, "7");
    EXPECT_EQ(shown.find("prices")->find("GBP")->number()->text, "1100");
}

TEST(Problem, GivenErrors_ThenItHasTheFormOfTheContract) {
    Problem problem{.status = 422, .title = "Unprocessable Content", .code = "validation-failed", .detail = "2 rules."};
    problem.errors.emplace_back("/a", Rule::required, "Is missing.");

    const auto shown = parsed(encode_problem(problem));

    const auto wanted = example("ProblemValidation");
    EXPECT_EQ(names(shown), names(wanted));
    EXPECT_EQ(*shown.find("type"), *wanted.find("type"));
    EXPECT_EQ(names((*shown.find("errors")->array())[0]), names((*wanted.find("errors")->array())[0]));
}

TEST(FieldError, GivenTheContract_ThenItListsExactlyOurCodes) {
    const auto& contract = components();
    const auto* code = contract.find("schemas")->find("FieldError")->find("properties")->find("code");
    std::vector<std::string> listed;
    for (const auto& name : *code->find("enum")->array()) listed.emplace_back(*name.string());
    std::vector<std::string> ours;
    for (int i = 0; i < rule_count; ++i) ours.emplace_back(to_string(static_cast<Rule>(i)));

    EXPECT_THAT(ours, testing::UnorderedElementsAreArray(listed));
}

TEST(Problem, GivenATombstone_ThenTheLastStatusIsTold) {
    const Problem problem{.status = 410,
                          .title = "Gone",
                          .code = "order-gone",
                          .detail = {},
                          .last_status = orders::OrderStatus::completed};
    EXPECT_EQ(encode_problem(problem),
              R"({"type":"urn:orderflow:problem:order-gone","title":"Gone","status":410,"code":"order-gone",)"
              R"("last_status":"completed"})");
}

}  // namespace
}  // namespace orderflow::contract
