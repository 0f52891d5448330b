// Goal: faults reach a tracker that is there, and no tracker, however it behaves, costs more than a bounded number of
// tries, time and memory.
#include "programs/error_forwarder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class Lines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text += std::string(line) + "\n"; }
    std::string text;
};

class ErrorForwarderTest : public ::testing::Test {
  protected:
    ErrorForwarderTest() {
        loop.spawn(forwarder.run());
        loop.run_ready();
    }

    // Answers after `takes` with the status; 0: not at all.
    task<Result<ErrorForwarder::Answer>> answer(std::string envelope, Instant deadline) {
        tried.push_back(envelope);
        auto result = ErrorForwarder::Answer(status_now);
        result.retry_after = retry_after;
        result.limit = limit;
        co_await sleep_until(loop, std::min(loop.clock().now() + takes, deadline));
        if (result.status == 0) co_return fail(ErrorKind::unavailable, "http.timeout", "https://secret.example/");
        co_return result;
    }
    void send(const std::string& envelope) {
        forwarder.send(envelope);
        loop.advance(1s);
    }
    int counted(const std::string& outcome) {
        const auto text = metrics.render();
        const auto name = "orderflow_client_errors_forwarded_total{outcome=\"" + outcome + "\"} ";
        return std::stoi(text.substr(text.find(name) + name.size()));
    }

    SimLoop loop;
    Lines lines;
    observe::Logger log{loop.clock(), lines, observe::LogLevel::info};
    observe::Metrics metrics;
    int status_now = 200;
    std::optional<BootClock::duration> retry_after;
    std::optional<BootClock::duration> limit;
    BootClock::duration takes = 10ms;
    std::vector<std::string> tried;
    ErrorForwarder forwarder{{loop, loop.clock(), log, metrics}, [this](std::string envelope, Instant deadline) {
                                 return answer(std::move(envelope), deadline);
                             }};
};

TEST_F(ErrorForwarderTest, GivenATrackerThatDoesNotAnswer_ThenMemoryAndTimeAreBounded_AndItGoesOn) {
    status_now = 0;
    takes = 1h;
    for (int i = 0; i < 1000; ++i) forwarder.send("event");

    EXPECT_EQ(counted("dropped"), 1000 - static_cast<int>(ErrorForwarder::waiting_max));
    loop.advance(ErrorForwarder::answer_time * (ErrorForwarder::waiting_max + 1));
    EXPECT_THAT(tried, SizeIs(ErrorForwarder::waiting_max)) << "each once";
    EXPECT_EQ(counted("failed"), static_cast<int>(ErrorForwarder::waiting_max));
    EXPECT_THAT(lines.text, HasSubstr("client_errors.not_forwarded"));
    EXPECT_THAT(lines.text, Not(HasSubstr("secret"))) << "the address is a secret";
    EXPECT_LE(std::ranges::count(lines.text, '\n'), 7) << "told once a minute";
    status_now = 200;
    takes = 10ms;
    send("next");
    EXPECT_EQ(counted("sent"), 1);
}

TEST_F(ErrorForwarderTest, Given429_ThenItRestsAsLongAsItWasTold_AndWhatComesMeanwhileIsDropped) {
    status_now = 429;
    retry_after = 30s;
    send("first");
    status_now = 200;
    send("meanwhile");
    EXPECT_THAT(tried, ElementsAre("first"));
    EXPECT_EQ(counted("limited"), 2);

    loop.advance(30s);
    send("after");

    EXPECT_THAT(tried, ElementsAre("first", "after"));
    EXPECT_EQ(counted("sent"), 1);
}

TEST_F(ErrorForwarderTest, Given429WithoutATime_ThenItRestsAMinute) {
    status_now = 429;
    send("first");
    status_now = 200;
    loop.advance(ErrorForwarder::usual_rest - 3s);
    send("too soon");
    EXPECT_THAT(tried, ElementsAre("first"));
    loop.advance(2s);
    send("after");
    EXPECT_THAT(tried, ElementsAre("first", "after"));
}

TEST_F(ErrorForwarderTest, GivenALimitOfErrors_ThenItGoesBeforeRetryAfter_AlsoBehind200_WithinReason) {
    limit = 24h;
    retry_after = 1s;
    send("taken");
    EXPECT_EQ(counted("sent"), 1);
    limit = std::nullopt;
    send("meanwhile");
    EXPECT_EQ(counted("limited"), 1);

    loop.advance(ErrorForwarder::longest_rest);
    send("after");
    EXPECT_EQ(counted("sent"), 2);
}

TEST_F(ErrorForwarderTest, GivenATrackerThatRefuses_ThenNothingIsSentAgain) {
    for (const int status : {301, 400, 401, 403, 404, 413, 500, 503}) {
        status_now = status;
        tried.clear();
        send("event");
        loop.advance(1min);
        EXPECT_THAT(tried, SizeIs(1)) << status;
    }
    EXPECT_EQ(counted("failed"), 8);
}

}  // namespace
}  // namespace orderflow
