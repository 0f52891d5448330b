#include "programs/sentry_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SentryDsn, GivenWhatIsNone_ThenItIsRefused_AndNotRepeated) {
    for (const std::string dsn :
         {"", "nothing", "https://sentry.example/42", "https://@sentry.example/42", "https://key@sentry.example/",
          "https://key@sentry.example/shop", "https://key@sentry.example/42?x=1", "ftp://key@sentry.example/42",
          "https://ke-y@sentry.example/42", "https://key@sentry.example/42/"}) {
        const auto target = parse_sentry_dsn(dsn);
        ASSERT_FALSE(target) << dsn;
        EXPECT_EQ(target.error().code(), "sentry.dsn_malformed");
        EXPECT_THAT(target.error().detail(), Not(HasSubstr("sentry.example"))) << "a DSN may be a secret";
    }
}

TEST(SentryDsn, GivenADsn_ThenEventsGoToItsProject) {
    const auto target = parse_sentry_dsn("https://0123abcd@o1.ingest.sentry.example/42").value();

    EXPECT_EQ(target.url.origin() + target.url.target, "https://o1.ingest.sentry.example:443/api/42/envelope/");
    EXPECT_EQ(target.url.user_info, "");
    EXPECT_THAT(target.authentication, HasSubstr("sentry_version=7"));
    EXPECT_THAT(target.authentication, HasSubstr("sentry_key=0123abcd"));
}

TEST(SentryDsn, GivenAPathAPortAndASecretOfOldTimes_ThenTheFirstTwoStay) {
    const auto target = parse_sentry_dsn("http://key:secret@127.0.0.1:9000/errors/7").value();

    EXPECT_EQ(target.url.origin() + target.url.target, "http://127.0.0.1:9000/errors/api/7/envelope/");
    EXPECT_THAT(target.authentication, Not(HasSubstr("secret")));
}

TEST(SentryEnvelope, GivenAFault_ThenItIsAnEventWithItsLength_AndTheInnermostFrameLast) {
    contract::ClientError error;
    error.kind = contract::ClientErrorKind::rejection;
    error.type = "TypeError";
    error.message = "x is \"undefined\"";
    error.page = "/orders/{id}";
    error.stack = {{"press", "/assets/a.js", 7, 11}, {"", "https", 1, 2}};

    const auto envelope = encode_sentry_envelope(error, {std::string(32, 'a'), WallTime(), "production"});

    const auto first = envelope.find('\n');
    const auto second = envelope.find('\n', first + 1);
    const auto head = json::parse(envelope.substr(0, first), {.bytes = 4096}).value();
    const auto item = json::parse(envelope.substr(first + 1, second - first - 1), {.bytes = 4096}).value();
    const auto payload = envelope.substr(second + 1, envelope.size() - second - 2);
    EXPECT_TRUE(json::parse(payload, {.bytes = 4096}));
    EXPECT_EQ(*head.find("event_id")->string(), std::string(32, 'a'));
    EXPECT_EQ(item.find("length")->number()->text, std::to_string(payload.size()));
    EXPECT_EQ(*item.find("type")->string(), "event");
    EXPECT_THAT(payload, HasSubstr(R"("type":"TypeError","value":"x is \"undefined\"")"));
    EXPECT_THAT(payload, HasSubstr(R"("mechanism":{"type":"onunhandledrejection","handled":false})"));
    EXPECT_THAT(payload,
                HasSubstr(R"("frames":[{"filename":"https","lineno":1,"colno":2,"in_app":false},)"
                          R"({"function":"press","filename":"/assets/a.js","lineno":7,"colno":11,"in_app":true}])"));
    EXPECT_THAT(payload, HasSubstr(R"("transaction":"/orders/{id}")"));
    EXPECT_THAT(payload, HasSubstr(R"("environment":"production")"));
}

TEST(SentryEnvelope, GivenNoStack_ThenThePlaceIsTheOneFrame) {
    contract::ClientError error;
    error.kind = contract::ClientErrorKind::resource;
    error.source = "/assets/gone.js";

    EXPECT_THAT(encode_sentry_envelope(error, {"a", WallTime(), "test"}),
                HasSubstr(R"("frames":[{"filename":"/assets/gone.js")"));
}

TEST(SentryLimits, GivenGroups_ThenTheLongestThatIsAboutErrorsCounts) {
    EXPECT_EQ(sentry_error_limit("60:error;transaction:key"), 60s);
    EXPECT_EQ(sentry_error_limit("60:transaction:key, 2700::organization"), 2700s);
    EXPECT_EQ(sentry_error_limit("10:error:key, 2700:error:organization:reason"), 2700s);
    EXPECT_EQ(sentry_error_limit("5"), 5s);
    EXPECT_EQ(sentry_error_limit("60:transaction;security:key"), std::nullopt);
    EXPECT_EQ(sentry_error_limit(""), std::nullopt);
    EXPECT_EQ(sentry_error_limit("soon:error:key, -1::x, 9e9:error"), std::nullopt);
    EXPECT_EQ(sentry_error_limit("99999999999:error:key"), 24h);
}

}  // namespace
}  // namespace orderflow
