#include "libs/aws/sqs_fault.hpp"

#include <gtest/gtest.h>

namespace orderflow::aws {
namespace {

std::string body(const std::string& type, const std::string& message = "why") {
    return R"({"__type":")" + type + R"(","message":")" + message + R"("})";
}

struct Seen {
    ErrorKind kind;
    std::string code;
    SqsRetry retry;
    friend bool operator==(const Seen&, const Seen&) = default;
};
void PrintTo(const Seen& seen, std::ostream* out) { *out << to_string(seen.kind) << " " << seen.code; }

Seen seen(const SqsFault& fault) { return {fault.error.kind(), fault.error.code(), fault.retry}; }
Seen seen(int status, const std::string& text, const HttpHeaders& headers = {}) {
    return seen(read_sqs_fault(status, headers, text));
}

const Seen unknown_queue{ErrorKind::not_found, "queue.unknown", SqsRetry::never};
const Seen unauthorized{ErrorKind::unauthorized, "queue.unauthorized", SqsRetry::never};
const Seen throttled{ErrorKind::throttled, "queue.throttled", SqsRetry::throttled};
const Seen over_limit{ErrorKind::throttled, "queue.over_limit", SqsRetry::never};
const Seen refused{ErrorKind::invalid_input, "queue.refused", SqsRetry::never};
const Seen open{ErrorKind::unavailable, "queue.outcome_unknown", SqsRetry::transient};
const Seen not_in_flight{ErrorKind::conflict, "queue.message_not_inflight", SqsRetry::never};

TEST(SqsFault, GivenTheTypesOfTheJsonProtocol_WhenRead_ThenEachHasItsMeaning) {
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#QueueDoesNotExist")), unknown_queue);
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#OverLimit")), over_limit);
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#RequestThrottled")), throttled);
    EXPECT_EQ(seen(400, body("com.amazon.coral.availability#ThrottlingException")), throttled);
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#MessageNotInflight")), not_in_flight);
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#InvalidMessageContents")).code, "queue.message_contents_invalid");
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#ReceiptHandleIsInvalid")).code, "queue.receipt_handle_invalid");
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#TooManyEntriesInBatchRequest")), refused);
    EXPECT_EQ(seen(400, body("com.amazon.coral.service#InvalidParameterValueException")), refused);
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#KmsDisabled")),
              (Seen{ErrorKind::unavailable, "queue.down", SqsRetry::never}));
}

TEST(SqsFault, GivenCredentialsThatAreNotTaken_WhenRead_ThenItIsUnauthorizedAndNotAskedAgain) {
    for (const auto* type :
         {"com.amazon.coral.service#AccessDeniedException", "com.amazon.coral.service#ExpiredTokenException",
          "com.amazon.coral.service#UnrecognizedClientException", "InvalidSignatureException",
          "com.amazonaws.sqs#InvalidSecurity", "com.amazonaws.sqs#KmsAccessDenied"}) {
        EXPECT_EQ(seen(400, body(type)), unauthorized) << type;
    }
    EXPECT_EQ(seen(403, ""), unauthorized);
}

TEST(SqsFault, GivenTheNamesOfTheQueryProtocol_WhenRead_ThenTheyMeanTheSame) {
    const HttpHeaders header = {{"x-amzn-Query-Error", "AWS.SimpleQueueService.NonExistentQueue;Sender"}};
    EXPECT_EQ(seen(400, "", header), unknown_queue);
    EXPECT_EQ(seen(400, body("com.amazonaws.sqs#SomethingNew"), header), unknown_queue);
    EXPECT_EQ(seen(sqs_fault_of("AWS.SimpleQueueService.NonExistentQueue", "", true)), unknown_queue);
}

TEST(SqsFault, GivenTheSentenceThatSqsUsesForAMessageNotInFlight_WhenRead_ThenItIsAConflict) {
    EXPECT_EQ(seen(sqs_fault_of("InvalidParameterValue",
                                "Value x for parameter ReceiptHandle is invalid. Reason: Message does not exist or is "
                                "not available for visibility timeout change.",
                                true)),
              not_in_flight);
}

TEST(SqsFault, GivenAServiceThatStumbles_WhenRead_ThenTheOutcomeIsOpenAndItMayBeAskedAgain) {
    EXPECT_EQ(seen(500, body("com.amazonaws.sqs#InternalFailure")), open);
    EXPECT_EQ(seen(503, body("ServiceUnavailable")), open);
    EXPECT_EQ(seen(502, "<html>Bad Gateway</html>"), open);
    EXPECT_EQ(seen(408, ""), open);
    EXPECT_EQ(seen(302, ""), open);
    EXPECT_EQ(seen(sqs_fault_of("InternalError", "", false)), open);
}

TEST(SqsFault, GivenAnAnswerThatIsNotOfSqs_WhenRead_ThenItsStatusDecides) {
    EXPECT_EQ(seen(429, "slow down"), throttled);
    EXPECT_EQ(seen(404, "<html>"), unknown_queue);
    EXPECT_EQ(seen(413, ""), refused);
    EXPECT_EQ(seen(400, R"({"__type":7,"message":[]})"), refused);
    EXPECT_EQ(seen(400, std::string(100'000, ' ')), refused);
}

TEST(SqsFault, GivenALongSentence_WhenRead_ThenTheDetailIsBounded) {
    const auto fault = read_sqs_fault(400, {}, body("com.amazonaws.sqs#OverLimit", std::string(5000, 'x')));
    EXPECT_LE(fault.error.detail().size(), 300U);
    EXPECT_TRUE(fault.error.detail().starts_with("OverLimit: xxx"));
}

}  // namespace
}  // namespace orderflow::aws
