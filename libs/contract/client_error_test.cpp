#include "libs/contract/client_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::contract {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::expected<ClientError, FieldErrors> read(std::string_view text) {
    const auto body = json::parse(text, {.bytes = 100'000}).value();
    return read_client_error(body);
}

// "pointer code" of each.
std::vector<std::string> broken(std::string_view text) {
    std::vector<std::string> found;
    const auto report = read(text);
    if (report) return found;
    for (const auto& error : report.error().reported()) {
        found.push_back(error.pointer + " " + std::string(to_string(error.rule)));
    }
    return found;
}

std::string with(const std::string& member) {
    return R"({"kind":"error","message":"x is not a function","page":"/",)" + member + "}";
}

TEST(ClientError, GivenBrokenRules_ThenAllAreReportedWithTheirPlaces) {
    EXPECT_THAT(
        broken(R"({"kind":"crash","message":"","page":"/?q=1","line":-1,"cookie":"a=b",)"
               R"("stack":[{"line":1.5},{"file":"/a b","more":1}]})"),
        UnorderedElementsAre("/kind invalid-format", "/message required", "/page invalid-format", "/line out-of-range",
                             "/cookie unknown-field", "/stack/0/file required", "/stack/0/line not-an-integer",
                             "/stack/1/file invalid-format", "/stack/1/more unknown-field"));
    EXPECT_THAT(broken("[]"), ElementsAre(" wrong-type"));
    EXPECT_THAT(broken(R"({"kind":"error","kind":"error","message":"m","page":"/"})"),
                ElementsAre("/kind duplicate-key"));
}

TEST(ClientError, GivenWhatMayHoldSomebodysData_ThenItIsRefused) {
    for (const std::string place : {"/orders/ord_1?token=x", "/#ada@example.com", "/caf\xC3\xA9", "/a b"}) {
        EXPECT_THAT(broken(with("\"source\":\"" + place + '"')), ElementsAre("/source invalid-format")) << place;
    }
    EXPECT_THAT(broken(with(R"("source":"a\nb")")), testing::SizeIs(testing::Ge(1U)));
}

TEST(ClientError, GivenMoreThanAReportMayHave_ThenItIsRefused) {
    const std::string long_text(301, 'x');
    std::string frames = R"({"file":"/a.js"})";
    for (std::size_t i = 0; i < client_error_frames_max; ++i) frames += R"(,{"file":"/a.js"})";

    EXPECT_THAT(broken(R"({"kind":"error","page":"/","message":")" + long_text + "\"}"),
                ElementsAre("/message too-long"));
    EXPECT_THAT(broken(with("\"stack\":[" + frames + "]")), ElementsAre("/stack too-many-items"));
    EXPECT_THAT(broken(with(R"("line":10000001)")), ElementsAre("/line out-of-range"));
}

TEST(ClientError, GivenAReport_ThenItIsRead) {
    const auto report =
        read(R"({"kind":"rejection","type":"TypeError","message":"x is undefined","page":"/orders/{id}",)"
             R"("source":"/assets/shop.0123456789abcdef.js","line":7,"column":11,)"
             R"("stack":[{"function":"press","file":"/assets/a.js","line":1,"column":2},)"
             R"({"file":"blob"}]})");

    ASSERT_TRUE(report);
    EXPECT_EQ(report->kind, ClientErrorKind::rejection);
    EXPECT_EQ(report->type, "TypeError");
    EXPECT_EQ(report->page, "/orders/{id}");
    EXPECT_EQ(report->line, 7);
    ASSERT_EQ(report->stack.size(), 2U);
    EXPECT_EQ(report->stack[0].function, "press");
    EXPECT_EQ(report->stack[0].column, 2);
    EXPECT_EQ(report->stack[1].file, "blob");
}

TEST(ClientError, GivenTheLeast_ThenTheRestIsEmpty) {
    const auto report = read(R"({"kind":"policy","message":"img-src","page":"/"})");

    ASSERT_TRUE(report);
    EXPECT_EQ(to_string(report->kind), "policy");
    EXPECT_EQ(report->source, "");
    EXPECT_TRUE(report->stack.empty());
}

}  // namespace
}  // namespace orderflow::contract
