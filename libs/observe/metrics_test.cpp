#include "libs/observe/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace orderflow::observe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, GivenCounter_WhenAdded_ThenTextHoldsHelpTypeAndSum) {
    Metrics metrics;
    auto& accepted = metrics.counter("orderflow_orders_accepted_total", "Orders accepted.");

    accepted.add();
    accepted.add(2);

    EXPECT_THAT(metrics.render(), HasSubstr("# HELP orderflow_orders_accepted_total Orders accepted.\n"
                                            "# TYPE orderflow_orders_accepted_total counter\n"
                                            "orderflow_orders_accepted_total 3\n"));
}

TEST(Metrics, GivenDeclaredLabels_WhenNothingWasCounted_ThenTheyStandAtZero) {
    Metrics metrics;
    metrics.counter("orderflow_orders_settled_total", "Orders settled.", {{"status", "confirmed"}});
    auto& rejected = metrics.counter("orderflow_orders_settled_total", "Orders settled.", {{"status", "rejected"}});

    rejected.add();

    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_orders_settled_total{status=\"confirmed\"} 0\n"));
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_orders_settled_total{status=\"rejected\"} 1\n"));
}

TEST(Metrics, GivenSameNameAndLabels_WhenDeclaredTwice_ThenIsTheSameCounter) {
    Metrics metrics;

    auto& first = metrics.counter("orderflow_retries_total", "Retries.", {{"kind", "a"}});
    auto& second = metrics.counter("orderflow_retries_total", "Retries.", {{"kind", "a"}});

    EXPECT_EQ(&first, &second);
}

TEST(Metrics, GivenGauge_WhenSetAndAdded_ThenTextHoldsItsValue) {
    Metrics metrics;
    auto& depth = metrics.gauge("orderflow_queue_depth", "Messages.", {{"queue", "orders"}});

    depth.set(5);
    depth.add(-2);

    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_queue_depth{queue=\"orders\"} 3\n"));
}

TEST(Metrics, GivenGaugeOfAFunction_WhenRendered_ThenFunctionIsAsked) {
    Metrics metrics;
    double value = 1;
    metrics.gauge_of("orderflow_connections", "Connections.", [&value] { return value; });

    value = 7;

    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_connections 7\n"));
}

TEST(Metrics, GivenAGauge_WhenRemoved_ThenItIsNotInTheTextAnyMoreAndMayComeAgain) {
    Metrics metrics;
    metrics.gauge("orderflow_queue_depth", "Messages.", {{"queue", "orders"}}).set(5);
    metrics.gauge("orderflow_queue_depth", "Messages.", {{"queue", "demo"}}).set(7);

    metrics.remove_gauge("orderflow_queue_depth", {{"queue", "demo"}});
    metrics.remove_gauge("orderflow_queue_depth", {{"queue", "none"}});
    metrics.remove_gauge("orderflow_none", {});

    EXPECT_THAT(metrics.render(), HasSubstr("{queue=\"orders\"} 5\n"));
    EXPECT_THAT(metrics.render(), Not(HasSubstr("demo")));
    metrics.gauge("orderflow_queue_depth", "Messages.", {{"queue", "demo"}}).add(1);
    EXPECT_THAT(metrics.render(), HasSubstr("{queue=\"demo\"} 1\n"));
}

TEST(Metrics, GivenHistogram_WhenObserved_ThenBucketsAreCumulative) {
    Metrics metrics;
    auto& took = metrics.histogram("orderflow_sync_seconds", "Time of a sync.", {0.001, 0.01});

    took.observe(0.0005);
    took.observe(0.005);
    took.observe(5);

    const auto text = metrics.render();
    EXPECT_THAT(text, HasSubstr("orderflow_sync_seconds_bucket{le=\"0.001\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_sync_seconds_bucket{le=\"0.01\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_sync_seconds_bucket{le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_sync_seconds_count 3\n"));
}

TEST(Metrics, GivenSeriesOfEachKind_WhenRead_ThenTheyAreAsRendered) {
    Metrics metrics;
    metrics.counter("orderflow_settled_total", "Settled.", {{"status", "confirmed"}}).add(3);
    metrics.gauge_of("orderflow_depth", "Depth.", [] { return 7.0; });
    auto& took = metrics.histogram("orderflow_sync_seconds", "Time of a sync.", {0.001, 0.01});
    took.observe(0.005);
    took.observe(5);

    const auto readings = metrics.read();

    ASSERT_EQ(readings.size(), 3U);
    const auto of = [&readings](const std::string& name) { return *std::ranges::find(readings, name, &Reading::name); };
    EXPECT_EQ(of("orderflow_settled_total").value, 3);
    EXPECT_EQ(of("orderflow_settled_total").labels, (std::map<std::string, std::string>{{"status", "confirmed"}}));
    EXPECT_EQ(of("orderflow_depth").value, 7);
    EXPECT_EQ(of("orderflow_sync_seconds").value, 2);
    EXPECT_THAT(of("orderflow_sync_seconds").buckets,
                testing::ElementsAre(testing::Pair(0.001, 0), testing::Pair(0.01, 1),
                                     testing::Pair(std::numeric_limits<double>::infinity(), 2)));
}

TEST(Metrics, GivenNameThatBreaksTheRules_WhenDeclared_ThenThrows) {
    Metrics metrics;
    metrics.counter("orderflow_known_total", "Known.");

    EXPECT_THROW(metrics.counter("accepted_total", "x"), std::invalid_argument);
    EXPECT_THROW(metrics.counter("orderflow_accepted", "x"), std::invalid_argument);
    EXPECT_THROW(metrics.gauge("orderflow_depth_total", "x"), std::invalid_argument);
    EXPECT_THROW(metrics.counter("orderflow_bad name_total", "x"), std::invalid_argument);
    EXPECT_THROW(metrics.counter("orderflow_known_total", "Another text."), std::invalid_argument);
    EXPECT_THROW(metrics.histogram("orderflow_seconds", "x", {2, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace orderflow::observe
