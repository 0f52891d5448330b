#include "libs/contract/cancel_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::contract {
namespace {

std::vector<std::string> errors(std::string_view text) {
    std::vector<std::string> list;
    const auto body = json::parse(text, {.bytes = 4096});
    const auto reason = read_cancel_request(body.value());
    if (reason) return list;
    for (const auto& error : reason.error().reported()) {
        list.push_back(error.pointer + " " + std::string(to_string(error.rule)));
    }
    return list;
}

TEST(CancelRequest, GivenAReason_ThenItIsRead) {
    const auto body = json::parse(R"({"reason":"customer"})", {.bytes = 99});
    EXPECT_EQ(read_cancel_request(body.value()), "customer");
    EXPECT_THAT(errors(R"({"reason":"out_of-time"})"), testing::IsEmpty());
}

TEST(CancelRequest, GivenAnythingElse_ThenEveryErrorIsNamed) {
    using testing::ElementsAre;
    EXPECT_THAT(errors("[]"), ElementsAre(" wrong-type"));
    EXPECT_THAT(errors("{}"), ElementsAre("/reason required"));
    EXPECT_THAT(errors(R"({"reason":""})"), ElementsAre("/reason required"));
    EXPECT_THAT(errors(R"({"reason":1,"why":2})"), ElementsAre("/reason wrong-type", "/why unknown-field"));
    EXPECT_THAT(errors(R"({"reason":"Customer"})"), ElementsAre("/reason invalid-format"));
    EXPECT_THAT(errors(R"({"reason":"-x"})"), ElementsAre("/reason invalid-format"));
    EXPECT_THAT(errors(R"({"reason":"a b"})"), ElementsAre("/reason invalid-format"));
    EXPECT_THAT(errors(R"({"reason":"hold-time-limit"})"), ElementsAre("/reason invalid-format")) << "the system's own";
    EXPECT_THAT(errors(R"({"reason":")" + std::string(41, 'a') + "\"}"), ElementsAre("/reason too-long"));
    EXPECT_THAT(errors(R"({"reason":"a","reason":"b"})"), ElementsAre("/reason duplicate-key"));
}

}  // namespace
}  // namespace orderflow::contract
