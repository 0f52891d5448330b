#include "libs/json/pointer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::json {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> duplicates(std::string_view text) {
    const auto document = parse(text, {.bytes = 1 << 20});
    return duplicate_members(*document);
}

TEST(JsonPointer, GivenNamesWithTildeAndSlash_ThenTheyAreEscaped) {
    EXPECT_EQ(pointer_to("", "a"), "/a");
    EXPECT_EQ(pointer_to("/a", "b/c~d"), "/a/b~1c~0d");
    EXPECT_EQ(pointer_to("/items", 3), "/items/3");
    EXPECT_EQ(pointer_to("", ""), "/");
}

TEST(DuplicateMembers, GivenDistinctNames_ThenNothingIsReported) {
    EXPECT_THAT(duplicates(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"), IsEmpty());
    EXPECT_THAT(duplicates("[1,2]"), IsEmpty());
    EXPECT_THAT(duplicates("7"), IsEmpty());
}

TEST(DuplicateMembers, GivenRepeatedNames_ThenEachRepetitionIsReportedWhereItStands) {
    EXPECT_THAT(duplicates(R"({"a":1,"a":2,"b":[{"x/y":1},{"x/y":1,"x/y":2,"x/y":3}]})"),
                ElementsAre("/a", "/b/1/x~1y", "/b/1/x~1y"));
}

TEST(DuplicateMembers, GivenAnEscapedSpelling_ThenItIsTheSameName) {
    EXPECT_THAT(duplicates(R"({"a":1,"\u0061":2})"), ElementsAre("/a"));
}

TEST(DuplicateMembers, GivenManyMembers_ThenRepetitionsAreStillFound) {
    std::string text = "{";
    for (int i = 0; i < 5000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    EXPECT_THAT(duplicates(text + "\"k4999\":1}"), ElementsAre("/k4999"));
}

}  // namespace
}  // namespace orderflow::json
