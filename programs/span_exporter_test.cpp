// Goal: spans reach a collector although it is slow or away for a while, and no collector, however it behaves, costs
// more than a bounded number of tries, time and memory.
#include "programs/span_exporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Lines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text += std::string(line) + "\n"; }
    std::string text;
};

class SpanExporterTest : public ::testing::Test {
  protected:
    SpanExporterTest() {
        spans.when_waiting(SpanExporter::batch_max, [this] { exporter.hurry(); });
        loop.spawn(exporter.run());
        loop.run_ready();
    }

    // Answers after `takes` with the status; 0: not at all.
    task<Result<SpanExporter::Answer>> answer(std::string body, Instant deadline) {
        tried_at.push_back(loop.clock().now() - begin);
        auto result = SpanExporter::Answer(status_now);
        result.retry_after = retry_after;
        result.rejected = rejected;
        co_await sleep_until(loop, std::min(loop.clock().now() + takes, deadline));
        if (result.status == 0) co_return fail(ErrorKind::unavailable, "http.timeout", "https://secret.example/");
        if (result.status == 200) brought.push_back(std::move(body));
        co_return result;
    }

    void take(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            observe::SpanRecord span;
            span.name = "span-" + std::to_string(taken++);
            spans.take(std::move(span));
        }
    }
    std::uint64_t counted(const std::string& series) {
        const auto text = metrics.render();
        const auto at = text.find("\n" + series + " ");
        EXPECT_NE(at, std::string::npos) << series;
        return std::stoull(text.substr(at + series.size() + 2));
    }
    std::uint64_t dropped(const std::string& reason) {
        return counted("orderflow_spans_dropped_total{reason=\"" + reason + "\"}");
    }
    std::uint64_t sent() { return counted("orderflow_spans_sent_total"); }

    SimLoop loop;
    SeededEntropy entropy{3};
    const Instant begin = loop.clock().now();
    Lines lines;
    observe::Logger log{loop.clock(), lines, observe::LogLevel::info};
    observe::Metrics metrics;
    int status_now = 200;
    std::optional<BootClock::duration> retry_after;
    std::uint64_t rejected = 0;
    BootClock::duration takes = 10ms;
    std::vector<BootClock::duration> tried_at;
    std::vector<std::string> brought;
    std::size_t taken = 0;
    observe::SpanQueue spans{SpanExporter::waiting_max, SpanExporter::dropped_before_sending(metrics)};
    SpanExporter exporter{{loop, loop.clock(), entropy, log, metrics},
                          spans,
                          {{"service.name", "test"}},
                          10s,
                          [this](std::string body, Instant deadline) { return answer(std::move(body), deadline); }};
};

TEST_F(SpanExporterTest, GivenACollectorThatIsAway_ThenTriesAndMemoryAreBounded_AndItGoesOn) {
    status_now = 0;
    takes = 1h;
    for (int second = 0; second < 600; ++second) {
        take(1000);
        loop.advance(1s);
    }

    EXPECT_LE(spans.size(), SpanExporter::waiting_max);
    EXPECT_GT(dropped("queue_full"), 0U);
    EXPECT_GT(dropped("not_sent"), 0U);
    EXPECT_LT(tried_at.size(), 600U / 10 + 60) << "one try at a time, each with its time, a pause between";
    EXPECT_THAT(lines.text, HasSubstr("traces.not_sent"));
    EXPECT_THAT(lines.text, Not(HasSubstr("secret"))) << "the address may be a secret";
    EXPECT_LE(std::ranges::count(lines.text, '\n'), 11) << "told once a minute";

    status_now = 200;
    takes = 10ms;
    loop.advance(5min);
    EXPECT_EQ(spans.size(), 0U);
    EXPECT_EQ(sent() + dropped("queue_full") + dropped("not_sent"), taken) << "every span is accounted for";
    EXPECT_GT(sent(), 0U);
}

TEST_F(SpanExporterTest, GivenAFewSpans_WhenASecondHasPassed_ThenTheyGoInOneRequest) {
    take(3);
    loop.advance(SpanExporter::batch_wait + 100ms);

    ASSERT_EQ(brought.size(), 1U);
    EXPECT_THAT(brought[0], HasSubstr("span-0"));
    EXPECT_THAT(brought[0], HasSubstr("span-2"));
    EXPECT_EQ(sent(), 3U);
}

TEST_F(SpanExporterTest, GivenAWholeBatch_ThenItGoesAtOnce_AndRequestsStayBounded) {
    take(SpanExporter::batch_max * 2 + 1);
    loop.advance(100ms);

    EXPECT_EQ(brought.size(), 3U);
    EXPECT_THAT(brought[0], Not(HasSubstr("\"span-" + std::to_string(SpanExporter::batch_max) + "\"")));
}

