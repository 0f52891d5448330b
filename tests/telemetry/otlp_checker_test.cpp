// A checker that takes everything would make every test of the exporter green.
#include "tests/telemetry/otlp_checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::telemetry {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

const std::string good =
    R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},)"
    R"("scopeSpans":[{"scope":{"name":"n"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736",)"
    R"("spanId":"00f067aa0ba902b7","parentSpanId":"00f067aa0ba902b8","flags":1,"name":"a","kind":2,)"
    R"("startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"n","value":{"intValue":"3"}}],)"
    R"("status":{}}]}]}]})";

std::string with(std::string_view from, std::string_view to) {
    auto text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(OtlpChecker, GivenARequestOfTheSpecification_ThenItIsTaken) {
    const auto checked = check_export_request(good);

    EXPECT_THAT(checked.faults, IsEmpty());
    ASSERT_EQ(checked.spans.size(), 1U);
    EXPECT_EQ(checked.spans[0].service, "s");
    EXPECT_EQ(checked.spans[0].attributes.at("n"), "3");
    EXPECT_EQ(checked.spans[0].end_ns, 2U);
}

TEST(OtlpChecker, GivenWhatBreaksIt_ThenItIsNoted) {
    for (const auto& body : {
             std::string("no JSON"),
             std::string("{}"),
             with("4bf92f3577b34da6a3ce929d0e0e4736", "S/kvNXezTaajzpKdDg5HNg=="),  // base64, as plain protobuf JSON
             with("4bf92f3577b34da6a3ce929d0e0e4736", "00000000000000000000000000000000"),
             with("\"00f067aa0ba902b7\"", "\"00f067aa0ba902\""),
             with("\"00f067aa0ba902b8\"", "\"\""),
             with("traceId", "trace_id"),
             with("\"kind\":2", "\"kind\":\"SPAN_KIND_SERVER\""),
             with("\"kind\":2", "\"kind\":6"),
             with("\"startTimeUnixNano\":\"1\"", "\"startTimeUnixNano\":1"),
             with("\"endTimeUnixNano\":\"2\"", "\"endTimeUnixNano\":\"0\""),
             with("\"intValue\":\"3\"", "\"intValue\":3"),
             with("{\"intValue\":\"3\"}", "3"),
             with("\"name\":\"a\"", "\"name\":\"\""),
             with("service.name", "service"),
             with("{\"key\":\"n\"", "{\"key\":\"n\",\"value\":{\"boolValue\":true}},{\"key\":\"n\""),
             with("\"status\":{}", "\"status\":{\"code\":\"STATUS_CODE_ERROR\"}"),
             with("\"status\":{}", "\"status\":{},\"extra\":1"),
         }) {
        EXPECT_THAT(check_export_request(body).faults, Not(IsEmpty())) << body;
    }
}

}  // namespace
}  // namespace orderflow::telemetry
