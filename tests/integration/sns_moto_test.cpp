// Method: our sender of events against somebody else's Amazon SNS (moto_server.hpp), with queues subscribed to the
// topic that the messages are read from again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "libs/aws/pooled_http_transport.hpp"
#include "libs/aws/sns_event_sender.hpp"
#include "libs/aws/sqs_message_queue.hpp"
#include "libs/aws/uri_escape.hpp"
#include "libs/aws/xml_document.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/integration/http_pool_rig.hpp"
#include "tests/integration/moto_server.hpp"

namespace orderflow::aws {
namespace {

using net::LoopRig;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

using Form = std::vector<std::pair<std::string, std::string>>;

const std::string account = "arn:aws:sns:us-east-1:123456789012:";

orders::OutgoingEvent event(const std::string& order, int version, const std::string& status,
                            const std::string& tenant = "acme") {
    orders::OutgoingEvent event;
    event.order_id = order;
    event.id = order + ":" + std::to_string(version);
    event.type = "order." + status;
    event.order_status = status;
    event.tenant = tenant;
    event.body = R"({"specversion":"1.0","id":")" + event.id + R"(","note":"ä & <b> 100 % + 1"})";
    return event;
}

class SnsMoto : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!is_installed("moto_server")) GTEST_SKIP() << "there is no moto_server here (a Python package)";
        server.emplace(dir / "log");
        url = rig.run(url_when_ready(rig, *server, dir / "log"));
        ASSERT_NE(url, "") << "moto_server does not start";
        pool = rig.pool();
        transport.emplace(*pool);
    }

    static task<Result<Credentials>> anybody() {
        co_return Credentials{.access_key_id = "test", .secret_access_key = "test"};
    }
    AwsCaller::Parts parts() {
        return {*transport, [](Instant) { return anybody(); }, rig.timers(), clock, entropy};
    }
    Spawner spawn() { return Spawner(rig.loop().get_executor()); }

    // Another client than ours: it takes the region from here, and looks at no signature.
    net::ClientAnswer ask(const std::string& service, const Form& form) {
        std::string body;
        for (const auto& [name, value] : form) body += (body.empty() ? "" : "&") + name + "=" + escaped(value);
        auto request = net::request_of(url + "/", "POST", body);
        request.fields = {{"Content-Type", "application/x-www-form-urlencoded"},
                          {"Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/" + service +
                                                "/aws4_request, SignedHeaders=host, Signature=0"}};
        auto answer = rig.run(pool->ask(std::move(request), rig.in(20s)));
        EXPECT_EQ(answer.value().status, 200) << answer->body;
        return *std::move(answer);
    }
    void make_topic(const std::string& name) {
        Form form{{"Action", "CreateTopic"}, {"Version", "2010-03-31"}, {"Name", name}};
        if (name.ends_with(".fifo")) {
            form.emplace_back("Attributes.entry.1.key", "FifoTopic");
            form.emplace_back("Attributes.entry.1.value", "true");
        }
        ask("sns", form);
    }
    // A queue that gets what the topic gets, as it is, and what of it `filter` lets through.
    std::unique_ptr<SqsMessageQueue> subscriber(const std::string& topic, const std::string& queue,
                                                const std::string& filter = {}) {
        Form make{{"Action", "CreateQueue"}, {"Version", "2012-11-05"}, {"QueueName", queue}};
        if (queue.ends_with(".fifo")) {
            make.emplace_back("Attribute.1.Name", "FifoQueue");
            make.emplace_back("Attribute.1.Value", "true");
        }
        ask("sqs", make);
        Form subscribe{{"Action", "Subscribe"},
                       {"Version", "2010-03-31"},
                       {"TopicArn", account + topic},
                       {"Protocol", "sqs"},
                       {"Endpoint", "arn:aws:sqs:us-east-1:123456789012:" + queue},
                       {"Attributes.entry.1.key", "RawMessageDelivery"},
                       {"Attributes.entry.1.value", "true"}};
        if (!filter.empty()) {
            subscribe.emplace_back("Attributes.entry.2.key", "FilterPolicy");
            subscribe.emplace_back("Attributes.entry.2.value", filter);
        }
        ask("sns", subscribe);
        SqsQueueOptions options;
        options.retry.attempt_time = 20s;
        options.call_time = 20s;
        return std::make_unique<SqsMessageQueue>(
            spawn(), parts(),
            SqsEndpoint::resolve(url + "/123456789012/" + queue, {{"AWS_REGION", "us-east-1"}}).value(), options);
    }
    SnsEventSender& sender_to(const std::string& topic) {
        AwsRetryPolicy policy;
        policy.attempt_time = 20s;
        return sender.emplace(spawn(), parts(),
                              SnsEndpoint::resolve(account + topic, {{"AWS_ENDPOINT_URL_SNS", url}}).value(), policy);
    }
    // All at once, as the dispatcher does.
    std::vector<orders::SendAnswer> send(const std::string& topic, const std::vector<orders::OutgoingEvent>& events) {
        auto& to = sender_to(topic);
        std::vector<std::optional<orders::SendAnswer>> answers(events.size());
        for (std::size_t i = 0; i < events.size(); ++i) {
            rig.start(to.send({"wh_1", {.url = account + topic}, WallTime()}, events[i], rig.in(20s), {}), answers[i]);
        }
        rig.wait([&] { return std::ranges::all_of(answers, [](const auto& one) { return one.has_value(); }); });
        std::vector<orders::SendAnswer> all;
        for (auto& one : answers) all.push_back(*std::move(one));
        return all;
    }
    std::vector<std::string> bodies(SqsMessageQueue& queue, std::size_t count) {
        std::vector<std::string> found;
        while (found.size() < count) {
            orders::ReceiveRequest request;
            request.wait = 2s;
            const auto received = rig.run(queue.receive(std::move(request))).value();
            if (received.empty()) break;
            for (const auto& message : received) found.push_back(message.body);
            std::vector<orders::ReceiptHandle> receipts;
            for (const auto& message : received) receipts.push_back(message.receipt);
            (void)rig.run(queue.remove(receipts));
        }
        return found;
    }

    SystemClock clock;
    SeededEntropy entropy{1};
    LoopRig rig;
    TempDir dir;
    std::optional<MotoServer> server;
    std::string url;
    std::unique_ptr<net::HttpPool> pool;
    std::optional<PooledHttpTransport> transport;
    std::optional<SnsEventSender> sender;
};

