// Small rules on header fields, queries and settings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api-service/api_config.hpp"
#include "api-service/entity_tag.hpp"
#include "api-service/idempotency_key.hpp"
#include "api-service/order_query.hpp"
#include "api-service/query_rules.hpp"

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

TEST(IdempotencyKey, GivenATenantsOwnKeys_ThenTheyMayBeShortButNotEmpty) {
    EXPECT_TRUE(parse_idempotency_key("7", tenant_key_min));
    EXPECT_FALSE(parse_idempotency_key("", tenant_key_min));
    EXPECT_FALSE(parse_idempotency_key("\"\"", tenant_key_min));
}

TEST(QueryRules, GivenAParameterThatIsNotKnown_ThenItIsNamedWithThoseThereAre) {
    EXPECT_EQ(foreign_parameter("limit=1&colour=red&size=2", {"limit", "state"}),
              "There is no query parameter colour here. There are: limit, state.");
    EXPECT_EQ(foreign_parameter("Limit=1", {"limit"}), "There is no query parameter Limit here. There are: limit.");
    EXPECT_EQ(foreign_parameter("=1", {}), "There is no query parameter  here. This operation takes none.");
    const auto sentence = foreign_parameter("a%1B%0A" + std::string(500, 'x') + "=1", {"limit"});
    ASSERT_TRUE(sentence);
    EXPECT_LT(sentence->size(), 200U);
    EXPECT_EQ(sentence->find_first_of("\x1b\n"), std::string::npos);
}

TEST(QueryRules, GivenKnownParametersInAnyForm_ThenNothingIsSaid) {
    EXPECT_EQ(foreign_parameter("", {}), std::nullopt);
    EXPECT_EQ(foreign_parameter("&limit&li%6Dit=3&state=", {"limit", "state"}), std::nullopt);
}

TEST(QueryRules, GivenALimit_Then1To100OrTheOther) {
    EXPECT_EQ(read_limit("limit=100", 20), 100U);
    EXPECT_EQ(read_limit("", 20), 20U);
    for (const auto* query : {"limit", "limit=", "limit=0", "limit=101", "limit=-1", "limit=1.0", "limit=4294967297"}) {
        EXPECT_FALSE(read_limit(query, 20)) << query;
    }
}

TEST(VersionQuery, GivenAVersion_ThenDigitsOnly) {
    EXPECT_EQ(parse_version("0"), 0);
    EXPECT_EQ(parse_version("2147483647"), 2147483647);
    EXPECT_EQ(parse_version("9999999999"), 2147483647);
    EXPECT_EQ(parse_version(""), std::nullopt);
    EXPECT_EQ(parse_version("+1"), std::nullopt);
    EXPECT_EQ(parse_version(" 1"), std::nullopt);
}

TEST(ApiConfig, GivenSettings_ThenTheyAreRead) {
    const Environment environment{{"ORDERFLOW_ADMIN_TOKEN", "secret-0123456789"},
                                  {"ORDERFLOW_ADMIN_READ_TOKEN", "secret-9876543210"},
                                  {"ORDERFLOW_RATE_ORDERS", "7"},
                                  {"ORDERFLOW_RATE_TENANT", "70"},
                                  {"ORDERFLOW_TRUSTED_PROXIES", "10.0.0.0/8, ::1"},
                                  {"ORDERFLOW_PROXY_HOPS", "2"},
                                  {"ORDERFLOW_QUEUE_DEPTH_MAX", "5"},
                                  {"ORDERFLOW_ACCEPT_SECONDS", "2"}};
    SettingsReader settings(environment);

    const auto config = read_api_config(settings);

    EXPECT_THAT(settings.errors(), SizeIs(0));
    EXPECT_EQ(config.admin_token, "secret-0123456789");
    EXPECT_EQ(config.admin_read_token, "secret-9876543210");
    EXPECT_EQ(config.rates.orders, 7);
    EXPECT_EQ(config.rates.tenant, 70);
    EXPECT_THAT(config.rates.trusted_proxies, SizeIs(2));
    EXPECT_EQ(config.rates.proxy_hops, 2);
    EXPECT_EQ(config.queue_depth_max, 5U);
    EXPECT_EQ(config.accept_time, 2s);
}

TEST(ApiConfig, GivenBadSettings_ThenAllErrorsAreNoted) {
    const Environment environment{{"ORDERFLOW_RATE_ORDERS", "0"},
                                  {"ORDERFLOW_RATE_READS", "many"},
                                  {"ORDERFLOW_TRUSTED_PROXIES", "proxy.example"},
                                  {"ORDERFLOW_PROXY_HOPS", "9"},
                                  {"ORDERFLOW_QUEUE_DEPTH_MAX", "-1"},
                                  {"ORDERFLOW_ACCEPT_SECONDS", "26"}};
    SettingsReader settings(environment);

    (void)read_api_config(settings);

    EXPECT_THAT(settings.errors(), SizeIs(6));
}

TEST(ApiConfig, GivenNothing_ThenABacklogOfAMillionIsWithinTheLimit) {
    const Environment environment;
    SettingsReader settings(environment);
    EXPECT_GT(read_api_config(settings).queue_depth_max, 1'000'000U);
}

}  // namespace
}  // namespace orderflow::api
