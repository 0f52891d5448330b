#include "libs/contract/order_timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;
using orders::EventType;

// An order that was confirmed after it had been on hold.
struct Told {
    Told() {
        order.status = orders::OrderStatus::confirmed;
        order.version = 6;
        order.charge.emplace(orders::charge_effect(order.id), 2500, samples::at(1));
        order.charge->state = orders::EffectState::captured;
        order.charge->provider_reference = "sim_1";
        letters.front().order = order.id;
    }
    std::string text() const { return encode_timeline({order, events, postings, letters, deliveries}); }
    // "kind/since" of each entry, with the type of an event.
    std::vector<std::string> lines() const {
        const auto json = text();
        const auto document = json::parse(json, {.bytes = 1 << 16}).value();
        std::vector<std::string> found;
        for (const auto& entry : *document.find("data")->array()) {
            const auto* type = entry.find("type");
            found.push_back(std::string(type != nullptr ? *type->string() : *entry.find("kind")->string()) + " +" +
                            std::string(entry.find("since_previous_ms")->number()->text));
        }
        return found;
    }

    orders::Order order{samples::order_id(1), samples::draft({{"mug", 2}, {"lamp", 1}, {"mug", 1}}),
                        samples::fingerprint(1), samples::at(0)};
    std::vector<orders::OrderEvent> events{{1, EventType::order_accepted, samples::at(0)},
                                           {2, EventType::inventory_reserved, samples::at(1)},
                                           {3, EventType::order_on_hold, samples::at(4), "a", "why"},
                                           {4, EventType::order_resumed, samples::at(60)},
                                           {5, EventType::payment_captured, samples::at(61)},
                                           {6, EventType::order_confirmed, samples::at(61)}};
    std::vector<orders::LedgerPosting> postings{
        {orders::charge_effect(order.id), orders::provider_account, orders::sales_account, 2500, samples::at(61)}};
    std::vector<orders::StoredDeadLetter> letters{{7, samples::letter("m1", "a"), samples::at(4)}};
    std::vector<orders::EventDelivery> deliveries;
};

TEST(OrderTimeline, GivenAnOrderThatWasRepaired_ThenEverythingStandsInItsOrderWithTheTimeBetween) {
    EXPECT_THAT(Told().lines(),
                testing::ElementsAre("order.accepted +0", "inventory.reserved +1000", "stock +0", "payment_attempt +0",
                                     "order.on_hold +3000", "dead_letter +0", "order.resumed +56000",
                                     "payment.captured +1000", "order.confirmed +0", "posting +0"));
}

TEST(OrderTimeline, GivenAnOrderThatWasRepaired_ThenEachLineSaysWhatItIsAbout) {
    const auto text = Told().text();

    EXPECT_THAT(text, testing::HasSubstr(R"("settled_after_ms":61000)"));
    EXPECT_THAT(text, testing::HasSubstr(R"("moves":[{"sku":"lamp","reserved":1},{"sku":"mug","reserved":3}])"));
    EXPECT_THAT(text, testing::HasSubstr(R"("effect":"charge")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("amount":2500,"state":"captured","reference":"sim_1")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("debit":"payment_provider","credit":"sales","amount":2500)"));
    EXPECT_THAT(text, testing::HasSubstr(R"("number":7,"state":"open","code":"a")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("type":"order.on_hold","code":"a","detail":"why")"));
}

TEST(OrderTimeline, GivenCallsToAWebhook_ThenTheyStandWhereTheyWereMade) {
    Told told;
    for (const int attempt : {2, 1}) {
        auto& call = told.deliveries.emplace_back("wh_1", told.order.id, 2);
        call.number = attempt;
        call.type = EventType::inventory_reserved;
        call.attempt = attempt;
        call.at = samples::at(attempt == 1 ? 2 : 62);
        call.outcome = attempt == 1 ? orders::DeliveryOutcome::failed : orders::DeliveryOutcome::delivered;
        if (attempt == 1) call.code = "http-500";
    }

    EXPECT_EQ(told.lines().back(), "inventory.reserved +1000");
    EXPECT_THAT(told.text(),
                testing::HasSubstr(R"("number":1,"webhook":"wh_1","version":2,"type":"inventory.reserved",)"
                                   R"("attempt":1,"state":"failed","code":"http-500")"));
}

TEST(OrderTimeline, GivenAClockOfTheApiThatIsAhead_ThenEventsKeepTheOrderOfTheirVersions) {
    Told told;
    told.events[0].at = samples::at(30);

    const auto lines = told.lines();

    ASSERT_GT(lines.size(), 3U);
    EXPECT_EQ(lines[0], "payment_attempt +0");
    EXPECT_EQ(lines[1], "dead_letter +3000");
    EXPECT_EQ(lines[2], "order.accepted +26000");
    EXPECT_EQ(lines[3], "inventory.reserved +0");
}

TEST(OrderTimeline, GivenAnOrderUnderWay_ThenItIsNotSettled) {
    Told told;
    told.order.status = orders::OrderStatus::reserved;
    told.events.erase(told.events.begin() + 2, told.events.end());

    EXPECT_THAT(told.text(), testing::Not(testing::HasSubstr("settled_after_ms")));
}

}  // namespace
}  // namespace orderflow::contract
