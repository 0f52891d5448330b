// Small rules on header fields and queries: keys, tags, rates, operators.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api-service/api_config.hpp"
#include "api-service/entity_tag.hpp"
#include "api-service/idempotency_key.hpp"
#include "api-service/operator_access.hpp"
#include "api-service/order_query.hpp"
#include "api-service/rate_limiter.hpp"
#include "libs/testing/fake_clock.hpp"

namespace orderflow::api {
namespace {

using testing::SizeIs;

TEST(IdempotencyKey, GivenTheQuotedForm_ThenItsEscapesAreUndone) {
    EXPECT_EQ(parse_idempotency_key(R"("a\"b\\c-0123456789abcd")").value(), R"(a"b\c-0123456789abcd)");
    EXPECT_FALSE(parse_idempotency_key(R"("a\nb-0123456789abcdef")"));
    EXPECT_FALSE(parse_idempotency_key(R"("0123456789abcdef" )"));
    EXPECT_FALSE(parse_idempotency_key(R"("0123456789abcdef\")"));
    EXPECT_FALSE(parse_idempotency_key(R"("01234567"89abcdef0")"));
}

TEST(IdempotencyKey, GivenItsLength_ThenSixteenTo255CharactersPass) {
    EXPECT_FALSE(parse_idempotency_key(std::string(15, 'k')));
    EXPECT_TRUE(parse_idempotency_key(std::string(16, 'k')));
    EXPECT_TRUE(parse_idempotency_key(std::string(255, 'k')));
    EXPECT_FALSE(parse_idempotency_key(std::string(256, 'k')));
    EXPECT_TRUE(parse_idempotency_key('"' + std::string(255, 'k') + '"'));
}

TEST(RateLimiter, GivenARate_ThenTwiceAsManyMayComeAtOnce_AndThenTheRate) {
    const FakeClock clock;
    RateLimiter limiter("orders", 10);
    auto now = clock.now();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(limiter.ask("a", now).remaining, 19 - i);

    const auto refused = limiter.ask("a", now);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.next_after, 100ms);
    now += 100ms;
    EXPECT_TRUE(limiter.ask("a", now).allowed);
    EXPECT_FALSE(limiter.ask("a", now).allowed);
    EXPECT_TRUE(limiter.ask("b", now).allowed);
}

TEST(RateLimiter, GivenRefusals_ThenTheyDoNotPushTheTimeFurtherAway) {
    RateLimiter limiter("orders", 1);
    const Instant now(1h);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(limiter.ask("a", now).allowed);
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(limiter.ask("a", now).allowed);

    EXPECT_TRUE(limiter.ask("a", now + 1s).allowed);
}

TEST(RateLimiter, GivenManyPeers_ThenMemoryIsBounded) {
    RateLimiter limiter("orders", 1);
    for (std::size_t i = 0; i < RateLimiter::peers_max + 100; ++i) limiter.ask("peer" + std::to_string(i), Instant(1h));

    EXPECT_EQ(limiter.peers(), RateLimiter::peers_max);
}

TEST(VersionQuery, GivenAVersion_ThenDigitsOnly) {
    EXPECT_EQ(parse_version("0"), 0);
    EXPECT_EQ(parse_version("2147483647"), 2147483647);
    EXPECT_EQ(parse_version("9999999999"), 2147483647);
    EXPECT_EQ(parse_version(""), std::nullopt);
    EXPECT_EQ(parse_version("+1"), std::nullopt);
    EXPECT_EQ(parse_version(" 1"), std::nullopt);
}

TEST(Loopback, GivenAPeer_ThenOnlyThisMachineIsLoopback) {
    EXPECT_TRUE(is_loopback("127.0.0.1"));
    EXPECT_TRUE(is_loopback("127.8.9.10"));
    EXPECT_TRUE(is_loopback("::1"));
    EXPECT_TRUE(is_loopback("::ffff:127.0.0.1"));
    EXPECT_FALSE(is_loopback("192.0.2.1"));
    EXPECT_FALSE(is_loopback("::ffff:192.0.2.1"));
    EXPECT_FALSE(is_loopback(""));
}

TEST(ApiConfig, GivenSettings_ThenTheyAreRead) {
    const Environment environment{{"ORDERFLOW_ADMIN_TOKEN", "secret-0123456789"},
                                  {"ORDERFLOW_ADMIN_READ_TOKEN", "secret-9876543210"},
                                  {"ORDERFLOW_RATE_ORDERS", "7"},
                                  {"ORDERFLOW_QUEUE_DEPTH_MAX", "5"},
                                  {"ORDERFLOW_ACCEPT_SECONDS", "2"}};
    SettingsReader settings(environment);

    const auto config = read_api_config(settings);

    EXPECT_THAT(settings.errors(), SizeIs(0));
    EXPECT_EQ(config.admin_token, "secret-0123456789");
    EXPECT_EQ(config.admin_read_token, "secret-9876543210");
    EXPECT_EQ(config.rates.orders, 7);
    EXPECT_EQ(config.queue_depth_max, 5U);
    EXPECT_EQ(config.accept_time, 2s);
}

TEST(ApiConfig, GivenBadSettings_ThenAllErrorsAreNoted) {
    const Environment environment{{"ORDERFLOW_RATE_ORDERS", "0"},
                                  {"ORDERFLOW_RATE_READS", "many"},
                                  {"ORDERFLOW_QUEUE_DEPTH_MAX", "-1"},
                                  {"ORDERFLOW_ACCEPT_SECONDS", "26"}};
    SettingsReader settings(environment);

    (void)read_api_config(settings);

    EXPECT_THAT(settings.errors(), SizeIs(4));
}

TEST(ApiConfig, GivenNothing_ThenABacklogOfAMillionIsWithinTheLimit) {
    const Environment environment;
    SettingsReader settings(environment);
    EXPECT_GT(read_api_config(settings).queue_depth_max, 1'000'000U);
}

}  // namespace
}  // namespace orderflow::api
