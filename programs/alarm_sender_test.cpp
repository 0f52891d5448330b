// Goal: a message gets to its webhook although that is away for a while, and no webhook, however it behaves, costs more
// than a bounded number of tries, time and memory.
#include "programs/alarm_sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Silent final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text += line; }
    std::string text;
};

class AlarmSenderTest : public ::testing::Test {
  protected:
    AlarmSenderTest() { loop.spawn(sender.run()); }

    // Answers after `takes` with the status; 0: not at all.
    task<Result<int>> answer(std::string body, Instant deadline) {
        tried_at.push_back(loop.clock().now() - begin);
        const auto status = status_now;
        co_await sleep_until(loop, std::min(loop.clock().now() + takes, deadline));
        if (status == 0) co_return fail(ErrorKind::unavailable, "http.timeout", "https://secret.example/");
        if (status == 200) brought.push_back(std::move(body));
        co_return status;
    }

    std::string counted(const std::string& outcome) {
        const auto text = metrics.render();
        const auto name = "orderflow_alarm_messages_total{outcome=\"" + outcome + "\"} ";
        const auto at = text.find(name) + name.size();
        return text.substr(at, text.find('\n', at) - at);
    }

    SimLoop loop;
    const Instant begin = loop.clock().now();
    Silent lines;
    observe::Logger log{loop.clock(), lines, observe::LogLevel::info};
    observe::Metrics metrics;
    int status_now = 200;
    BootClock::duration takes = 100ms;
    std::vector<BootClock::duration> tried_at;
    std::vector<std::string> brought;
    AlarmSender sender{{loop, loop.clock(), log, metrics},
                       [this](std::string body, Instant deadline) { return answer(std::move(body), deadline); }};
};

TEST_F(AlarmSenderTest, GivenAWebhookThatIsAway_ThenTriesAreBoundedAndItGoesOn) {
    status_now = 0;
    sender.send("lost");

    loop.advance(1h);

    EXPECT_EQ(tried_at.size(), static_cast<std::size_t>(AlarmSender::tries_max));
    EXPECT_EQ(counted("failed"), "1");
    EXPECT_THAT(lines.text, Not(HasSubstr("secret"))) << "the address may be a secret";
    status_now = 200;
    sender.send("next");
    loop.advance(1s);
    EXPECT_THAT(brought, ElementsAre("next"));
}

TEST_F(AlarmSenderTest, GivenAWebhookThatComesBack_ThenTheMessageIsBroughtOnce) {
    status_now = 503;
    sender.send("late");
    loop.advance(1s);
    status_now = 200;

    loop.advance(1min);

    EXPECT_THAT(brought, ElementsAre("late"));
    EXPECT_THAT(tried_at, ElementsAre(0s, 2100ms));
    EXPECT_EQ(counted("sent"), "1");
}

TEST_F(AlarmSenderTest, GivenARefusal_ThenItIsNotTriedAgain) {
    status_now = 404;
    sender.send("x");

    loop.advance(1h);

    EXPECT_EQ(tried_at.size(), 1U);
    EXPECT_EQ(counted("failed"), "1");
}

TEST_F(AlarmSenderTest, GivenMoreThanMayWait_ThenTheOldestAreDropped) {
    takes = 5s;
    sender.send("first");
    loop.advance(1s);  // it is on its way
    for (std::size_t i = 0; i < AlarmSender::waiting_max + 2; ++i) sender.send(std::to_string(i));

    loop.advance(10min);

    EXPECT_EQ(counted("dropped"), "2");
    ASSERT_EQ(brought.size(), AlarmSender::waiting_max + 1);
    EXPECT_EQ(brought[0], "first");
    EXPECT_EQ(brought[1], "2");
}

TEST_F(AlarmSenderTest, GivenSeveralMessages_ThenTheyKeepTheirOrder) {
    for (const auto* body : {"a", "b", "c"}) sender.send(body);

    loop.advance(1s);

    EXPECT_THAT(brought, ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace orderflow
