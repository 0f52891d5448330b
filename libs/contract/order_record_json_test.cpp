#include "libs/contract/order_record_json.hpp"

#include <gtest/gtest.h>

#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

TEST(OrderRecord, ThenItIsOneLineWithOrderEventsAndPostings) {
    using namespace orders;
    auto draft = samples::draft({{"mug", 2}});
    draft.notes = "two\nlines";
    Order order(samples::order_id(1), draft, samples::fingerprint(1), samples::at(0));
    order.number = 7;
    std::vector<OrderEvent> events;
    events.emplace_back(1, EventType::order_accepted, samples::at(0));
    std::vector<LedgerPosting> ledger;
    ledger.emplace_back(charge_effect(order.id), provider_account, sales_account, 2975, samples::at(3));

    const auto line = encode_order_record(order, events, ledger);

    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto read = json::parse(line, {.bytes = 1 << 16}).value();
    EXPECT_EQ(read.find("order")->find("number")->number()->to_int64().value(), 7);
    EXPECT_EQ(*read.find("order")->find("notes")->string(), "two\nlines");
    const auto& event = (*read.find("events")->array())[0];
    EXPECT_EQ(*event.find("type")->string(), "order.accepted");
    const auto& posting = (*read.find("ledger")->array())[0];
    EXPECT_EQ(*posting.find("debit")->string(), provider_account);
    EXPECT_EQ(*posting.find("credit")->string(), sales_account);
    EXPECT_EQ(posting.find("amount")->number()->to_int64().value(), 2975);
    EXPECT_EQ(*posting.find("at")->string(), "2026-01-01T00:00:03.000Z");
}

}  // namespace
}  // namespace orderflow::contract
