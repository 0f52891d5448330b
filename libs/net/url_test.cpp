#include "libs/net/url.hpp"

#include <gtest/gtest.h>

namespace orderflow::net {
namespace {

TEST(UrlParse, GivenTextThatIsNoUrl_WhenParsed_ThenItIsRefused) {
    for (const auto* text : {"",
                             "example.com",
                             "ftp://example.com",
                             "http://",
                             "http:///path",
                             "http://exa mple.com",
                             "http://x:0",
                             "http://x:65536",
                             "http://x:",
                             "http://x:8o",
                             "http://x:80:81",
                             "http://[::1",
                             "http://[nonsense]",
                             "http://[::1]8",
                             "http://x/a b",
                             "http://x/\r\nEvil: 1",
                             "http://\xc3\xa4.example",
                             "http://a%2fb/",
                             "http://user@",
                             "https//x"}) {
        const auto url = Url::parse(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code(), "url.malformed") << text;
    }
    EXPECT_FALSE(Url::parse("http://x/" + std::string(9000, 'a')));
    EXPECT_FALSE(Url::parse("http://" + std::string(254, 'a')));
}

TEST(UrlParse, GivenAUrl_WhenParsed_ThenItsPartsAreThere) {
    const auto url = Url::parse("HTTPS://Key:s%40cret@SQS.eu-west-1.AmazonAWS.com:8443/000/orders?a=b#part").value();
    EXPECT_TRUE(url.secure);
    EXPECT_EQ(url.user_info, "Key:s%40cret");
    EXPECT_EQ(url.host, "sqs.eu-west-1.amazonaws.com");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.target, "/000/orders?a=b");
    EXPECT_EQ(url.authority(), "sqs.eu-west-1.amazonaws.com:8443");
    EXPECT_EQ(url.origin(), "https://sqs.eu-west-1.amazonaws.com:8443");
}

TEST(UrlParse, GivenAUrlWithoutPortOrPath_WhenParsed_ThenTheyAreTheSchemesOwn) {
    const auto plain = Url::parse("http://127.0.0.1").value();
    EXPECT_EQ(plain.port, 80);
    EXPECT_EQ(plain.target, "/");
    EXPECT_EQ(plain.authority(), "127.0.0.1");
    EXPECT_EQ(plain.origin(), "http://127.0.0.1:80");
    const auto secure = Url::parse("https://x?query").value();
    EXPECT_EQ(secure.port, 443);
    EXPECT_EQ(secure.target, "/?query");
}

TEST(UrlParse, GivenAnIpv6Address_WhenParsed_ThenItsBracketsAreOfTheTextAlone) {
    const auto url = Url::parse("http://[::1]:9324/x").value();
    EXPECT_EQ(url.host, "::1");
    EXPECT_EQ(url.authority(), "[::1]:9324");
    EXPECT_EQ(Url::parse("http://[FE80::1]").value().host, "fe80::1");
}

}  // namespace
}  // namespace orderflow::net
