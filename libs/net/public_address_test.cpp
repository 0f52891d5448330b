#include "libs/net/public_address.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <string>

#include "libs/net/connect_stream.hpp"

namespace orderflow::net {
namespace {

bool is_public(const std::string& text) {
    const auto address = boost::asio::ip::make_address(text);
    if (address.is_v4()) return is_public_address(address.to_v4().to_bytes());
    return is_public_address(address.to_v6().to_bytes());
}

TEST(PublicAddress, GivenAddressesOfNoPublicNetwork_WhenJudged_ThenNoneIsPublic) {
    for (const auto* address :
         {"0.0.0.0",         "0.1.2.3",         "10.0.0.1",    "10.255.255.255",  "100.64.0.1",      "100.127.255.255",
          "127.0.0.1",       "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2",   "172.16.0.1",
          "172.31.255.255",  "192.0.0.1",       "192.0.2.1",   "192.88.99.1",     "192.168.0.1",     "198.18.0.1",
          "198.19.255.255",  "198.51.100.1",    "203.0.113.1", "224.0.0.1",       "239.255.255.255", "240.0.0.1",
          "255.255.255.255", "168.63.129.16"}) {
        EXPECT_FALSE(is_public(address)) << address;
    }
    for (const auto* address : {"::",
                                "::1",
                                "::127.0.0.1",
                                "::ffff:127.0.0.1",
                                "::ffff:10.0.0.1",
                                "::ffff:169.254.169.254",
                                "::ffff:0:127.0.0.1",
                                "64:ff9b::a9fe:a9fe",
                                "64:ff9b::7f00:1",
                                "64:ff9b:1::1",
                                "100::1",
                                "2001::1",
                                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                                "2001:2::1",
                                "2001:10::1",
                                "2001:db8::1",
                                "2002:7f00:1::",
                                "2002:a00:1::1",
                                "2002:a9fe:a9fe::",
                                "3fff::1",
                                "5f00::1",
                                "fc00::1",
                                "fd00:ec2::254",
                                "fe80::1",
                                "fec0::1",
                                "ff02::1",
                                "4000::1"}) {
        EXPECT_FALSE(is_public(address)) << address;
    }
}

TEST(PublicAddress, GivenAddressesOfTheInternet_WhenJudged_ThenTheyArePublic) {
    for (const auto* address :
         {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
          "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "198.17.255.255",
          "198.20.0.0", "223.255.255.255", "168.63.129.15"}) {
        EXPECT_TRUE(is_public(address)) << address;
    }
    for (const auto* address : {"2600:1f18::1", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808",
                                "2002:808:808::1", "2001:4860:4860::8888"}) {
        EXPECT_TRUE(is_public(address)) << address;
    }
}

TEST(PublicAddress, GivenBytesThatAreNoAddress_WhenJudged_ThenTheyAreNotPublic) {
    EXPECT_FALSE(is_public_address({}));
    const std::array<std::uint8_t, 5> five{};
    EXPECT_FALSE(is_public_address(five));
}

bool may_call(const std::string& text, OutboundRules rules = {}) {
    const auto url = Url::parse(text);
    return url && !outbound_refusal(*url, rules);
}

TEST(OutboundUrl, GivenUrlsOfAShop_WhenJudged_ThenHttpsToNamesAndPublicAddressesIsAllowed) {
    for (const auto* url : {"https://shop.example/hooks?x=1", "https://shop.example:8443/", "https://8.8.8.8/",
                            "https://[2600:1f18::1]:4443/a"}) {
        EXPECT_TRUE(may_call(url)) << url;
    }
}

TEST(OutboundUrl, GivenUrlsThatCouldReachInside_WhenJudged_ThenTheyAreRefused) {
    for (const auto* url :
         {"http://shop.example/", "ftp://shop.example/", "https://user@shop.example/", "https://u:p@shop.example/",
          "https://shop.example:22/", "https://shop.example:80/", "https://127.0.0.1/", "https://[::1]/",
          "https://169.254.169.254/latest/meta-data", "https://[::ffff:10.0.0.1]/", "https://10.1.2.3:8443/"}) {
        EXPECT_FALSE(may_call(url)) << url;
    }
}

TEST(OutboundUrl, GivenTheSettingsOfDevelopment_WhenJudged_ThenLocalPlainHttpIsAllowedAndLowPortsAreNot) {
    const OutboundRules development{.plain_http = true, .private_addresses = true};
    EXPECT_TRUE(may_call("http://127.0.0.1:8099/hook", development));
    EXPECT_TRUE(may_call("http://localhost/hook", development));
    EXPECT_FALSE(may_call("http://127.0.0.1:25/", development));
    EXPECT_FALSE(may_call("http://a@127.0.0.1:8099/", development));
}

TEST(PublicAddress, GivenANameOfWhichOneAddressIsPrivate_WhenJudged_ThenItIsRefused) {
    const auto at = [](const char* address) {
        return boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address(address), 443);
    };
    const auto open = at("93.184.216.34");
    const auto open6 = at("2606:2800:220:1::1");

    EXPECT_TRUE(all_public(std::array{open, open6}));
    EXPECT_FALSE(all_public(std::array{open, at("10.0.0.1")}));
    EXPECT_FALSE(all_public(std::array{at("::1"), open6}));
    EXPECT_FALSE(all_public(std::array{at("::ffff:169.254.169.254")}));
}

}  // namespace
}  // namespace orderflow::net
