// Method: a server cuts the answer to a send after so many bytes, for every number of bytes there is. The caller may
// never be told that a message was sent when the answer was not whole, nor that it was certainly refused.
#include <gtest/gtest.h>

#include "libs/aws/pooled_http_transport.hpp"
#include "libs/aws/sqs_message_queue.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "tests/integration/http_pool_rig.hpp"

namespace orderflow::aws {
namespace {

using net::Reaction;
using orders::OutgoingMessage;

constexpr std::string_view body =
    R"({"Successful":[{"Id":"0","MessageId":"m","MD5OfMessageBody":"0cc175b9c0f1b6a831c399e269772661"}]})";

std::string answer() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class SqsFaults : public ::testing::TestWithParam<Reaction::Then> {
  protected:
    using Sent = Result<std::vector<Result<orders::MessageId>>>;

    static task<Result<Credentials>> anybody() {
        co_return Credentials{.access_key_id = "test", .secret_access_key = "test"};
    }
    std::unique_ptr<SqsMessageQueue> client(HttpTransport& transport, const std::string& url,
                                            const SqsQueueOptions& options) {
        return std::make_unique<SqsMessageQueue>(
            Spawner(rig.loop().get_executor()),
            SqsCaller::Parts{transport, [](Instant) { return anybody(); }, rig.timers(), clock, entropy},
            SqsEndpoint::resolve(url, {{"AWS_REGION", "us-east-1"}}).value(), options);
    }

    SystemClock clock;
    SeededEntropy entropy{1};
    net::LoopRig rig;
};

TEST_P(SqsFaults, GivenAnAnswerThatEndsAfterAnyByte_WhenSentOnce_ThenOnlyTheWholeOneIsASuccess) {
    const auto whole = answer();
    std::size_t bytes = 0;
    net::ReactingServer server(rig.loop(), [&](const auto&) { return Reaction{whole.substr(0, bytes), GetParam()}; });
    const auto pool = rig.pool();
    PooledHttpTransport transport(*pool);
    SqsQueueOptions options;
    options.retry.attempts = 1;
    options.retry.attempt_time =
        GetParam() == Reaction::Then::stall ? BootClock::duration(30ms) : BootClock::duration(10s);
    const auto queue = client(transport, server.url("/000000000000/orders"), options);
    for (bytes = 0; bytes < whole.size(); ++bytes) {
        const auto sent = rig.run(queue->send({OutgoingMessage("a")}));
        ASSERT_FALSE(sent) << "a success after " << bytes << " bytes";
        EXPECT_EQ(sent.error().kind(), ErrorKind::unavailable);
        // In 30 ms a busy machine may not even have connected: then nothing was sent, and that is what is said.
        if (GetParam() != Reaction::Then::stall) EXPECT_FALSE(orders::was_refused(sent.error())) << bytes;
    }
    if (GetParam() == Reaction::Then::close) {
        EXPECT_EQ(rig.run(queue->send({OutgoingMessage("a")})).value().at(0).value().value, "m");
    }
}

TEST_P(SqsFaults, GivenAnAnswerThatIsCut_WhenTheNextOneIsWhole_ThenTheSendIsRepeatedAndSucceeds) {
    const auto whole = answer();
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{20}, whole.size() - 1}) {
        bool cut = true;
        net::ReactingServer server(rig.loop(), [&](const auto&) {
            return std::exchange(cut, false) ? Reaction{whole.substr(0, bytes), GetParam()} : Reaction{whole};
        });
        const auto pool = rig.pool();
        PooledHttpTransport transport(*pool);
        SqsQueueOptions options;
        options.retry.attempt_time =
            GetParam() == Reaction::Then::stall ? BootClock::duration(500ms) : BootClock::duration(10s);
        const auto queue = client(transport, server.url("/000000000000/orders"), options);
        const auto sent = rig.run(queue->send({OutgoingMessage("a")}));
        ASSERT_TRUE(sent) << sent.error().code();
        EXPECT_EQ(sent->at(0).value().value, "m");
        ASSERT_EQ(server.requests().size(), 2U);
    }
}

INSTANTIATE_TEST_SUITE_P(EveryByte, SqsFaults,
                         ::testing::Values(Reaction::Then::close, Reaction::Then::reset, Reaction::Then::stall),
                         [](const auto& test) {
                             return test.param == Reaction::Then::close   ? "Closed"
                                    : test.param == Reaction::Then::reset ? "Reset"
                                                                          : "Stalled";
                         });

}  // namespace
}  // namespace orderflow::aws
