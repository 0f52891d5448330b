#include "libs/json/writer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "libs/json/parse.hpp"

namespace orderflow::json {
namespace {

using namespace std::string_literals;

TEST(JsonWriter, GivenNestedCalls_ThenCommasStandWhereTheyBelong) {
    Writer out;

    out.begin_object();
    out.key("a").begin_array().integer(1).begin_object().end_object().begin_array().end_array().string("x").end_array();
    out.key("b").null().key("c").boolean(true).key("d").raw("{\"e\":0}").key("f").boolean(false);
    out.end_object();

    EXPECT_EQ(out.text(), R"({"a":[1,{},[],"x"],"b":null,"c":true,"d":{"e":0},"f":false})");
}

TEST(JsonWriter, GivenTheLimitsOf64Bits_ThenTheyAreWritten) {
    Writer out;
    out.begin_array().integer(std::numeric_limits<std::int64_t>::min()).integer(0);
    out.integer(std::numeric_limits<std::int64_t>::max()).end_array();
    EXPECT_EQ(out.text(), "[-9223372036854775808,0,9223372036854775807]");
}

TEST(JsonWriter, GivenCharactersThatNeedIt_ThenTheyAreEscaped) {
    Writer out;
    out.string("a\"b\\c\n\r\t\b\x01\0/\x7F\u20AC"s);
    EXPECT_EQ(out.text(), "\"a\\\"b\\\\c\\n\\r\\t\\u0008\\u0001\\u0000/\x7F\u20AC\"");
}

TEST(JsonWriter, GivenOneCharacterToEscapeAnywhere_ThenItAloneIsEscaped) {
    for (std::size_t length = 1; length < 40; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string text(length, at % 2 == 0 ? 'x' : '\xC3');
            text[at] = at % 3 == 0 ? '"' : '\x1F';
            Writer out;
            out.string(text);
            auto expected = text;
            expected.replace(at, 1, at % 3 == 0 ? "\\\"" : "\\u001f");
            EXPECT_EQ(out.text(), '"' + expected + '"') << length << " " << at;
        }
    }
}

TEST(JsonWriter, GivenEveryByteBelow128_ThenTheReaderGivesTheSameTextBack) {
    std::string all;
    for (char c = 0; c >= 0 && c < 127; ++c) all += c;
    Writer out;

    out.string(all);

    const auto back = parse(out.text(), {.bytes = 4096});
    ASSERT_TRUE(back);
    EXPECT_EQ(*back->root().string(), all);
}

}  // namespace
}  // namespace orderflow::json
