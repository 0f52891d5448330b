// Method: our client against somebody else's server of the same protocol (moto_server, Python), in a process of its
// own. It is in no package that ./dev setup installs: where the machine has none, the tests say so and are skipped. Its
// time is real, so the queue port's contract, which lets hours pass, cannot run on it.
#include <gtest/gtest.h>

#include "libs/aws/pooled_http_transport.hpp"
#include "libs/aws/sqs_message_queue.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/integration/http_pool_rig.hpp"
#include "tests/integration/moto_server.hpp"

namespace orderflow::aws {
namespace {

using net::LoopRig;
using orders::OutgoingMessage;

class SqsMoto : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!is_installed("moto_server")) GTEST_SKIP() << "there is no moto_server here (a Python package)";
        server.emplace(dir / "log");
        url = rig.run(url_when_ready(rig, *server, dir / "log"));
        ASSERT_NE(url, "") << "moto_server does not start";
        pool = rig.pool();
        transport.emplace(*pool);
        auto request = net::request_of(url + "/", "POST", R"({"QueueName":"orders"})");
        // It takes the region from here, and looks at no signature.
        request.fields = {{"Content-Type", "application/x-amz-json-1.0"},
                          {"X-Amz-Target", "AmazonSQS.CreateQueue"},
                          {"Authorization",
                           "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, "
                           "SignedHeaders=host, Signature=0"}};
        ASSERT_EQ(rig.run(pool->ask(std::move(request), rig.in(20s))).value().status, 200);
        queue = client("orders");
    }

    static task<Result<Credentials>> anybody() {
        co_return Credentials{.access_key_id = "test", .secret_access_key = "test"};
    }
    std::unique_ptr<SqsMessageQueue> client(const std::string& name) {
        SqsQueueOptions options;
        options.retry.attempt_time = 20s;
        options.call_time = 20s;
        return std::make_unique<SqsMessageQueue>(
            Spawner(rig.loop().get_executor()),
            SqsCaller::Parts{*transport, [](Instant) { return anybody(); }, rig.timers(), clock, entropy},
            SqsEndpoint::resolve(url + "/123456789012/" + name, {{"AWS_REGION", "us-east-1"}}).value(), options);
    }
    std::vector<orders::ReceivedMessage> receive(std::chrono::milliseconds wait = {}) {
        orders::ReceiveRequest request;
        request.wait = wait;
        auto received = rig.run(queue->receive(std::move(request)));
        EXPECT_TRUE(received) << received.error().code() << ": " << received.error().detail();
        return *std::move(received);
    }

    SystemClock clock;
    SeededEntropy entropy{1};
    LoopRig rig;
    TempDir dir;
    std::optional<MotoServer> server;
    std::string url;
    std::unique_ptr<net::HttpPool> pool;
    std::optional<PooledHttpTransport> transport;
    std::unique_ptr<SqsMessageQueue> queue;
};

TEST_F(SqsMoto, GivenAQueueThatDoesNotExist_WhenUsed_ThenItIsNotFound) {
    const auto nowhere = client("nowhere");
    EXPECT_EQ(rig.run(nowhere->send({OutgoingMessage("a")})).error().kind(), ErrorKind::not_found);
    EXPECT_EQ(rig.run(nowhere->receive({})).error().kind(), ErrorKind::not_found);
    EXPECT_EQ(rig.run(nowhere->counts()).error().kind(), ErrorKind::not_found);
}

TEST_F(SqsMoto, GivenAReceiptThatIsNone_WhenRemoved_ThenItsEntryAloneFails) {
    const auto sent = rig.run(queue->send({OutgoingMessage("a")}));
    ASSERT_TRUE(sent) << sent.error().code() << ": " << sent.error().detail();
    const auto received = receive();
    ASSERT_EQ(received.size(), 1U);
    const auto removed = rig.run(queue->remove({{"nonsense"}, received[0].receipt})).value();
    EXPECT_EQ(removed[0].error().code(), "queue.receipt_handle_invalid");
    EXPECT_TRUE(removed[1]);
}

TEST_F(SqsMoto, GivenMessages_WhenSentReceivedGivenBackAndRemoved_ThenNothingIsLostOrLeft) {
    std::vector<OutgoingMessage> messages;
    for (int i = 0; i < 25; ++i) messages.emplace_back("message \xc3\xa4\xf0\x9f\x93\xa6 " + std::to_string(i));
    for (const auto& sent : rig.run(queue->send(messages)).value()) EXPECT_TRUE(sent);
    EXPECT_EQ(rig.run(queue->counts()).value().visible, 25U);

    std::set<std::string> bodies;
    auto first = receive(1s);
    ASSERT_FALSE(first.empty());
    EXPECT_EQ(first[0].receive_count, 1U);
    EXPECT_LE(first[0].sent_at, first[0].first_received_at);
    ASSERT_TRUE(rig.run(queue->change_visibility({{first[0].receipt, 0s}})).value().at(0));
    first.erase(first.begin());
    for (auto batch = std::move(first); !batch.empty(); batch = receive()) {
        std::vector<orders::ReceiptHandle> receipts;
        for (const auto& message : batch) {
            bodies.insert(message.body);
            receipts.push_back(message.receipt);
        }
        for (const auto& removed : rig.run(queue->remove(receipts)).value()) EXPECT_TRUE(removed);
    }
    EXPECT_EQ(bodies.size(), 25U);
    const auto counts = rig.run(queue->counts()).value();
    EXPECT_EQ(counts.visible + counts.in_flight, 0U);
}

}  // namespace
}  // namespace orderflow::aws
