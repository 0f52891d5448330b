// An event as receivers get it, in both modes of CloudEvents.
#include "libs/contract/event_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

using orders::samples::at;
using orders::samples::order_id;
using testing::Contains;
using testing::Pair;

orders::OrderEvent rejected() { return {3, orders::EventType::order_rejected, at(7), "out-of-stock", "None is left."}; }

TEST(EventMessage, GivenBinaryMode_WhenMade_ThenTheAttributesAreFieldsAndTheBodyIsTheData) {
    const auto id = order_id(1);
    const auto event = make_event(id, rejected(), orders::ContentMode::binary);
    EXPECT_EQ(event.id, id.to_string() + ":3");
    EXPECT_EQ(event.type, "order.rejected");
    EXPECT_THAT(event.fields, Contains(Pair("Content-Type", "application/json")));
    EXPECT_THAT(event.fields, Contains(Pair("ce-specversion", "1.0")));
    EXPECT_THAT(event.fields, Contains(Pair("ce-id", event.id)));
    EXPECT_THAT(event.fields, Contains(Pair("ce-subject", id.to_string())));
    EXPECT_THAT(event.fields, Contains(Pair("ce-source", "orderflow/orders")));
    EXPECT_EQ(event.body.find(R"({"order":")" + id.to_string() + R"(","version":3,"type":"order.rejected","at":")"),
              0U);
    EXPECT_NE(event.body.find(R"("code":"out-of-stock","detail":"None is left."})"), std::string::npos);
}

TEST(EventMessage, GivenStructuredMode_WhenMade_ThenAllOfItIsInTheBody) {
    const auto event = make_event(order_id(1), rejected(), orders::ContentMode::structured);
    ASSERT_EQ(event.fields.size(), 1U);
    EXPECT_EQ(event.fields[0].second, "application/cloudevents+json; charset=UTF-8");
    EXPECT_EQ(event.body.find(R"({"specversion":"1.0","id":")" + event.id + '"'), 0U);
    EXPECT_NE(event.body.find(R"("datacontenttype":"application/json","data":{"order":)"), std::string::npos);
}

TEST(EventMessage, GivenAnEventOfATracedChange_WhenMade_ThenItHasTheExtensionInBothModes) {
    const std::string traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    auto traced = rejected();
    traced.traceparent = traceparent;

    const auto binary = make_event(order_id(1), traced, orders::ContentMode::binary);
    EXPECT_THAT(binary.fields, Contains(Pair("ce-traceparent", traceparent)));
    EXPECT_EQ(binary.body, make_event(order_id(1), rejected(), orders::ContentMode::binary).body);
    EXPECT_EQ(binary.traceparent, traceparent);
    const auto structured = make_event(order_id(1), traced, orders::ContentMode::structured);
    EXPECT_NE(structured.body.find(R"(,"traceparent":")" + traceparent + R"(","time":)"), std::string::npos);
    EXPECT_EQ(make_event(order_id(1), rejected(), orders::ContentMode::structured).body.find("traceparent"),
              std::string::npos);
}

TEST(EventMessage, GivenAnEvent_WhenMade_ThenItNamesTheStatusThatItBringsAndNoOther) {
    const auto id = order_id(1);
    EXPECT_EQ(make_event(id, rejected(), orders::ContentMode::structured).order_status, "rejected");
    const orders::OrderEvent requested(4, orders::EventType::cancel_requested, at(7));
    EXPECT_EQ(make_event(id, requested, orders::ContentMode::structured).order_status, "cancelling");
    const orders::OrderEvent captured(4, orders::EventType::payment_captured, at(7));
    EXPECT_EQ(make_event(id, captured, orders::ContentMode::structured).order_status, "");
    EXPECT_EQ(make_event(id, captured, orders::ContentMode::structured).tenant, "") << "who sends it asks for it";
}

TEST(EventMessage, GivenATest_WhenMade_ThenItNamesNoOrder) {
    const auto event = make_test_event("c1", at(1), orders::ContentMode::binary);
    EXPECT_EQ(event.id, "test:c1");
    EXPECT_TRUE(event.order_id.empty());
    EXPECT_EQ(event.body.find("order\""), std::string::npos);
}

}  // namespace
}  // namespace orderflow::contract
