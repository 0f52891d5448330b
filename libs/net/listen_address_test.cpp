#include "libs/net/listen_address.hpp"

#include <gtest/gtest.h>

namespace orderflow::net {
namespace {

TEST(ListenAddress, GivenAddressAndPort_WhenParsed_ThenWrittenTheSame) {
    for (const auto* text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:65535", "[::]:80"}) {
        const auto address = ListenAddress::parse(text);

        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->to_string(), text);
    }
    EXPECT_EQ(ListenAddress::parse("localhost:80")->host, "127.0.0.1");
}

TEST(ListenAddress, GivenAnythingElse_WhenParsed_ThenSaysWhatIsWanted) {
    for (const auto* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1",
                             "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80", "shop:80", "127.0.0.1:80 ", "[::1:80"}) {
        const auto address = ListenAddress::parse(text);

        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().code(), "listen.malformed");
    }
}

TEST(ListenAddress, GivenAddresses_WhenAsked_ThenLoopbackIsKnown) {
    EXPECT_TRUE(ListenAddress::parse("127.0.0.2:80")->is_loopback());
    EXPECT_TRUE(ListenAddress::parse("[::1]:80")->is_loopback());
    EXPECT_FALSE(ListenAddress::parse("0.0.0.0:80")->is_loopback());
}

}  // namespace
}  // namespace orderflow::net
