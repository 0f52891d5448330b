// What must be refused and what must be accepted, after RFC 8259 and the case names of JSONTestSuite.
#include "libs/json/parse.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "libs/json/writer.hpp"

namespace orderflow::json {
namespace {

using namespace std::string_literals;

Result<Document> parsed(std::string_view text) { return parse(text, {.bytes = 1 << 20}); }

std::string code_of(std::string_view text) {
    const auto result = parsed(text);
    return result ? "accepted" : result.error().code();
}

// As the writer gives it back: without white space, with the simplest escapes.
std::string rewritten(std::string_view text) {
    const auto result = parsed(text);
    if (!result) return "refused: " + result.error().detail();
    Writer out;
    out.value(*result);
    return std::move(out).take();
}

// Must-reject cases of the standard, and what we refuse of what it leaves open.
// clang-format off: one screen instead of a line for each
const auto malformed_texts = std::to_array<std::string>({
    "", " ", "\n\t", "nul", "nulll", "True", "tru", "TRUE", "NaN", "Infinity", "-Infinity", "undefined", "'a'", "[",
    "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1 true]", "[\"a\" \"b\"]", "[\"a\"x]",
    "[1\"a\"]", "[true\"a\"]", "[3[4]]", "[1}", "{\"a\":1]", "[[1]", "[1]]", "{\"a\":[1}", "[\"x\"", "{\"a\"}",
    "{\"a\":}", "{\"a\" 1}", "{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\"::1}",
    "{\"a\":1,,}", "{null:1}", "{[:1}", "{\"a\":\"b\"}/**/", "{\"a\":1}#", "{\"a\":1}}", "{} {}", "[] []", "1 2",
    "1,", "\"a\" \"b\"", "\"a\"1", "\"a\",", "true false", "null,", "[1]x", "[1]\x01", "-", "+1", "[+1]", ".5",
    "[.5]", "[1.]", "[-.1]", "01", "-01", "[012]", "1e", "1e+", "[1e]", "1.e1", "[0x1]", "[1_000]", "[--1]", "[1-2]",
    "[1.2.3]", "[0e]", "[0.3e]", "[1eE2]", "[9.e+]", "[1+2]", "[-foo]", "[1a]", "\"", "\"a", "[\"a]", "\"\\\"",
    "\"\\x41\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"", "\"\\ \"", "\"\\\n\"", "\"\n\"", "\"\t\"", "[\"a\nb\"]",
    "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"\\uDC00\\uD800\"", "\"\\uD834x\"", "{\"\\uDC00\":1}",
    "\xEF\xBB\xBF{}", "\xEF\xBB\xBF", "\xFF\xFE[\0]\0"s, "\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
    "\"\xF4\x90\x80\x80\"", "\"\xE2\x82\"", "[\"\xE9\"]", "\xE2\x81\xA0[]", "[\xC2\xA0]", "\"a\0b\""s, "[1\0]"s,
    "[1]\0"s, "\0"s, "1\0"s, "\x0C[]", "[\x0B]", "*", "<null>", "[<null>]", "//\n1",
    "{\"a\":\"b\":4}}", "[\"a\":1]]", "{\"a\":[\"b\":1]]}", "{\"a\":{\"b\":\"c\":1}}}",
});
// clang-format on

TEST(JsonParse, GivenTextThatIsNotJson_ThenItIsMalformed) {
    for (const auto& text : malformed_texts) EXPECT_EQ(code_of(text), "json.malformed") << "text: " << text;
}

TEST(JsonParse, GivenAnyJsonText_ThenItIsAccepted) {
    EXPECT_EQ(rewritten("null"), "null");
    EXPECT_EQ(rewritten(" true\r\n"), "true");
    EXPECT_EQ(rewritten("\tfalse"), "false");
    EXPECT_EQ(rewritten("-0"), "-0");
    EXPECT_EQ(rewritten("\"\""), "\"\"");
    EXPECT_EQ(rewritten(" \"asd\" "), "\"asd\"");
    EXPECT_EQ(rewritten("[]"), "[]");
    EXPECT_EQ(rewritten("{}"), "{}");
    EXPECT_EQ(rewritten(" [ 1 , [ ] , { } , \"a\" , null ] "), "[1,[],{},\"a\",null]");
    EXPECT_EQ(rewritten("{\"\":0, \"a\" : { \"b\" : [ true ] } }"), "{\"\":0,\"a\":{\"b\":[true]}}");
    EXPECT_EQ(rewritten("[1]\n"), "[1]");
    EXPECT_EQ(rewritten("\"\x7F\""), "\"\x7F\"");
}

TEST(JsonParse, GivenNumbersOfAnySize_ThenTheirTextIsKept) {
    for (const std::string text : {"0", "-0", "123456789012345678901234567890", "-1e400", "1E-400", "0.1", "1.5e+10",
                                   "0e1", "20e1", "-123.456e-78", "9007199254740993"}) {
        EXPECT_EQ(rewritten(text), text);
        EXPECT_EQ(rewritten("[" + text + "]"), "[" + text + "]");
        EXPECT_EQ(rewritten("{\"n\": " + text + " }"), "{\"n\":" + text + "}");
    }
}

TEST(JsonParse, GivenEscapes_ThenTheTextIsDecoded) {
    const auto text = parsed(R"(["\"\\\/\b\f\n\r\t", "\u0041\u00e9\u20AC\ud834\uDD1E", "\u0000", "\uFFFF", "\uFDD0"])");

