#include "api-service/traced_route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <vector>

#include "api-service/send_trace.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::api {
namespace {

using observe::SpanKind;
using observe::SpanRecord;

constexpr auto callers = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class Kept final : public observe::SpanSink {
  public:
    void take(SpanRecord span) noexcept override { spans.push_back(std::move(span)); }
    std::vector<SpanRecord> spans;
};

class Silence final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text += line; }
    std::string text;
};

class TracedRouteTest : public ::testing::Test {
  protected:
    // What every handler that sends does.
    task<net::Response> send(const net::Request& request) {
        seen = request.field_count("traceparent") == 1 ? std::string(*request.field("traceparent")) : "none, or two";
        auto trace = traces->begin(request, "orders");
        sent = trace.traceparent();
        if (throws) throw std::runtime_error("a bug");
        trace.ended(status < 500 ? Result<int>(1) : Result<int>(fail(ErrorKind::unavailable, "queue.down")));
        co_return net::Response::json(status, "{}");
    }
    void call(observe::Tracer* with, std::vector<net::Field> fields = {}) {
        const auto handler = traced(with, net::Method::post, "/v1/orders/{id}/cancel",
                                    [this](const net::Request& request) { return send(request); });
        net::Request request{.method = net::Method::post, .path = "/v1/orders/ord_1/cancel"};
        request.query = "email=ada@example.com";
        request.fields = fields;
        request.request_id = "r-1";
        loop.spawn(run(handler, request));
        loop.run_ready();
    }
    static task<void> run(const net::Handler& handler, const net::Request& request) {
        try {
            (void)co_await handler(request);
        } catch (const std::runtime_error&) {
        }
    }
    static std::map<std::string, std::string> texts(const SpanRecord& span) {
        std::map<std::string, std::string> result;
        for (const auto& [key, value] : span.attributes) {
            const auto* text = std::get_if<std::string>(&value);
            result[std::string(key)] = text != nullptr ? *text : std::to_string(std::get<std::int64_t>(value));
        }
        return result;
    }

    SimLoop loop;
    SeededEntropy entropy{1};
    Kept kept;
    Silence lines;
    observe::Logger log{loop.clock(), lines, observe::LogLevel::debug};
    observe::Tracer tracer{{loop.clock(), entropy, kept}, {}};
    std::optional<SendTraces> traces{std::in_place, &tracer, entropy, log};
    unsigned status = 202;
    bool throws = false;
    std::string seen;
    std::string sent;
};

TEST_F(TracedRouteTest, GivenACaller_ThenRequestAndSendStandBelowIt_AndTheSendTravels) {
    call(&tracer, {{"Traceparent", callers}, {"Accept", "*/*"}});

    ASSERT_EQ(kept.spans.size(), 2U);
    const auto& send = kept.spans[0];
    const auto& request = kept.spans[1];
    EXPECT_EQ(request.kind, SpanKind::server);
    EXPECT_EQ(request.name, "POST /v1/orders/{id}/cancel");
    EXPECT_EQ(observe::hex(request.parent), "00f067aa0ba902b7");
    EXPECT_EQ(send.kind, SpanKind::producer);
    EXPECT_EQ(send.parent, request.context.span_id);
    EXPECT_EQ(sent, send.context.to_string());
    EXPECT_EQ(seen, request.context.to_string()) << "in place of the caller's";
    EXPECT_EQ(request.context.trace_id_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_F(TracedRouteTest, GivenARequest_ThenTheSpanHasWhatIsKnownOfTheRoute_AndNothingThatIsPersonal) {
    call(&tracer, {{"Cookie", "secret"}});

    const auto attributes = texts(kept.spans.at(1));
    EXPECT_EQ(attributes.at("http.request.method"), "POST");
    EXPECT_EQ(attributes.at("http.route"), "/v1/orders/{id}/cancel");
    EXPECT_EQ(attributes.at("http.response.status_code"), "202");
    EXPECT_EQ(attributes.at("orderflow.request.id"), "r-1");
    for (const auto& [key, value] : attributes) {
        EXPECT_EQ(value.find("ada"), std::string::npos) << key;
        EXPECT_EQ(value.find("secret"), std::string::npos) << key;
    }
    EXPECT_TRUE(kept.spans.at(1).error.empty());
}

TEST_F(TracedRouteTest, GivenAFaultOrABug_ThenTheSpansSayIt) {
    status = 503;
    call(&tracer);
    EXPECT_EQ(kept.spans.at(0).error, "queue.down");
    EXPECT_EQ(kept.spans.at(1).error, "503");

    throws = true;
    call(&tracer);
    EXPECT_EQ(kept.spans.back().error, "exception");
}

TEST_F(TracedRouteTest, GivenNoTracer_ThenAContextTravelsAllTheSame_AndTheLogHasItsTrace) {
    traces.emplace(nullptr, entropy, log);
    call(nullptr, {{"traceparent", callers}});

    EXPECT_TRUE(kept.spans.empty());
    EXPECT_EQ(seen, callers);
    EXPECT_THAT(sent, ::testing::HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
    EXPECT_NE(sent, callers) << "a span of its own";
    EXPECT_THAT(lines.text,
                ::testing::HasSubstr(R"("event":"message.sent","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
}

TEST_F(TracedRouteTest, GivenTwoTraceparents_ThenATraceBegins) {
    call(&tracer, {{"traceparent", callers}, {"traceparent", callers}});

    EXPECT_NE(kept.spans.at(1).context.trace_id_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_NE(seen, "none, or two");
}

}  // namespace
}  // namespace orderflow::api
