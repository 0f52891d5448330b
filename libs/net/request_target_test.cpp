#include "libs/net/request_target.hpp"

#include <gtest/gtest.h>

namespace orderflow::net {
namespace {

TEST(ParseTarget, GivenOriginForm_WhenParsed_ThenPathAndQueryAreApart) {
    const auto target = parse_target(Method::get, "/a/b?c=d?e");

    ASSERT_TRUE(target);
    EXPECT_EQ(target->form, TargetForm::origin);
    EXPECT_EQ(target->path, "/a/b");
    EXPECT_EQ(target->query, "c=d?e");
}

TEST(ParseTarget, GivenAbsoluteForm_WhenParsed_ThenAuthorityIsApart) {
    const auto target = parse_target(Method::get, "http://shop:8080/a?b");
    const auto bare = parse_target(Method::get, "http://shop?b");

    ASSERT_TRUE(target && bare);
    EXPECT_EQ(target->authority, "shop:8080");
    EXPECT_EQ(target->path, "/a");
    EXPECT_EQ(bare->path, "/");
    EXPECT_EQ(bare->query, "b");
}

TEST(ParseTarget, GivenSpecialForms_WhenMethodMayNotHaveThem_ThenRefused) {
    EXPECT_TRUE(parse_target(Method::options, "*"));
    EXPECT_FALSE(parse_target(Method::get, "*"));
    EXPECT_TRUE(parse_target(Method::connect, "shop:443"));
    EXPECT_FALSE(parse_target(Method::get, "shop:443"));
    EXPECT_FALSE(parse_target(Method::connect, "/shop"));
}

TEST(IsHost, GivenNamesAndAddresses_WhenAsked_ThenGrammarDecides) {
    for (const auto* good : {"a", "shop.example", "127.0.0.1", "[::1]", "[::1]:80", "a:80", "a:", "a_b~c", "a:65535"}) {
        EXPECT_TRUE(is_host(good)) << good;
    }
    for (const auto* bad : {"", ":80", "a:b", "a:65536", "a:80:80", "[::1", "::1", "[::1]80", "[::g]", "a b", "a,b",
                            "a/b", "u@a", "a%41", "[]", "[127.0.0.1]"}) {
        EXPECT_FALSE(is_host(bad)) << bad;
    }
}

}  // namespace
}  // namespace orderflow::net
