#include "libs/observe/tracer.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "libs/testing/fake_clock.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::observe {
namespace {

constexpr std::int64_t start_of_2026_ns = 1'767'225'600'000'000'000;

class Kept final : public SpanSink {
  public:
    void take(SpanRecord span) noexcept override { spans.push_back(std::move(span)); }
    std::vector<SpanRecord> spans;
};

class TracerTest : public ::testing::Test {
  protected:
    FakeClock clock_;
    SeededEntropy entropy_{1};
    Kept kept_;
    Tracer tracer_{{clock_, entropy_, kept_}, Sampler{}};
};

TEST_F(TracerTest, GivenNoTracer_WhenASpanIsUsed_ThenNothingHappens) {
    Span span;
    span.set("http.route", "/");
    span.fail("500");

    EXPECT_EQ(span.context(), nullptr);
    EXPECT_FALSE(span.is_recorded());
}

TEST_F(TracerTest, GivenASpanBelowAnother_WhenBothEnd_ThenTheyShareTheTraceAndNameTheirParent) {
    auto outer = tracer_.start(SpanKind::server, "POST /v1/orders", nullptr);
    clock_.advance(5ms);
    auto inner = tracer_.start(SpanKind::producer, "send orders", outer.context());
    inner.set("messaging.destination.name", "orders");
    inner.set("count", 3U);
    inner.set("replayed", true);
    clock_.advance(2ms);
    inner.end();
    clock_.advance(1ms);
    outer.end();

    ASSERT_EQ(kept_.spans.size(), 2U);
    const auto& send = kept_.spans[0];
    const auto& request = kept_.spans[1];
    EXPECT_EQ(send.context.trace_id, request.context.trace_id);
    EXPECT_EQ(send.parent, request.context.span_id);
    EXPECT_EQ(request.parent, (std::array<std::uint8_t, 8>{}));
    EXPECT_EQ(request.start_ns, start_of_2026_ns);
    EXPECT_EQ(request.end_ns, start_of_2026_ns + 8'000'000);
    EXPECT_EQ(send.start_ns, start_of_2026_ns + 5'000'000);
    ASSERT_EQ(send.attributes.size(), 3U);
    EXPECT_EQ(std::get<std::string>(send.attributes[0].value), "orders");
    EXPECT_EQ(std::get<std::int64_t>(send.attributes[1].value), 3);
    EXPECT_TRUE(std::get<bool>(send.attributes[2].value));
}

TEST_F(TracerTest, GivenACallerThatDoesNotSample_WhenASpanEnds_ThenItsContextTravelsAndNothingIsKept) {
    const auto caller = TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    auto span = tracer_.start(SpanKind::server, "GET /", &*caller);
    span.end();

    ASSERT_NE(span.context(), nullptr);
    EXPECT_EQ(span.context()->trace_id, caller->trace_id);
    EXPECT_FALSE(span.context()->sampled);
    EXPECT_TRUE(kept_.spans.empty());
}

TEST_F(TracerTest, GivenAFailure_WhenItEndsTwice_ThenTheFirstCodeIsKeptOnce) {
    auto span = tracer_.start(SpanKind::client, "payment charge", nullptr);
    span.fail("payment.unavailable");
    span.fail("other");
    span.end();
    span.end();

    ASSERT_EQ(kept_.spans.size(), 1U);
    EXPECT_EQ(kept_.spans[0].error, "payment.unavailable");
    EXPECT_EQ(kept_.spans[0].attributes.size(), 1U);
}

TEST_F(TracerTest, GivenASpanThatIsReplaced_ThenTheFirstHasEnded) {
    auto span = tracer_.start(SpanKind::internal, "first", nullptr);
    span = tracer_.start(SpanKind::internal, "second", nullptr);

    ASSERT_EQ(kept_.spans.size(), 1U);
    EXPECT_EQ(kept_.spans[0].name, "first");
}

// A correction of the wall clock in the middle of a span may not make it end before it began.
TEST_F(TracerTest, GivenAWallClockThatJumpsBack_WhenASpanEnds_ThenLaterSpansFollowTheNewTime) {
    tracer_.start(SpanKind::internal, "before", nullptr).end();
    clock_.jump_wall(-1h);
    tracer_.start(SpanKind::internal, "after", nullptr).end();

    EXPECT_EQ(kept_.spans[0].start_ns, start_of_2026_ns);
    EXPECT_EQ(kept_.spans[1].start_ns, start_of_2026_ns - 3'600'000'000'000);
    EXPECT_EQ(kept_.spans[1].end_ns, kept_.spans[1].start_ns);
}

TEST_F(TracerTest, GivenWorkThatBeganEarlier_WhenItsSpanStarts_ThenItHasThatTime) {
    const auto began = clock_.now();
    clock_.advance(40ms);
    tracer_.start(SpanKind::server, "GET /", nullptr, began).end();

    EXPECT_EQ(kept_.spans[0].end_ns - kept_.spans[0].start_ns, 40'000'000);
}

}  // namespace
}  // namespace orderflow::observe
