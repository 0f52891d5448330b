#include "libs/crypto/webhook_keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace orderflow::crypto {
namespace {

constexpr std::string_view secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view other_secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
constexpr std::string_view body = R"({"test": 2432232314})";
constexpr std::string_view signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const WallTime signed_at = from_unix_ms(1'614'265'330'000);

WebhookFields fields(std::string_view signatures = signature, std::string_view timestamp = "1614265330") {
    return {.id = "msg_p5jXN8AQM9LWM0D4loKWxJek", .timestamp = timestamp, .signature = signatures};
}

std::string code_of(const Result<void>& verified) { return verified ? "good" : verified.error().code(); }

TEST(WebhookKeys, GivenSecretsThatAreNone_WhenRead_ThenTheyAreRefusedWithoutBeingRepeated) {
    for (const std::string text : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_????"}) {
        const auto keys = WebhookKeys::parse(text);

        ASSERT_FALSE(keys) << text;
        EXPECT_EQ(keys.error().code(), "webhook.secret_malformed");
        EXPECT_EQ(keys.error().detail().find("MfKQ"), std::string::npos);
    }
    const std::string one(secret);
    EXPECT_FALSE(WebhookKeys::parse(one + " " + one + " " + one + " " + one));
    EXPECT_FALSE(WebhookKeys::parse(one + " nonsense"));
}

TEST(WebhookKeys, GivenTheExampleOfTheSpecification_WhenSigned_ThenTheSignatureIsTheirs) {
    const auto keys = WebhookKeys::parse(secret).value();

    EXPECT_EQ(keys.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", WebhookKeys::timestamp(signed_at), body), signature);
}

TEST(WebhookKeys, GivenAnythingThatWasChanged_WhenVerified_ThenItIsRefused) {
    const auto keys = WebhookKeys::parse(secret).value();

    EXPECT_EQ(code_of(keys.verify(fields(), R"({"test": 2432232315})", signed_at)), "webhook.signature_wrong");
    EXPECT_EQ(code_of(keys.verify(fields(signature, "1614265331"), body, signed_at)), "webhook.signature_wrong");
    EXPECT_EQ(code_of(keys.verify(fields("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), body, signed_at)),
              "webhook.signature_wrong");
    EXPECT_EQ(code_of(keys.verify(fields("v1,g0hM"), body, signed_at)), "webhook.signature_wrong");
    EXPECT_EQ(code_of(keys.verify(fields(""), body, signed_at)), "webhook.signature_missing");
    EXPECT_EQ(code_of(WebhookKeys::parse(other_secret)->verify(fields(), body, signed_at)), "webhook.signature_wrong");
}

TEST(WebhookKeys, GivenATimestampFarFromOurs_WhenVerified_ThenItIsRefused) {
    const auto keys = WebhookKeys::parse(secret).value();

    EXPECT_EQ(code_of(keys.verify(fields(), body, signed_at + 5min)), "good");
    EXPECT_EQ(code_of(keys.verify(fields(), body, signed_at - 5min)), "good");
    EXPECT_EQ(code_of(keys.verify(fields(), body, signed_at + 5min + 1s)), "webhook.timestamp_wrong");
    EXPECT_EQ(code_of(keys.verify(fields(), body, signed_at - 5min - 1s)), "webhook.timestamp_wrong");
    EXPECT_EQ(code_of(keys.verify(fields(signature, "soon"), body, signed_at)), "webhook.timestamp_wrong");
    EXPECT_EQ(code_of(keys.verify(fields(signature, "99999999999999999999"), body, signed_at)),
              "webhook.timestamp_wrong");
}

TEST(WebhookKeys, GivenTwoSecretsWhileOneIsReplaced_ThenEitherSideMayBeFirst) {
    const auto both = WebhookKeys::parse(std::string(other_secret) + " " + std::string(secret)).value();
    const auto only_old = WebhookKeys::parse(secret).value();
    const auto only_new = WebhookKeys::parse(other_secret).value();

    const auto signatures = both.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);

    EXPECT_EQ(code_of(only_old.verify(fields(signatures), body, signed_at)), "good");
    EXPECT_EQ(code_of(only_new.verify(fields(signatures), body, signed_at)), "good");
    EXPECT_EQ(code_of(both.verify(fields(), body, signed_at)), "good");
}

}  // namespace
}  // namespace orderflow::crypto
