// Goal: one order is one trace, from the request of the shop to each effect and each webhook, in one program and in
// three; and a collector that is away costs no order.
// Method: the real programs, a collector, a payment provider and a webhook endpoint with real listeners in this
// process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/http_server.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/services.hpp"
#include "tests/payments/sample_provider.hpp"
#include "tests/telemetry/otlp_receiver.hpp"

namespace orderflow::e2e {
namespace {

using telemetry::OtlpReceiver;
using telemetry::ReceivedSpan;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr auto callers_span = "00f067aa0ba902b7";

// An endpoint of webhooks on a free port of 127.0.0.1, which takes everything and keeps the fields of each call.
class WebhookReceiver {
  public:
    using Fields = std::map<std::string, std::string>;  // names in lower case

    explicit WebhookReceiver(Entropy& entropy)
        : loop_(clock_, 1, "receiver"),
          router_({{.method = net::Method::post,
                    .pattern = "/hook",
                    .handler = [this](const net::Request& request) { return take(request); },
                    .name = "hook",
                    .options = {}}}),
          server_({.runtime = loop_, .clock = clock_, .entropy = entropy, .router = router_, .observer = observer_},
                  {}) {
        if (!server_.listen({.host = "127.0.0.1", .port = 0})) throw std::runtime_error("the receiver cannot listen");
        loop_.start();
        server_.start();
    }
    ~WebhookReceiver() {
        server_.stop({});
        loop_.stop();
    }
    WebhookReceiver(const WebhookReceiver&) = delete;
    WebhookReceiver& operator=(const WebhookReceiver&) = delete;

    std::string url() const { return "http://" + server_.bound().to_string() + "/hook"; }
    // Of the first call about an event of this type.
    Fields wait_for(std::string_view type) {
        std::unique_lock lock(mutex_);
        const auto found = [&] {
            return std::ranges::find_if(calls_, [&](const Fields& call) { return call.at("ce-type") == type; });
        };
        if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return found() != calls_.end(); })) return {};
        return *found();
    }

  private:
    task<net::Response> take(const net::Request& request) {
        Fields fields;
        for (const auto& field : request.fields) {
            std::string name(field.name);
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
            fields.emplace(std::move(name), field.value);
        }
        const std::lock_guard lock(mutex_);
        calls_.push_back(std::move(fields));
        changed_.notify_all();
        co_return net::Response::json(200, "{}");
    }

    SystemClock clock_;
    net::HttpObserver observer_;
    net::Runtime loop_;
    net::Router router_;
    net::HttpServer server_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Fields> calls_;
};

