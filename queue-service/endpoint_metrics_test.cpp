#include "queue-service/endpoint_metrics.hpp"

#include <gmock/gmock.h>

#include "queue-service/protocol/sqs_rig_test.hpp"

namespace orderflow::sqs {
namespace {

using testing::HasSubstr;
using testing::Not;

class NoLines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view) override {}
};

class EndpointMetricsTest : public SqsTest {
  protected:
    EndpointMetricsTest() { observer = &endpoint; }

    static std::string requests(const char* action, const char* status_class, int count) {
        return std::string("orderflow_sqs_requests_total{action=\"") + action + "\",class=\"" + status_class + "\"} " +
               std::to_string(count) + "\n";
    }

    NoLines lines;
    observe::Logger log{rig.loop().clock(), lines, observe::LogLevel::error};
    observe::Metrics metrics;
    EndpointMetrics endpoint{metrics, log};
};

TEST_F(EndpointMetricsTest, GivenRequests_WhenAnswered_ThenTheyAreCountedByActionAndClass) {
    create("a");
    send_body("a", "x");
    send_body("a", "y");
    json("SendMessage", on("no-such-queue", R"("MessageBody":"x")"));
    form("Action=ListQueues");

    const auto text = metrics.render();
    EXPECT_THAT(text, HasSubstr(requests("CreateQueue", "2xx", 1)));
    EXPECT_THAT(text, HasSubstr(requests("SendMessage", "2xx", 2)));
    EXPECT_THAT(text, HasSubstr(requests("SendMessage", "4xx", 1)));
    EXPECT_THAT(text, HasSubstr(requests("ListQueues", "2xx", 1)));
    EXPECT_THAT(text, HasSubstr(requests("DeleteQueue", "2xx", 0)));
}

TEST_F(EndpointMetricsTest, GivenAnActionThatThereIsNot_WhenAsked_ThenItsNameIsNoLabel) {
    json("Invented", "{}");
    form("Action=Invented");
    const auto text = metrics.render();
    EXPECT_THAT(text, HasSubstr(requests("none", "4xx", 2)));
    EXPECT_THAT(text, Not(HasSubstr("Invented")));
}

TEST_F(EndpointMetricsTest, GivenALongPoll_WhenAnswered_ThenItsWaitIsMeasured) {
    create("a");
    std::vector<TestAnswer> answers;
    start(json_request("ReceiveMessage", on("a", R"("WaitTimeSeconds":20)")), answers);
    rig.loop().advance(20s);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_sqs_request_seconds_sum{action=\"ReceiveMessage\"} 20\n"));
}

TEST_F(EndpointMetricsTest, GivenConnections_WhenTheyComeAndGo_ThenTheOpenOnesAreTold) {
    endpoint.connection_opened();
    endpoint.connection_opened();
    endpoint.connection_closed();
    endpoint.refused(431, "head-too-large");
    net::HttpObserver::Exchange exchange;
    exchange.status = 200;
    exchange.body_bytes_in = 100;
    exchange.bytes_out = 300;
    endpoint.answered(exchange);
    const auto text = metrics.render();
    EXPECT_THAT(text, HasSubstr("orderflow_sqs_connections 1\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_sqs_refused_total 1\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_sqs_received_bytes_total 100\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_sqs_sent_bytes_total 300\n"));
}

}  // namespace
}  // namespace orderflow::sqs
