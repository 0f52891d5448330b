#include "libs/json/value.hpp"

#include <gtest/gtest.h>

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

TEST(JsonValue, GivenAMember_ThenItIsFoundByName) {
    Value::Object members;
    members.emplace_back("a", Value(true));
    members.emplace_back("a", Value(false));
    const Value object(std::move(members));

    ASSERT_NE(object.find("a"), nullptr);
    EXPECT_TRUE(*object.find("a")->boolean());
    EXPECT_EQ(object.find("b"), nullptr);
    EXPECT_EQ(Value().find("a"), nullptr);
}

TEST(JsonValue, GivenAKind_ThenOnlyItsAccessorAnswers) {
    const Value text(std::string("x"));

    EXPECT_EQ(text.kind(), Value::Kind::string);
    EXPECT_NE(text.string(), nullptr);
    EXPECT_EQ(text.number(), nullptr);
    EXPECT_EQ(text.array(), nullptr);
    EXPECT_EQ(text.object(), nullptr);
    EXPECT_EQ(text.boolean(), nullptr);
    EXPECT_TRUE(Value().is_null());
}

}  // namespace
}  // namespace orderflow::json