    ASSERT_TRUE(text);
    EXPECT_EQ(*(*text->root().array())[0].string(), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(*(*text->root().array())[1].string(), "A\u00e9\u20ac\U0001D11E");
    EXPECT_EQ(*(*text->root().array())[2].string(), "\0"s);
    EXPECT_EQ(*(*text->root().array())[3].string(), "\uFFFF");
    EXPECT_EQ(*(*text->root().array())[4].string(), "\uFDD0");
}

TEST(JsonParse, GivenTheSameNameTwice_ThenBothMembersStayInOrder) {
    EXPECT_EQ(rewritten(R"({"a":1,"b":2,"a":3,"\u0061":4})"), R"({"a":1,"b":2,"a":3,"a":4})");
}

TEST(JsonParse, GivenThirtyTwoLevels_ThenAccepted_AndOneMoreIsTooDeep) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };

    EXPECT_TRUE(parsed(nested(32)));
    EXPECT_EQ(code_of(nested(33)), "json.too_deep");
    EXPECT_EQ(code_of(std::string(100'000, '[')), "json.malformed");
    EXPECT_EQ(code_of(std::string(200, '[') + "1" + std::string(200, ']')), "json.too_deep");

    std::string objects;
    for (int i = 0; i < 33; ++i) objects += "{\"a\":";
    EXPECT_EQ(code_of(objects + "1" + std::string(33, '}')), "json.too_deep");
}

TEST(JsonParse, GivenDeepSiblings_ThenOnlyNestingCounts) {
    std::string text = "[";
    for (int i = 0; i < 100; ++i) text += "[[]],";
    EXPECT_TRUE(parsed(text + "{}]"));
}

TEST(JsonParse, GivenTooManyBytes_ThenTooLarge) {
    EXPECT_TRUE(parse("[1,2]", {.bytes = 5}));
    const auto refused = parse("[1,2] ", {.bytes = 5});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "json.too_large");
    EXPECT_EQ(refused.error().kind(), ErrorKind::invalid_input);
}

TEST(JsonParse, GivenEveryPrefixOfADocument_ThenOnlyTheWholeIsAccepted) {
    const std::string whole = R"({"a":[1,-2.5e3,"x\u00e9\\",{"b":null}],"c":true})";

    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_EQ(code_of(whole.substr(0, length)), "json.malformed") << "length " << length;
    }
    EXPECT_EQ(code_of(whole), "accepted");
}

}  // namespace
}  // namespace orderflow::json
