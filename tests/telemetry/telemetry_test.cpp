// Goal: what a program sends over a real socket is OTLP as the specification has it, and a collector that is away, slow
// or refusing costs the program nothing but spans, which are counted.
#include "programs/telemetry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "tests/telemetry/otlp_receiver.hpp"

namespace orderflow::telemetry {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

class Lines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view) override {}
};

class TelemetryTest : public ::testing::Test {
  protected:
    std::unique_ptr<Telemetry> start(const std::map<std::string, std::string>& more = {}) {
        Environment environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()}};
        for (const auto& [name, value] : more) environment[name] = value;
        SettingsReader reader(environment);
        const auto settings = read_telemetry_settings(reader, environment, "worker-service");
        EXPECT_THAT(reader.errors(), IsEmpty());
        auto telemetry = Telemetry::start({clock, entropy, log, metrics}, settings);
        EXPECT_TRUE(telemetry);
        return *std::move(telemetry);
    }
    std::string metric(const std::string& series) {
        const auto text = metrics.render();
        const auto at = text.find("\n" + series + " ");
        return at == std::string::npos
                   ? "none"
                   : text.substr(at + series.size() + 2, text.find('\n', at + 1) - at - series.size() - 2);
    }
    static void work(Telemetry& telemetry, int spans) {
        for (int i = 0; i < spans; ++i) {
            auto outer = telemetry.tracer()->start(observe::SpanKind::server, "POST /v1/orders", nullptr);
            auto inner = telemetry.tracer()->start(observe::SpanKind::client, "payment charge", outer.context());
            inner.set("orderflow.order.id", "ord_1\xFF\"");
            inner.fail("payment.unavailable");
        }
    }

    SystemClock clock;
    crypto::SystemEntropy entropy;
    Lines lines;
    observe::Logger log{clock, lines};
    observe::Metrics metrics;
    OtlpReceiver collector{entropy};
};

TEST_F(TelemetryTest, GivenNoEndpoint_ThenThereIsNoTracer) {
    const auto telemetry = start({{"OTEL_EXPORTER_OTLP_ENDPOINT", ""}});

    EXPECT_EQ(telemetry->tracer(), nullptr);
}

TEST_F(TelemetryTest, GivenSpans_WhenTheProgramStops_ThenTheCollectorHasThem_AsTheSpecificationWantsIt) {
    const auto telemetry = start({{"OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20abc"}});
    work(*telemetry, 300);
    telemetry->stop(clock.now() + 20s);

    EXPECT_THAT(collector.faults(), IsEmpty());
    const auto spans = collector.spans();
    EXPECT_EQ(spans.size(), 600U);
    EXPECT_EQ(metric("orderflow_spans_sent_total"), "600");
    EXPECT_EQ(spans.at(0).service, "worker-service");
    EXPECT_TRUE(spans.at(0).is_error);
    EXPECT_EQ(spans.at(0).parent_id, spans.at(1).span_id);
    EXPECT_EQ(spans.at(0).trace_id, spans.at(1).trace_id);
    EXPECT_THAT(collector.fields(), Contains(Pair("authorization", "Bearer abc")));
    EXPECT_THAT(collector.fields(), Not(Contains(Key("traceparent")))) << "the export is no part of a trace";
}

TEST_F(TelemetryTest, GivenNobodyListens_WhenTheProgramStops_ThenItEndsInTimeAndCountsWhatIsLost) {
    const auto telemetry = start({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"}});
    work(*telemetry, 100);
    const auto began = clock.now();
    telemetry->stop(clock.now() + 10s);

    EXPECT_LT(clock.now() - began, 10s);
    EXPECT_EQ(metric("orderflow_spans_dropped_total{reason=\"not_sent\"}"), "200");
}

TEST_F(TelemetryTest, GivenACollectorThatHangs_WhenTheProgramStops_ThenTheDeadlineHolds) {
    collector.answer(200, 60s);
    const auto telemetry = start();
    work(*telemetry, 2000);
    ASSERT_TRUE(collector.wait_for_requests(1));
    const auto began = clock.now();
    telemetry->stop(clock.now() + 500ms);

    EXPECT_LT(clock.now() - began, Telemetry::flush_max)
        << "the deadline, which is shorter, and not the minute of the answer";
}

TEST_F(TelemetryTest, GivenACollectorThatIsBusyForAWhile_ThenTheSameSpansArriveOnce) {
    collector.answer(503);
    const auto telemetry = start();
    work(*telemetry, 5);
    ASSERT_TRUE(collector.wait_for_requests(1));
    collector.answer(200);

    EXPECT_TRUE(collector.wait_for([](const OtlpReceiver::Spans& spans) { return spans.size() == 10; }));
    telemetry->stop(clock.now() + 10s);
    EXPECT_EQ(collector.spans().size(), 10U);
    EXPECT_EQ(metric("orderflow_spans_dropped_total{reason=\"not_sent\"}"), "0");
}

TEST_F(TelemetryTest, GivenACollectorThatRefuses_ThenNothingIsSentAgain) {
    collector.answer(400);
    const auto telemetry = start();
    work(*telemetry, 5);
    ASSERT_TRUE(collector.wait_for_requests(1));
    telemetry->stop(clock.now() + 10s);

    EXPECT_EQ(metric("orderflow_spans_dropped_total{reason=\"refused\"}"), "10");
}

TEST_F(TelemetryTest, GivenASamplerThatTakesNothing_ThenNothingIsSent_AndContextsStillTravel) {
    const auto telemetry = start({{"OTEL_TRACES_SAMPLER", "always_off"}});
    const auto span = telemetry->tracer()->start(observe::SpanKind::server, "GET /", nullptr);
    EXPECT_THAT(span.context()->to_string(), EndsWith("-00"));
    work(*telemetry, 5);
    telemetry->stop(clock.now() + 10s);

    EXPECT_THAT(collector.spans(), IsEmpty());
}

TEST_F(TelemetryTest, GivenASpanThatEndsAfterTheStop_ThenNothingHappens) {
    const auto telemetry = start();
    auto late = telemetry->tracer()->start(observe::SpanKind::server, "GET /", nullptr);
    telemetry->stop(clock.now() + 10s);
    late.end();
    work(*telemetry, 1000);

    EXPECT_THAT(collector.spans(), IsEmpty());
}

}  // namespace
}  // namespace orderflow::telemetry
