#include "libs/aws/sns_fault.hpp"

#include <gtest/gtest.h>

#include <string>

namespace orderflow::aws {
namespace {

std::string body(const std::string& code, const std::string& message = "why") {
    return "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>" + code +
           "</Code><Message>" + message + "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
}

struct Seen {
    ErrorKind kind;
    std::string code;
    AwsRetry retry;
    friend bool operator==(const Seen&, const Seen&) = default;
};
void PrintTo(const Seen& seen, std::ostream* out) { *out << to_string(seen.kind) << " " << seen.code; }

Seen seen(const AwsFault& fault) { return {fault.error.kind(), fault.error.code(), fault.retry}; }
Seen seen(int status, const std::string& text) { return seen(read_sns_fault(status, {}, text)); }

const Seen unknown{ErrorKind::not_found, "topic.unknown", AwsRetry::never};
const Seen unauthorized{ErrorKind::unauthorized, "topic.unauthorized", AwsRetry::never};
const Seen throttled{ErrorKind::throttled, "topic.throttled", AwsRetry::throttled};
const Seen refused{ErrorKind::invalid_input, "topic.refused", AwsRetry::never};
const Seen down{ErrorKind::unavailable, "topic.down", AwsRetry::never};
const Seen open{ErrorKind::unavailable, "topic.outcome_unknown", AwsRetry::transient};

TEST(SnsFault, GivenTheCodesOfPublishBatch_WhenRead_ThenEachHasItsMeaning) {
    EXPECT_EQ(seen(404, body("NotFound")), unknown);
    EXPECT_EQ(seen(403, body("AuthorizationError")), unauthorized);
    EXPECT_EQ(seen(403, body("InvalidClientTokenId")), unauthorized);
    EXPECT_EQ(seen(403, body("ExpiredToken")), unauthorized);
    EXPECT_EQ(seen(403, body("InvalidSecurity")), unauthorized);
    EXPECT_EQ(seen(400, body("KMSAccessDenied")), unauthorized);
    EXPECT_EQ(seen(400, body("KMSDisabled")), down);
    EXPECT_EQ(seen(400, body("KMSThrottling")), throttled);
    EXPECT_EQ(seen(400, body("Throttling")), throttled);
    EXPECT_EQ(seen(429, body("Throttled")), throttled);
    EXPECT_EQ(seen(400, body("InvalidParameter")), refused);
    EXPECT_EQ(seen(400, body("ParameterValueInvalid")), refused);
    EXPECT_EQ(seen(400, body("BatchRequestTooLong")), refused);
    EXPECT_EQ(seen(500, body("InternalError")), open);
    EXPECT_EQ(seen(503, body("ServiceUnavailable")), open);
}

TEST(SnsFault, GivenAnAnswerThatIsNotOfSns_WhenRead_ThenItsStatusDecides) {
    for (const auto* text : {"", "<html><body>Bad Gateway", "{}", "<ErrorResponse/>", "<Other><Error/></Other>"}) {
        EXPECT_EQ(seen(502, text), open) << text;
        EXPECT_EQ(seen(404, text), unknown) << text;
        EXPECT_EQ(seen(403, text), unauthorized) << text;
        EXPECT_EQ(seen(429, text), throttled) << text;
        EXPECT_EQ(seen(413, text), refused) << text;
    }
}

TEST(SnsFault, GivenARefusedTime_WhenRead_ThenItMayBeTheClock) {
    EXPECT_TRUE(read_sns_fault(403, {}, body("SignatureDoesNotMatch")).may_be_clock);
    EXPECT_TRUE(read_sns_fault(403, {}, body("RequestExpired")).may_be_clock);
    EXPECT_FALSE(read_sns_fault(403, {}, body("ExpiredToken")).may_be_clock);
}

TEST(SnsFault, GivenALongSentence_WhenRead_ThenTheDetailIsBounded) {
    const auto fault = read_sns_fault(400, {}, body("InvalidParameter", std::string(5000, 'x')));
    EXPECT_EQ(fault.error.detail().size(), 300U);
    EXPECT_TRUE(fault.error.detail().starts_with("InvalidParameter: xxx"));
}

}  // namespace
}  // namespace orderflow::aws
