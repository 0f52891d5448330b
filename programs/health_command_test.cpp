// Method: a real status server in this process whose health the test decides; a socket that listens and never answers.
#include "programs/health_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/testing/fake_clock.hpp"
#include "programs/status_server.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;

task<Readiness> ready() { co_return Readiness{}; }

class Health : public ::testing::Test {
  protected:
    // Its port.
    std::uint16_t start(std::optional<std::string> why_not_alive) {
        server.emplace(StatusServer::Parts{clock, entropy, metrics}, ready,
                       [why = std::move(why_not_alive)] { return why; });
        EXPECT_TRUE(server->start({"127.0.0.1", 0}));
        return server->bound().port;
    }

    SystemClock clock;
    crypto::SystemEntropy entropy;
    observe::Metrics metrics;
    std::optional<StatusServer> server;
};

TEST_F(Health, GivenNobodyWhoListens_WhenAsked_ThenItIsNotHealthy) {
    const auto port = start({});
    server.reset();

    const auto asked = ask_health({"127.0.0.1", port}, clock);

    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code(), "health.no_answer");
}

TEST_F(Health, GivenAProgramThatNeverAnswers_WhenTheTimeIsOver_ThenItIsNotHealthy) {
    boost::asio::io_context loop;
    using boost::asio::ip::tcp;
    const tcp::acceptor silent(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});

    const auto asked = ask_health({"127.0.0.1", silent.local_endpoint().port()}, clock);

    ASSERT_FALSE(asked);
    EXPECT_THAT(asked.error().detail(), HasSubstr("does not answer"));
}

TEST_F(Health, GivenAProgramThatSaysWhyItIsNotAlive_WhenAsked_ThenTheReasonIsTold) {
    const auto asked = ask_health({"127.0.0.1", start("its loop is silent")}, clock);

    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code(), "health.bad");
    EXPECT_THAT(asked.error().detail(), HasSubstr("503"));
    EXPECT_THAT(asked.error().detail(), HasSubstr("its loop is silent"));
}

TEST_F(Health, GivenAHealthyProgram_WhenAsked_ThenAllIsWell) {
    EXPECT_TRUE(ask_health({"127.0.0.1", start({})}, clock));
}

TEST_F(Health, GivenTheCommand_ThenItsExitCodeTellsTheEngine) {
    const auto well = std::to_string(start({}));
    const auto run = [this](const std::string& listen) {
        return run_health("x", {{"X_LISTEN", listen}}, "X_LISTEN", "127.0.0.1:1", clock);
    };

    EXPECT_EQ(run("0.0.0.0:" + well), 0);
    EXPECT_EQ(run("127.0.0.1:" + well), 0);
    EXPECT_EQ(run(""), 1) << "the fallback, where nobody listens";
    EXPECT_EQ(run("127.0.0.1:0"), 2);
    EXPECT_EQ(run("nonsense"), 2);
}

TEST(HealthAddress, GivenEveryAddress_ThenTheLoopbackIsAsked) {
    EXPECT_EQ(health_address({"0.0.0.0", 8080})->to_string(), "127.0.0.1:8080");
    EXPECT_EQ(health_address({"::", 8080})->to_string(), "[::1]:8080");
    EXPECT_EQ(health_address({"10.0.0.7", 8080})->to_string(), "10.0.0.7:8080");
    EXPECT_EQ(health_address({"127.0.0.1", 0}).error().code(), "health.no_port");
}

}  // namespace
}  // namespace orderflow