TEST_F(SnsMoto, GivenATopicThatDoesNotExist_WhenSent_ThenItIsUnknown) {
    const auto answers = send("nowhere", {event("ord_1", 1, "accepted")});
    EXPECT_EQ(answers[0].code, "topic.unknown");
    EXPECT_THAT(answers[0].head, HasSubstr("NotFound"));
}

TEST_F(SnsMoto, GivenEvents_WhenSent_ThenTheSubscribedQueueHasTheirBodiesAsTheyAre) {
    make_topic("orders");
    const auto queue = subscriber("orders", "all");
    std::vector<orders::OutgoingEvent> events;
    for (int i = 1; i <= 12; ++i) events.push_back(event("ord_" + std::to_string(i), 1, "confirmed"));
    for (const auto& answer : send("orders", events)) {
        EXPECT_EQ(answer.code, "") << answer.head;
        EXPECT_TRUE(answer.head.starts_with("MessageId ")) << answer.head;
    }
    std::vector<std::string> sent;
    for (const auto& one : events) sent.push_back(one.body);
    EXPECT_THAT(bodies(*queue, 12), testing::UnorderedElementsAreArray(sent));
}

TEST_F(SnsMoto, GivenFilterPolicies_WhenSent_ThenEachSubscriberGetsWhatItsPolicyLetsThrough) {
    make_topic("orders");
    const auto confirmed = subscriber("orders", "confirmed", R"({"order_status":["confirmed"]})");
    const auto acme = subscriber("orders", "acme", R"({"tenant":["acme"],"event_type":[{"prefix":"order."}]})");
    const std::vector<orders::OutgoingEvent> events{event("ord_1", 1, "accepted"), event("ord_1", 2, "confirmed"),
                                                    event("ord_2", 2, "confirmed", "other")};
    for (const auto& answer : send("orders", events)) EXPECT_EQ(answer.code, "") << answer.head;
    EXPECT_THAT(bodies(*confirmed, 3), UnorderedElementsAre(events[1].body, events[2].body));
    EXPECT_THAT(bodies(*acme, 3), UnorderedElementsAre(events[0].body, events[1].body));
}

TEST_F(SnsMoto, GivenAFifoTopic_WhenAnEventIsSentAgain_ThenItComesOnceAndOfOneOrderInItsOrder) {
    make_topic("orders.fifo");
    const auto queue = subscriber("orders.fifo", "orders.fifo");
    const auto first = event("ord_1", 1, "accepted");
    const auto second = event("ord_1", 2, "confirmed");
    for (const auto& one : {first, first, second, first}) {
        EXPECT_EQ(send("orders.fifo", {one})[0].code, "");
    }
    EXPECT_THAT(bodies(*queue, 4), ElementsAre(first.body, second.body));
}

}  // namespace
}  // namespace orderflow::aws
