// Goal: CloudWatch takes every line: each follows the Embedded Metric Format (Amazon CloudWatch User Guide, "Embedded
// metric format specification") and the limits of PutMetricData. tests/interface checks the lines of running programs.
#include "libs/observe/emf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "libs/json/parse.hpp"
#include "libs/observe/metrics.hpp"

namespace orderflow::observe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const auto new_year = from_unix_ms(1'767'225'600'000);

TEST(EmfWriter, GivenACounter_WhenToldTwice_ThenEachTimeWhatCameSince) {
    Metrics metrics;
    auto& sent = metrics.counter("orderflow_sent_total", "Sent.");
    EmfWriter writer("api");
    sent.add(3);
    const auto first = writer.lines(metrics.read(), new_year);
    sent.add(2);
    const auto second = writer.lines(metrics.read(), new_year + 1min);
    const auto third = writer.lines(metrics.read(), new_year + 2min);

    EXPECT_THAT(
        first,
        ElementsAre(R"({"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"Orderflow",)"
                    R"("Dimensions":[["service"]],"Metrics":[{"Name":"orderflow_sent_total","Unit":"Count"}]}]},)"
                    R"("service":"api","orderflow_sent_total":3})"));
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_THAT(second[0], HasSubstr(R"("orderflow_sent_total":2})"));
    ASSERT_THAT(third, SizeIs(1));
    EXPECT_THAT(third[0], HasSubstr(R"("orderflow_sent_total":0})")) << "an alarm needs to see that nothing came";
}

TEST(EmfWriter, GivenGaugesWithLabels_WhenTold_ThenOneLineForEachSetOfLabels) {
    Metrics metrics;
    metrics.gauge("orderflow_depth", "Depth.", {{"queue", "orders"}}).set(5);
    metrics.gauge("orderflow_depth", "Depth.", {{"queue", "letters"}}).set(1.5);
    metrics.gauge("orderflow_room_bytes", "Room.", {{"queue", "orders"}}).set(7);

    const auto lines = EmfWriter("q").lines(metrics.read(), new_year);

    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_THAT(lines[0], HasSubstr(R"("queue":"letters","service":"q","orderflow_depth":1.5})"));
    EXPECT_THAT(lines[1], HasSubstr(R"("Dimensions":[["queue","service"]])"));
    EXPECT_THAT(lines[1], HasSubstr(R"({"Name":"orderflow_room_bytes","Unit":"Bytes"})"));
}

TEST(EmfWriter, GivenAHistogram_WhenTold_ThenUpperBoundsWithTheirCountsSinceTheLastTime) {
    Metrics metrics;
    auto& seconds = metrics.histogram("orderflow_wait_seconds", "Wait.", {0.1, 1, 10});
    EmfWriter writer("w");
    seconds.observe(0.05);
    seconds.observe(0.07);
    seconds.observe(99);
    const auto first = writer.lines(metrics.read(), new_year);
    const auto nothing = writer.lines(metrics.read(), new_year);
    seconds.observe(0.5);
    const auto second = writer.lines(metrics.read(), new_year);

    ASSERT_THAT(first, SizeIs(1));
    EXPECT_THAT(first[0], HasSubstr(R"("orderflow_wait_seconds":{"Values":[0.1,10],"Counts":[2,1]})"));
    EXPECT_THAT(first[0], HasSubstr(R"("Unit":"Seconds")"));
    EXPECT_THAT(nothing, SizeIs(0));
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_THAT(second[0], HasSubstr(R"({"Values":[1],"Counts":[1]})"));
}

TEST(EmfWriter, GivenMoreMetricsThanALineHolds_ThenTheyAreSpreadOverLines) {
    Metrics metrics;
    for (int i = 0; i < 250; ++i) metrics.gauge("orderflow_g" + std::to_string(i), "One.").set(i);

    const auto lines = EmfWriter("s").lines(metrics.read(), new_year);

    ASSERT_THAT(lines, SizeIs(3));
    std::size_t told = 0;
    for (const auto& line : lines) {
        const auto parsed = json::parse(line, {.bytes = 1'000'000});
        ASSERT_TRUE(parsed.has_value());
        EXPECT_FALSE(parsed->root().repeats_a_name());
        const auto& directives = *parsed->find("_aws")->find("CloudWatchMetrics")->array();
        const auto count = directives[0].find("Metrics")->array()->size();
        EXPECT_LE(count, EmfWriter::metrics_max);
        told += count;
    }
    EXPECT_EQ(told, 250U);
}

TEST(EmfWriter, GivenValuesThatCloudWatchRefuses_ThenTheyAreLeftOut) {
    Metrics metrics;
    metrics.gauge("orderflow_nan", "None.").set(std::numeric_limits<double>::quiet_NaN());
    metrics.gauge("orderflow_inf", "None.").set(std::numeric_limits<double>::infinity());
    metrics.gauge("orderflow_tiny", "Tiny.").set(1e-200);

    const auto lines = EmfWriter("s").lines(metrics.read(), new_year);

    ASSERT_THAT(lines, SizeIs(1));
    EXPECT_THAT(lines[0], HasSubstr(R"("orderflow_tiny":0)"));
    EXPECT_THAT(lines[0], Not(HasSubstr("orderflow_nan")));
    EXPECT_THAT(lines[0], Not(HasSubstr("orderflow_inf")));
}

TEST(EmfWriter, GivenLabelsThatAreNoDimensions_ThenTheyAreMadeToBeSome) {
    Metrics metrics;
    metrics.gauge("orderflow_depth", "Depth.", {{"queue", ""}}).set(1);
    metrics.gauge("orderflow_depth", "Depth.", {{"queue", "a\nb\xC3\xA4"}}).set(1);

    const auto lines = EmfWriter("s").lines(metrics.read(), new_year);

    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_THAT(lines[0], HasSubstr(R"("queue":"none")"));
    EXPECT_THAT(lines[1], HasSubstr(R"("queue":"a?b??")"));
}

}  // namespace
}  // namespace orderflow::observe
