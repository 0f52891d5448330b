// That the shape is the specification's is checked where spans arrive: tests/telemetry.
#include "libs/observe/otlp_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::observe {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::Not;

SpanRecord span() {
    SpanRecord record;
    record.context = *TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    record.kind = SpanKind::consumer;
    record.name = "process orders";
    record.start_ns = 1'767'225'600'000'000'001;
    record.end_ns = 1'767'225'600'000'000'002;
    return record;
}

TEST(OtlpJson, GivenASpan_WhenEncoded_ThenIdsAreHexadecimalAndLongNumbersTexts) {
    auto record = span();
    record.parent = {1, 2, 3, 4, 5, 6, 7, 0xFF};
    record.attributes.push_back({.key = "n", .value = std::int64_t{7}});
    record.attributes.push_back({.key = "b", .value = true});
    record.error = "queue.down";

    EXPECT_EQ(
        encode_export_request({{"service.name", "worker"}}, std::span(&record, 1)),
        R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"worker"}}]},)"
        R"("scopeSpans":[{"scope":{"name":"orderflow"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736",)"
        R"("spanId":"00f067aa0ba902b7","parentSpanId":"01020304050607ff","flags":1,"name":"process orders","kind":5,)"
        R"("startTimeUnixNano":"1767225600000000001","endTimeUnixNano":"1767225600000000002",)"
        R"("attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"b","value":{"boolValue":true}}],)"
        R"("status":{"code":2,"message":"queue.down"}}]}]}]})");
}

TEST(OtlpJson, GivenTheFirstSpanOfATrace_WhenEncoded_ThenItHasNoParent) {
    const auto record = span();

    EXPECT_THAT(encode_export_request({}, std::span(&record, 1)), Not(HasSubstr("parentSpanId")));
}

TEST(OtlpJson, GivenTextThatIsNoUtf8OrVeryLong_WhenEncoded_ThenItIsReplacedAndCut) {
    auto record = span();
    record.attributes.push_back({.key = "id", .value = "\xFF\"\n" + std::string(10'000, 'x')});

    const auto text = encode_export_request({}, std::span(&record, 1));

    EXPECT_LT(text.size(), 1000U);
    EXPECT_THAT(text, HasSubstr("\xEF\xBF\xBD\\\"\\n"));
}

TEST(OtlpJson, GivenAnswers_WhenAskedForRejectedSpans_ThenOnlyAPartialSuccessHasSome) {
    EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}})"), 3U);
    EXPECT_EQ(rejected_spans(R"({"partialSuccess":{"rejectedSpans":2}})"), 2U);
    for (const auto* answer : {"", "{}", "[]", R"({"partialSuccess":{}})", R"({"partialSuccess":{"rejectedSpans":-1}})",
                               R"({"partialSuccess":{"rejectedSpans":"1x"}})", "<html>"}) {
        EXPECT_EQ(rejected_spans(answer), 0U) << answer;
    }
}

}  // namespace
}  // namespace orderflow::observe
