#include "orderflow/load/load_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::load {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AResult : public ::testing::Test {
  protected:
    AResult() {
        options.host = "127.0.0.1:8080";
        options.seed = 7;
        result.counts = {.sent = 1000, .accepted = 1000};
        result.sending = 2s;
        result.cpu_user = 6ms;
        result.cpu_system = 4ms;
        for (int i = 1; i <= 1000; ++i) result.latency.add(std::chrono::microseconds(i));
    }
    std::int64_t number(const std::string& text, std::string_view name, std::string_view inner = {}) const {
        const auto document = json::parse(text, {.bytes = 1 << 16}).value();
        const auto* value = document.find(name);
        if (!inner.empty()) value = value->find(inner);
        return value->number()->to_int64().value();
    }

    LoadOptions options;
    LoadResult result;
};

TEST_F(AResult, GivenNoError_ThenItWentWell) {
    EXPECT_TRUE(went_well(options, result));

    result.counts.errors = result.counts.unknown = 1;
    EXPECT_FALSE(went_well(options, result));
}

TEST_F(AResult, GivenAFlashSale_ThenItSaysWhatWasSoldAndThatNothingWasSoldTwice) {
    result.settled_after = 3s;
    result.settled_orders = 1000;
    result.rejected_orders = 995;
    result.flash_sale = FlashSale{.before = 5, .after = 0};
    EXPECT_THAT(summary_text(options, result), HasSubstr("flash sale     sold 5 of 5, refused 995, oversold 0\n"));
    EXPECT_EQ(number(summary_json(options, result), "flash_sale", "sold"), 5);
    EXPECT_TRUE(went_well(options, result));

    result.rejected_orders = 993;
    EXPECT_EQ(oversold(result), 2U);
    EXPECT_FALSE(went_well(options, result));
    EXPECT_EQ(number(summary_json(options, result), "flash_sale", "oversold"), 2);
}

TEST_F(AResult, GivenAServerThatMayBeAway_ThenOnlyTheUnexpectedIsAFailure) {
    options.keep_going = true;
    result.counts.errors = result.counts.not_sent = 5;
    EXPECT_TRUE(went_well(options, result));

    result.counts.unexpected = 1;
    EXPECT_FALSE(went_well(options, result));
}

TEST_F(AResult, WhileOrdersSettle_ThenCancelsThatSettleThemOnceMoreAreCountedApart) {
    EXPECT_EQ(settling_text(result.counts, 990, 10), "settled 990 of 1000  messages in the queues 10");
    EXPECT_EQ(settling_text(result.counts, std::nullopt, std::nullopt), "settled ? of 1000  messages in the queues ?");

    result.counts.cancels = 50;
    EXPECT_EQ(settling_text(result.counts, 1050, 0), "settled 1050 of 1000 and 50 cancels  messages in the queues 0");
}

TEST_F(AResult, GivenOrdersThatDidNotSettle_ThenItDidNotGoWell) {
    result.settle_wanted = true;
    EXPECT_FALSE(went_well(options, result));

    result.settled_after = 3s;
    EXPECT_TRUE(went_well(options, result));
}

TEST_F(AResult, GivenThatEveryOrderWasRejected_ThenItDidNotGoWellAndSaysSo) {
    result.settled_orders = result.rejected_orders = 1000;
    EXPECT_FALSE(went_well(options, result));
    EXPECT_THAT(summary_text(options, result), HasSubstr("every order was rejected"));
    EXPECT_EQ(number(summary_json(options, result), "rejected"), 1000);

    result.rejected_orders = 999;
    EXPECT_TRUE(went_well(options, result));
    EXPECT_THAT(summary_text(options, result), HasSubstr("rejected 999 of the 1000 orders that settled meanwhile"));

    result.rejected_orders = 1000;
    options.mix.declined = 100;
    EXPECT_TRUE(went_well(options, result)) << "as it was told to be";
}

TEST_F(AResult, ThenPeopleReadRatesPercentilesAndWhatItCost) {
    const auto text = summary_text(options, result);

    EXPECT_THAT(text, HasSubstr("seed 7"));
    EXPECT_THAT(text, HasSubstr("accepted 1000 orders (500/s)"));
    EXPECT_THAT(text, HasSubstr("errors 0"));
    EXPECT_THAT(text, HasSubstr("p99.9"));
    EXPECT_THAT(text, HasSubstr("CPU of this generator: 10.0 us a request"));
    EXPECT_THAT(text, Not(HasSubstr("stopped")));
    EXPECT_THAT(text, Not(HasSubstr("settled")));
}

TEST_F(AResult, GivenErrors_ThenTheirKindsAreTold) {
    result.counts.errors = 3;
    result.counts.overloaded = 2;
    result.counts.unknown = 1;
    result.stopped_because = "nobody listens at 127.0.0.1:8080";

    const auto text = summary_text(options, result);

    EXPECT_THAT(text, HasSubstr("overloaded 2"));
    EXPECT_THAT(text, HasSubstr("unknown 1"));
    EXPECT_THAT(text, HasSubstr("stopped: nobody listens"));
}

TEST_F(AResult, GivenAScheduleThatWasNotKept_ThenBothAreTold) {
    EXPECT_THAT(summary_text(options, result), Not(HasSubstr("schedule")));

    result.overdue = 70;

    EXPECT_THAT(summary_text(options, result), HasSubstr("behind its schedule by 70 requests"));
    EXPECT_EQ(number(summary_json(options, result), "overdue"), 70);
}

TEST_F(AResult, ThenProgramsReadOneLineOfJson) {
    result.settled_after = 4s;

    const auto text = summary_json(options, result);

    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    EXPECT_EQ(number(text, "accepted"), 1000);
    EXPECT_EQ(number(text, "accepted_per_s"), 500);
    EXPECT_EQ(number(text, "cpu_ns_per_request"), 10'000);
    EXPECT_EQ(number(text, "sending_us"), 2'000'000);
    EXPECT_NEAR(static_cast<int>(number(text, "answer", "p99_us")), 990, 10);
    EXPECT_EQ(number(text, "settled", "after_us"), 4'000'000);
    EXPECT_EQ(number(text, "settled", "orders_per_s"), 250);
}

TEST_F(AResult, GivenNothingSent_ThenNothingIsDividedByZero) {
    const LoadResult nothing;

    EXPECT_THAT(summary_text(options, nothing), HasSubstr("sent 0"));
    EXPECT_EQ(number(summary_json(options, nothing), "cpu_ns_per_request"), 0);
}

TEST(DurationText, ThenItHasTheUnitThatIsRead) {
    EXPECT_EQ(duration_text(0ns), "0 us");
    EXPECT_EQ(duration_text(52'900ns), "52 us");
    EXPECT_EQ(duration_text(1'234us), "1.23 ms");
    EXPECT_EQ(duration_text(9'999ms), "9999.00 ms");
    EXPECT_EQ(duration_text(12'345ms), "12.345 s");
}

}  // namespace
}  // namespace orderflow::load
