// Goal: each kind of measure says what its definition says, over its window, and nothing where it cannot tell.
#include "libs/alarms/measure_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace orderflow::alarms {
namespace {

using observe::Reading;
using testing::DoubleEq;
using testing::Optional;

constexpr Instant start{1h};
constexpr double infinite = std::numeric_limits<double>::infinity();

Reading counted(double value, const std::string& kind = "ok") {
    return {.name = "orderflow_answers_total", .labels = {{"class", kind}}, .value = value};
}

Reading took(double until_1, double until_2, double all) {
    return {.name = "orderflow_took_seconds",
            .labels = {{"route", "place"}},
            .value = all,
            .buckets = {{1, until_1}, {2, until_2}, {infinite, all}}};
}

std::optional<double> take(MeasureHistory& history, const std::vector<Reading>& readings, Instant at) {
    return history.take(readings, at);
}

TEST(Level, GivenNoSeriesThatFits_ThenNothing) {
    MeasureHistory history(Level{.of = {.metric = "orderflow_answers_total", .labels = {{"class", {"5xx"}}}}});

    EXPECT_EQ(take(history, {}, start), std::nullopt);
    EXPECT_EQ(take(history, {counted(3)}, start), std::nullopt);
}

TEST(Level, GivenSeveralSeries_ThenTheLargestOrTheSmallest) {
    const SeriesFilter all{.metric = "orderflow_answers_total", .labels = {}};
    MeasureHistory largest(Level{.of = all});
    MeasureHistory smallest(Level{.of = all, .smallest = true});

    EXPECT_THAT(take(largest, {counted(3), counted(5, "late")}, start), Optional(5));
    EXPECT_THAT(take(smallest, {counted(3), counted(5, "late")}, start), Optional(3));
}

TEST(Increase, GivenOnePointOnly_ThenNothing) {
    MeasureHistory history(Increase{{.metric = "orderflow_answers_total", .labels = {}}, 60s});

    EXPECT_EQ(take(history, {counted(3)}, start), std::nullopt);
}

TEST(Increase, GivenAWindow_ThenWhatRoseInIt) {
    MeasureHistory history(Increase{{.metric = "orderflow_answers_total", .labels = {}}, 60s});

    take(history, {counted(0)}, start);
    EXPECT_THAT(take(history, {counted(10)}, start + 30s), Optional(10));
    EXPECT_THAT(take(history, {counted(12)}, start + 60s), Optional(12));
    EXPECT_THAT(take(history, {counted(12)}, start + 90s), Optional(2));
    EXPECT_THAT(take(history, {counted(12)}, start + 200s), Optional(0));
}

TEST(Increase, GivenNoSeriesYet_ThenTheFirstCountIsSeen) {
    MeasureHistory history(Increase{{.metric = "orderflow_answers_total", .labels = {}}, 60s});

    take(history, {}, start);

    EXPECT_THAT(take(history, {counted(1)}, start + 5s), Optional(1));
}

TEST(Increase, GivenASeriesThatBeginsLater_ThenItCountsFromZero) {
    MeasureHistory history(Increase{{.metric = "orderflow_answers_total", .labels = {}}, 60s});

    take(history, {counted(4)}, start);

    EXPECT_THAT(take(history, {counted(4), counted(2, "late")}, start + 5s), Optional(2));
}

TEST(Share, GivenTooFewToTell_ThenNothing) {
    MeasureHistory history(Share{{.metric = "orderflow_answers_total", .labels = {{"class", {"5xx"}}}},
                                 {.metric = "orderflow_answers_total", .labels = {}},
                                 60s,
                                 20});
    take(history, {counted(0), counted(0, "5xx")}, start);

    EXPECT_EQ(take(history, {counted(0), counted(19, "5xx")}, start + 5s), std::nullopt);
    EXPECT_THAT(take(history, {counted(0), counted(20, "5xx")}, start + 10s), Optional(1));
}

TEST(Share, GivenErrorsAmongAnswers_ThenTheirShareWithinTheWindow) {
    MeasureHistory history(Share{{.metric = "orderflow_answers_total", .labels = {{"class", {"5xx"}}}},
                                 {.metric = "orderflow_answers_total", .labels = {}},
                                 60s,
                                 0});
    take(history, {counted(100), counted(100, "5xx")}, start);

    EXPECT_THAT(take(history, {counted(175), counted(125, "5xx")}, start + 5s), Optional(DoubleEq(0.25)));
    EXPECT_EQ(take(history, {counted(175), counted(125, "5xx")}, start + 300s), std::nullopt) << "nobody asked";
}

TEST(Quantile, GivenObservations_ThenInterpolatedWithinTheBucket) {
    MeasureHistory history(Quantile{{.metric = "orderflow_took_seconds", .labels = {}}, 0.5, 60s, 0});
    take(history, {took(0, 0, 0)}, start);

    EXPECT_THAT(take(history, {took(0, 10, 10)}, start + 5s), Optional(DoubleEq(1.5)));
}

TEST(Quantile, GivenObservationsBeyondTheLastBound_ThenThatBound) {
    MeasureHistory history(Quantile{{.metric = "orderflow_took_seconds", .labels = {}}, 0.99, 60s, 0});
    take(history, {took(0, 0, 0)}, start);

    EXPECT_THAT(take(history, {took(1, 1, 100)}, start + 5s), Optional(2));
}

TEST(Quantile, GivenOldObservations_ThenTheyAreForgottenWithTheWindow) {
    MeasureHistory history(Quantile{{.metric = "orderflow_took_seconds", .labels = {}}, 0.5, 60s, 1});
    take(history, {took(0, 0, 0)}, start);
    take(history, {took(0, 100, 100)}, start + 5s);
    take(history, {took(0, 100, 100)}, start + 65s);

    EXPECT_EQ(take(history, {took(0, 100, 100)}, start + 70s), std::nullopt);
    EXPECT_THAT(take(history, {took(2, 102, 102)}, start + 75s), Optional(DoubleEq(0.5)));
}

class StandstillTest : public testing::Test {
  protected:
    std::optional<double> look(double waiting, double progress, Instant at) {
        const std::vector<Reading> readings{{.name = "orderflow_waiting", .labels = {}, .value = waiting},
                                            {.name = "orderflow_done_total", .labels = {}, .value = progress}};
        return history.take(readings, at);
    }
    MeasureHistory history{Standstill{.waiting = {.metric = "orderflow_waiting", .labels = {}},
                                      .progress = {.metric = "orderflow_done_total", .labels = {}},
                                      .by = {}}};
};

TEST_F(StandstillTest, GivenWorkThatWaitsAndNoProgress_ThenTheTimeSince) {
    look(1, 10, start);
    look(2, 11, start + 5s);

    EXPECT_THAT(look(3, 11, start + 35s), Optional(30));
}

TEST_F(StandstillTest, GivenNothingWaits_ThenZero) {
    look(1, 10, start);

    EXPECT_THAT(look(0, 10, start + 300s), Optional(0));
    EXPECT_THAT(look(1, 10, start + 305s), Optional(5));
}

TEST_F(StandstillTest, GivenQueuesThatAreJudgedAlone_WhenOneGoesOnAndTheOtherDoesNot_ThenTheTimeOfTheOther) {
    MeasureHistory queues{Standstill{.waiting = {.metric = "orderflow_waiting", .labels = {}},
                                     .progress = {.metric = "orderflow_done_total", .labels = {}},
                                     .by = "queue"}};
    const auto look_at = [&queues](double orders_done, double commands_done, Instant at) {
        const std::map<std::string, std::string> orders{{"queue", "orders"}};
        const std::map<std::string, std::string> commands{{"queue", "orders-commands"}};
        const std::vector<Reading> readings{
            {.name = "orderflow_waiting", .labels = orders, .value = 4},
            {.name = "orderflow_waiting", .labels = commands, .value = 0},
            {.name = "orderflow_done_total", .labels = orders, .value = orders_done},
            {.name = "orderflow_done_total", .labels = commands, .value = commands_done}};
        return queues.take(readings, at);
    };
    look_at(10, 1, start);

    EXPECT_THAT(look_at(10, 5, start + 50s), Optional(50)) << "commands say nothing of orders";
    EXPECT_THAT(look_at(11, 5, start + 55s), Optional(0));
}

TEST_F(StandstillTest, GivenNoSuchQueueHere_ThenNothing) { EXPECT_EQ(history.take({}, start), std::nullopt); }

}  // namespace
}  // namespace orderflow::alarms