class TracesTest : public ::testing::Test {
  protected:
    ServerProcess::Settings settings() const {
        return {{"OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()},
                {"ORDERFLOW_LOG_LEVEL", "debug"},
                {"ORDERFLOW_PAYMENT_PROVIDER", "http"},
                {"ORDERFLOW_PAYMENT_URL", provider.url()},
                {"ORDERFLOW_PAYMENT_SECRET", secret}};
    }

    // Of a caller that traces too. The order's id, when it is confirmed.
    static std::string place(const ShopClient& client, std::string_view flags = "01") {
        const auto answer = client.try_request(
            "POST", "/v1/orders",
            {{"Content-Type", "application/json"},
             {"Idempotency-Key", "traces-test-0001"},
             {"traceparent", "00-" + std::string(trace_id) + "-" + callers_span + "-" + std::string(flags)}},
            order_body({{std::string(sku), 1}}));
        EXPECT_EQ(answer.value().status, 202) << answer->body;
        auto id = answer->text("id");
        EXPECT_EQ(client.wait_until_settled(id), "confirmed");
        return id;
    }

    // The spans of the order's trace by name, as soon as the last of them is there.
    std::map<std::string, ReceivedSpan> spans_of_order() {
        const auto is_whole = [](const OtlpReceiver::Spans& spans) {
            return std::ranges::any_of(spans, [](const auto& span) { return span.name == "process orders"; }) &&
                   std::ranges::any_of(spans, [](const auto& span) { return span.name == "POST /v1/orders"; });
        };
        EXPECT_TRUE(collector.wait_for(is_whole));
        std::map<std::string, ReceivedSpan> by_name;
        for (const auto& span : collector.spans()) {
            if (span.trace_id == trace_id) by_name.emplace(span.name, span);
        }
        return by_name;
    }

    void expect_one_trace(const std::string& order, const std::string& api, const std::string& worker) {
        const auto spans = spans_of_order();
        ASSERT_EQ(spans.size(), 6U);
        const auto& request = spans.at("POST /v1/orders");
        const auto& send = spans.at("send orders");
        const auto& process = spans.at("process orders");
        const auto& charge = spans.at("payment charge");
        EXPECT_EQ(request.parent_id, callers_span);
        EXPECT_EQ(send.parent_id, request.span_id);
        EXPECT_EQ(process.parent_id, send.span_id);
        for (const auto* effect : {"store place", "payment charge", "store settle_charge"}) {
            EXPECT_EQ(spans.at(effect).parent_id, process.span_id) << effect;
            EXPECT_GE(spans.at(effect).start_ns, process.start_ns) << effect;
            EXPECT_LE(spans.at(effect).end_ns, process.end_ns) << effect;
        }
        EXPECT_LE(spans.at("store place").end_ns, charge.start_ns);
        EXPECT_EQ(provider.last_traceparent(), "00-" + std::string(trace_id) + "-" + charge.span_id + "-01");
        EXPECT_EQ(request.service, api);
        EXPECT_EQ(process.service, worker);
        EXPECT_EQ(std::tuple(request.kind, send.kind, process.kind, charge.kind), std::tuple(2, 4, 5, 3));
        EXPECT_EQ(request.attributes.at("http.response.status_code"), "202");
        EXPECT_EQ(process.attributes.at("orderflow.order.id"), order);
        EXPECT_EQ(process.attributes.at("orderflow.order.status"), "confirmed");
        EXPECT_EQ(process.attributes.at("messaging.destination.name"), "orders");
        EXPECT_THAT(collector.faults(), IsEmpty());
        for (const auto& span : collector.spans()) {
            for (const auto& [key, value] : span.attributes) {
                EXPECT_THAT(value, Not(HasSubstr("@"))) << key << ": no personal data";
            }
        }
    }

    SystemClock clock;
    crypto::SystemEntropy entropy;
    TempDir dir;
    OtlpReceiver collector{entropy};
    payments::SampleProvider provider{
        clock, entropy, {.ledger = dir / "provider.db", .secrets = secret, .listen = {.host = "127.0.0.1", .port = 0}}};
};

TEST_F(TracesTest, GivenOneProgram_WhenAnOrderIsPlaced_ThenItIsOneTraceFromTheCallerToEachEffect) {
    auto with = settings();
    with["ORDERFLOW_DATA_DIR"] = dir / "data";
    ServerProcess program(with);
    const ShopClient client(program.wait_until_ready());

    const auto order = place(client);

    expect_one_trace(order, "orderflow", "orderflow");
    program.terminate();
    EXPECT_EQ(program.wait(), 0);
    EXPECT_THAT(program.stderr_text(), HasSubstr(R"("event":"order.settled","trace_id":")" + std::string(trace_id)));
    EXPECT_THAT(program.stderr_text(), HasSubstr(R"("event":"message.sent","trace_id":")" + std::string(trace_id)));
}

TEST_F(TracesTest, GivenThreeServices_WhenAnOrderIsPlaced_ThenItIsOneTraceAcrossThem) {
    Services services(settings());

    const auto order = place(services.client());

    expect_one_trace(order, "api-service", "worker-service");
}

TEST_F(TracesTest, GivenAWebhook_WhenAnOrderIsPlaced_ThenItsCallIsInTheTraceOfTheRequest) {
    WebhookReceiver receiver(entropy);
    auto with = settings();
    with["ORDERFLOW_WEBHOOK_ALLOW"] = "private,http";
    Services services(with);
    const auto client = services.client();
    const auto made = client.try_request("POST", "/v1/admin/webhooks", {{"Content-Type", "application/json"}},
                                         R"({"url":")" + receiver.url() + R"(","mode":"binary"})");
    ASSERT_EQ(made.value().status, 202) << made->body;
    while (client.get(made->fields.at("location")).status != 200) {
    }

    const auto order = place(client);

    const auto call = receiver.wait_for("order.confirmed");
    ASSERT_FALSE(call.empty());
    ASSERT_TRUE(collector.wait_for([&](const OtlpReceiver::Spans& spans) {
        return std::ranges::any_of(spans, [&](const auto& span) {
            const auto id = span.attributes.find("orderflow.event.id");
            return id != span.attributes.end() && id->second == call.at("ce-id");
        });
    }));
    const auto spans = collector.spans();
    const auto delivery = std::ranges::find_if(spans, [&](const auto& span) {
        const auto id = span.attributes.find("orderflow.event.id");
        return id != span.attributes.end() && id->second == call.at("ce-id");
    });
    const auto settled = spans_of_order().at("store settle_charge");
    EXPECT_EQ(delivery->name, "deliver webhook");
    EXPECT_EQ(delivery->trace_id, trace_id);
    EXPECT_EQ(delivery->parent_id, settled.span_id);
    EXPECT_EQ(delivery->service, "worker-service");
    EXPECT_EQ(delivery->attributes.at("http.response.status_code"), "200");
    EXPECT_EQ(delivery->attributes.at("orderflow.order.id"), order);
    EXPECT_EQ(call.at("traceparent"), "00-" + std::string(trace_id) + "-" + delivery->span_id + "-01");
    EXPECT_EQ(call.at("ce-traceparent"), "00-" + std::string(trace_id) + "-" + settled.span_id + "-01");
    EXPECT_THAT(collector.faults(), IsEmpty());
}

TEST_F(TracesTest, GivenACallerThatDoesNotSample_WhenAnOrderIsPlaced_ThenNothingIsRecorded_AndItsTraceTravels) {
    auto with = settings();
    with["ORDERFLOW_DATA_DIR"] = dir / "data";
    ServerProcess program(with);
    const ShopClient client(program.wait_until_ready());

    place(client, "00");
    program.terminate();
    EXPECT_EQ(program.wait(), 0);

    for (const auto& span : collector.spans()) EXPECT_NE(span.trace_id, trace_id) << span.name;
    EXPECT_THAT(provider.last_traceparent(), HasSubstr(trace_id));
    EXPECT_THAT(provider.last_traceparent(), EndsWith("-00"));
}

TEST_F(TracesTest, GivenACollectorThatIsAwayOrHangs_WhenOrdersArePlaced_ThenAllAreConfirmed_AndTheProgramEndsInTime) {
    collector.answer(200, 60s);
    for (const auto& endpoint : {std::string("http://127.0.0.1:1"), collector.url()}) {
        auto with = settings();
        with["ORDERFLOW_DATA_DIR"] = dir / ("data" + endpoint.substr(endpoint.rfind(':') + 1));
        with["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        with["ORDERFLOW_DRAIN_SECONDS"] = "8";
        ServerProcess program(with);
        const ShopClient client(program.wait_until_ready());
        std::vector<std::string> ids;
        for (int i = 0; i < 30; ++i) {
            const auto key = "traces-test-away-" + std::to_string(i);
            ids.push_back(client.post_order(key, order_body({{std::string(sku), 1}})).text("id"));
        }

        for (const auto& id : ids) EXPECT_EQ(client.wait_until_settled(id), "confirmed");
        EXPECT_THAT(client.get("/metrics").body, HasSubstr("orderflow_spans_dropped_total{reason=\"not_sent\"}"));
        program.terminate();
        EXPECT_EQ(program.wait(std::chrono::seconds(20)), 0) << endpoint;
        EXPECT_THAT(program.stderr_text(), AnyOf(HasSubstr("traces.not_sent"), HasSubstr("traces.dropped_at_end")))
            << endpoint;
    }
}

TEST_F(TracesTest, GivenSettingsThatDoNotFit_WhenStarted_ThenTheyAreNamedAndNothingStarts) {
    ServerProcess program({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"},
                           {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                           {"ORDERFLOW_METRICS", "statsd"}});

    EXPECT_EQ(program.wait(), 2);
    EXPECT_THAT(program.stderr_text(), HasSubstr("OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' is not spoken here"));
    EXPECT_THAT(program.stderr_text(), HasSubstr("ORDERFLOW_METRICS: 'statsd'"));
}

}  // namespace
}  // namespace orderflow::e2e