TEST_F(SpanExporterTest, GivenSpansOfManyBytes_ThenNoRequestIsLargerThanAnEndpointTakes_AndAllArrive) {
    constexpr int attributes = 100;  // of 250 bytes: 512 such spans are 15 MB
    for (std::size_t i = 0; i < SpanExporter::batch_max; ++i) {
        observe::SpanRecord span;
        span.name = "span-" + std::to_string(i) + ".";
        for (int n = 0; n < attributes; ++n) span.attributes.push_back({"attribute", std::string(250, 'x')});
        spans.take(std::move(span));
    }
    loop.advance(SpanExporter::batch_wait + 10s);

    EXPECT_GT(brought.size(), 2U);
    std::string all;
    for (const auto& body : brought) {
        EXPECT_LE(body.size(), SpanExporter::request_bytes_max);
        all += body;
    }
    for (std::size_t i = 0; i < SpanExporter::batch_max; ++i) {
        EXPECT_THAT(all, HasSubstr("\"span-" + std::to_string(i) + ".\""));
    }
    EXPECT_EQ(sent(), SpanExporter::batch_max);
}

TEST_F(SpanExporterTest, GivenStatusesThatPass_ThenTheSameSpansAreSentAgain_AndOthersNot) {
    for (const int status : {429, 502, 503, 504}) {
        tried_at.clear();
        status_now = status;
        take(1);
        loop.advance(1min);
        EXPECT_EQ(tried_at.size(), static_cast<std::size_t>(SpanExporter::tries_max)) << status;
    }
    EXPECT_EQ(dropped("not_sent"), 4U);
    for (const int status : {301, 400, 401, 404, 413, 500}) {
        tried_at.clear();
        status_now = status;
        take(1);
        loop.advance(1min);
        EXPECT_EQ(tried_at.size(), 1U) << status;
    }
    EXPECT_EQ(dropped("refused"), 6U);
}

TEST_F(SpanExporterTest, GivenRetryAfter_ThenTheNextTryWaitsSoLong_WithinReason) {
    status_now = 503;
    retry_after = 7s;
    take(1);
    loop.advance(5s);
    ASSERT_EQ(tried_at.size(), 1U);
    status_now = 200;
    loop.advance(5s);
    ASSERT_EQ(tried_at.size(), 2U);
    EXPECT_EQ(tried_at[1] - tried_at[0], 7s + takes);

    status_now = 429;
    retry_after = 10h;
    take(1);
    loop.advance(2s);
    status_now = 200;
    loop.advance(SpanExporter::longest_wait + 1s);
    EXPECT_EQ(sent(), 2U);
}

TEST_F(SpanExporterTest, GivenACollectorThatTakesAPart_ThenTheRestIsCountedAsRefused) {
    rejected = 2;
    take(5);
    loop.advance(2s);

    EXPECT_EQ(sent(), 3U);
    EXPECT_EQ(dropped("refused"), 2U);
}

TEST_F(SpanExporterTest, GivenSpansThatWait_WhenItFinishes_ThenTheyAreSentBeforeTheDeadline) {
    take(700);
    loop.spawn(exporter.finish(loop.clock().now() + 5s));
    loop.advance(100ms);

    EXPECT_EQ(sent(), 700U);
    EXPECT_THAT(lines.text, Not(HasSubstr("dropped_at_end")));
}

TEST_F(SpanExporterTest, GivenACollectorThatDoesNotAnswer_WhenItFinishes_ThenTheDeadlineHoldsAndWhatIsLeftIsCounted) {
    status_now = 0;
    takes = 1h;
    take(2000);
    bool ended = false;
    const auto finish = [](SpanExporter& of, Instant deadline, bool& out) -> task<void> {
        co_await of.finish(deadline);
        out = true;
    };
    loop.advance(100ms);
    loop.spawn(finish(exporter, loop.clock().now() + 2s, ended));
    loop.advance(1s);
    EXPECT_FALSE(ended);

    loop.advance(1s + 1ms);

    EXPECT_TRUE(ended);
    EXPECT_EQ(sent(), 0U);
    EXPECT_THAT(lines.text, HasSubstr("traces.dropped_at_end"));
    EXPECT_EQ(dropped("not_sent"), 2000U) << "with the batch that was under way";
    loop.advance(10s);
    EXPECT_EQ(dropped("not_sent"), 2000U) << "which is not counted twice";
}

}  // namespace
}  // namespace orderflow
