#include "libs/net/percent.hpp"

#include <gtest/gtest.h>

#include <string>

namespace orderflow::net {
namespace {

std::optional<std::string> decoded(std::string_view raw) {
    std::string memory;
    const auto path = decode_path(raw, memory);
    return path ? std::optional<std::string>(*path) : std::nullopt;
}

TEST(DecodePath, GivenNothingToDecode_WhenDecoded_ThenIsTheSameMemory) {
    std::string memory;
    const std::string_view raw = "/orders/1+2";

    EXPECT_EQ(decode_path(raw, memory)->data(), raw.data());
    EXPECT_TRUE(memory.empty());
}

TEST(DecodePath, GivenEscapes_WhenDecoded_ThenOnceAndExactly) {
    EXPECT_EQ(decoded("/a%20b"), "/a b");
    EXPECT_EQ(decoded("/%e2%82%AC"), "/\xE2\x82\xAC");
    EXPECT_EQ(decoded("/%2525"), "/%25");
    EXPECT_EQ(decoded("/%7E%41"), "/~A");
}

TEST(DecodePath, GivenBrokenOrAmbiguousEscape_WhenDecoded_ThenRefused) {
    for (const auto* raw : {"/%", "/%4", "/%4g", "/%g4", "/% 41", "/%00", "/%0d", "/%1F", "/%7f", "/%2F", "/%2f",
                            "/%5c", "/%ff", "/%c3", "/%c0%af", "/%ed%a0%80", "/%f4%90%80%80"}) {
        EXPECT_FALSE(decoded(raw)) << raw;
    }
}

TEST(EncodeForm, GivenAnyText_ThenItComesBack) {
    EXPECT_EQ(encode_form("a-Z_0.9~"), "a-Z_0.9~");
    EXPECT_EQ(encode_form("kim & co/\xC3\xA9+%"), "kim%20%26%20co%2F%C3%A9%2B%25");
    EXPECT_EQ(decode_form(encode_form("kim & co/\xC3\xA9+%")), "kim & co/\xC3\xA9+%");
}

TEST(QueryNames, GivenAQuery_ThenEachNameComesDecodedAndBrokenOnesAsSent) {
    EXPECT_EQ(query_names("a=1&&b%20c=2&flag&a=3&=x&%zz=1"),
              (std::vector<std::string>{"a", "b c", "flag", "a", "", "%zz"}));
    EXPECT_TRUE(query_names("").empty());
}

TEST(QueryParam, GivenQuery_WhenAskedByName_ThenFirstValueDecoded) {
    const std::string_view query = "status=on%5Fhold&limit=20&empty=&flag&limit=30&a%20b=c+d";

    EXPECT_EQ(query_param(query, "status"), "on_hold");
    EXPECT_EQ(query_param(query, "limit"), "20");
    EXPECT_EQ(query_param(query, "empty"), "");
    EXPECT_EQ(query_param(query, "flag"), "");
    EXPECT_EQ(query_param(query, "a b"), "c d");
    EXPECT_EQ(query_param(query, "missing"), std::nullopt);
    EXPECT_EQ(query_param("", "a"), std::nullopt);
    EXPECT_EQ(query_param("a=%zz", "a"), std::nullopt);
    EXPECT_EQ(query_param("&&a=1", "a"), "1");
    EXPECT_EQ(query_param("a=b=c", "a"), "b=c");
}

TEST(IsQuery, GivenWhatCannotBeDecoded_ThenItIsNoQueryInsteadOfOneWithoutTheParameter) {
    for (const std::string_view query : {"customer=%ff", "a=1&customer=%zz", "%ff=1", "a=%", "a=1&b=%2", "a=\xff"}) {
        EXPECT_FALSE(is_query(query)) << query;
    }
    for (const std::string_view query : {"", "&&", "a", "a=", "=", "a=b=c", "a=%C3%A4&b+c=%00", "a=\xc3\xa4"}) {
        EXPECT_TRUE(is_query(query)) << query;
    }
}

TEST(DecodeForm, GivenFormText_WhenDecoded_ThenPlusIsBlank) {
    EXPECT_EQ(decode_form("a+b%2Bc%0A"), "a b+c\n");
    EXPECT_EQ(decode_form("%E4"), std::nullopt);
}

}  // namespace
}  // namespace orderflow::net
