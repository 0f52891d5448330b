#include "libs/json/value.hpp"

#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::json {
namespace {

std::string code_of(const std::string& number) {
    const auto value = Number{number}.to_int64();
    return value ? std::to_string(*value) : value.error().code();
}

TEST(JsonNumber, GivenAnIntegerOf64Bits_ThenItIsExact) {
    EXPECT_EQ(code_of("0"), "0");
    EXPECT_EQ(code_of("-0"), "0");
    EXPECT_EQ(code_of("9007199254740993"), "9007199254740993");
    EXPECT_EQ(code_of("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(code_of("-9223372036854775808"), "-9223372036854775808");
}

TEST(JsonNumber, GivenMoreThan64Bits_ThenOutOfRange) {
    EXPECT_EQ(code_of("9223372036854775808"), "json.out_of_range");
    EXPECT_EQ(code_of("-9223372036854775809"), "json.out_of_range");
    EXPECT_EQ(code_of("100000000000000000000000000000"), "json.out_of_range");
}

TEST(JsonNumber, GivenAFractionOrAnExponent_ThenNotAnInteger) {
    for (const char* text : {"1.0", "1e2", "1E0", "-2.5", "0.0", "1e400", "99999999999999999999.5"}) {
        EXPECT_EQ(code_of(text), "json.not_an_integer") << text;
    }
}

Document read(std::string_view text) { return parse(text, {.bytes = 1 << 20}).value(); }

TEST(JsonValue, GivenAMember_ThenItIsFoundByName) {
    const auto object = read(R"({"a":true,"a":false})");

    ASSERT_NE(object.find("a"), nullptr);
    EXPECT_EQ(object.find("a")->boolean(), true);
    EXPECT_EQ(object.find("b"), nullptr);
    EXPECT_EQ(Value().find("a"), nullptr);
}

TEST(JsonValue, GivenAKind_ThenOnlyItsAccessorAnswers) {
    const auto document = read("\"x\"");
    const auto& text = document.root();

    EXPECT_EQ(text.kind(), Value::Kind::string);
    EXPECT_NE(text.string(), nullptr);
    EXPECT_FALSE(text.number());
    EXPECT_EQ(text.array(), nullptr);
    EXPECT_EQ(text.object(), nullptr);
    EXPECT_FALSE(text.boolean());
    EXPECT_TRUE(Value().is_null());
}

TEST(JsonValue, GivenTheSameContentInTwoDocuments_ThenTheyAreEqualAndAnyDifferenceShows) {
    const std::string_view text = R"({"a":[1,true,null,{"b":"x"}]})";
    const auto same = [&](std::string_view other) {
        const auto a = read(text);
        const auto b = read(other);
        return a.root() == b.root();
    };

    EXPECT_TRUE(same(R"( { "a" : [ 1 , true , null , { "b" : "x" } ] } )"));
    for (const auto* other : {R"({"a":[2,true,null,{"b":"x"}]})", R"({"a":[1,false,null,{"b":"x"}]})",
                              R"({"a":[1,true,0,{"b":"x"}]})", R"({"a":[1,true,null,{"c":"x"}]})",
                              R"({"a":[1,true,null,{"b":"y"}]})", R"({"a":[1,true,null]})", R"({"a":{}})", "[]"}) {
        EXPECT_FALSE(same(other)) << other;
    }
}

TEST(JsonValue, GivenARepeatedName_ThenEveryValueAroundItSaysSo) {
    const auto document = read(R"({"a":[{"x":1,"x":2}],"b":[{"x":1},{"x":2}]})");

    EXPECT_TRUE(document.root().repeats_a_name());
    EXPECT_TRUE(document.find("a")->repeats_a_name());
    EXPECT_FALSE(document.find("b")->repeats_a_name());
}

TEST(JsonDocument, GivenItWasMoved_ThenItsValuesStayWhereTheyAre) {
    auto first = read(R"({"name":"a text that is longer than any small-string buffer"})");
    const auto* const name = first.find("name");

    const auto second = std::move(first);

    EXPECT_EQ(second.find("name"), name);
    EXPECT_EQ(*name->string(), "a text that is longer than any small-string buffer");
}

}  // namespace
}  // namespace orderflow::json
