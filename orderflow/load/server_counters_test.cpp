#include "orderflow/load/server_counters.hpp"

#include <gtest/gtest.h>

namespace orderflow::load {
namespace {

TEST(ServerCounters, GivenAPageOfMetrics_ThenTheCountsOfAllLabelsAreAddedUp) {
    const auto counters = read_counters(
        "# HELP orderflow_orders_accepted_total Orders.\n"
        "# TYPE orderflow_orders_accepted_total counter\n"
        "orderflow_orders_accepted_total 12\n"
        "orderflow_orders_settled_total{status=\"confirmed\"} 7\n"
        "orderflow_orders_settled_total{status=\"rejected\"} 2\n"
        "orderflow_queue_visible_messages{queue=\"orders\"} 3\n"
        "orderflow_queue_in_flight_messages{queue=\"orders\"} 1\n"
        "orderflow_queue_delayed_messages{queue=\"orders-commands\"} 1\n");

    EXPECT_EQ(counters.accepted, 12U);
    EXPECT_EQ(counters.settled, 9U);
    EXPECT_EQ(counters.rejected, 2U);
    EXPECT_EQ(counters.queued, 5U);
}

TEST(ServerCounters, GivenAQueueOfSomebodyElse_ThenItsMessagesDoNotCount) {
    const auto counters = read_counters(
        "orderflow_queue_visible_messages{queue=\"orders\"} 3\n"
        "orderflow_queue_visible_messages{queue=\"demo\"} 1\n");

    EXPECT_EQ(counters.queued, 3U);
}

TEST(ServerCounters, GivenNamesThatOnlyBeginAlike_ThenTheyDoNotCount) {
    const auto counters =
        read_counters("orderflow_orders_accepted_total_created 5\norderflow_orders_accepted_totals 6\n");

    EXPECT_EQ(counters.accepted, std::nullopt);
}

TEST(ServerCounters, GivenAnotherServersPage_ThenNothingIsKnown) {
    for (const auto* page :
         {"", "404 page not found", "orderflow_orders_accepted_total", "orderflow_orders_accepted_total x"}) {
        const auto counters = read_counters(page);
        EXPECT_EQ(counters.accepted, std::nullopt) << page;
        EXPECT_EQ(counters.settled, std::nullopt);
        EXPECT_EQ(counters.queued, std::nullopt);
    }
}

TEST(ServerCounters, GivenPagesOfTwoPrograms_WhenAddedUp_ThenWhatOneOfThemKnowsIsKnown) {
    auto counters = read_counters("orderflow_orders_accepted_total 12\n");
    counters += read_counters("orderflow_orders_settled_total{status=\"confirmed\"} 7\n");
    counters += read_counters("orderflow_orders_settled_total{status=\"rejected\"} 2\n");

    EXPECT_EQ(counters.accepted, 12U);
    EXPECT_EQ(counters.settled, 9U);
    EXPECT_EQ(counters.queued, std::nullopt);
}

TEST(ServerCounters, GivenAFraction_ThenItIsCutOff) {
    EXPECT_EQ(read_counters("orderflow_orders_accepted_total 3.0\n").accepted, 3U);
}

}  // namespace
}  // namespace orderflow::load
