#include "api-service/client_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace orderflow::api {
namespace {

using testing::SizeIs;

class ClientAddressTest : public testing::Test {
  protected:
    // The bucket of a request whose X-Forwarded-For lines are these.
    std::uint64_t bucket(std::string_view peer, std::vector<std::string_view> lines = {}, std::int64_t hops = 1) const {
        return of(peer, lines, hops).bucket;
    }
    static ClientAddress of(std::string_view peer, const std::vector<std::string_view>& lines, std::int64_t hops) {
        std::vector<net::Field> fields{{"Forwarded", "for=203.0.113.99"}};
        for (const auto line : lines) fields.push_back({"x-forwarded-for", line});
        net::Request request;
        request.peer = peer;
        request.fields = fields;
        return ClientAddresses(parse_networks("10.0.0.0/8,::1,127.0.0.1").value(), hops).of(request);
    }
};

TEST_F(ClientAddressTest, GivenAPeerThatIsNotTrusted_ThenItsHeaderIsNothing) {
    EXPECT_EQ(bucket("192.0.2.1", {"203.0.113.7"}), bucket("192.0.2.1"));
    EXPECT_NE(bucket("192.0.2.1"), bucket("192.0.2.2"));
}

TEST_F(ClientAddressTest, GivenATrustedProxy_ThenItsOwnEntryCounts_AndNoneThatTheClientWrote) {
    EXPECT_EQ(bucket("10.1.2.3", {"203.0.113.7"}), bucket("203.0.113.7"));
    EXPECT_EQ(bucket("10.1.2.3", {"198.51.100.1, 203.0.113.7"}), bucket("203.0.113.7"));
    EXPECT_EQ(bucket("10.1.2.3", {"198.51.100.1", "203.0.113.7"}), bucket("203.0.113.7"));
}

TEST_F(ClientAddressTest, GivenTwoProxies_ThenTheSecondEntryFromTheRightCounts) {
    EXPECT_EQ(bucket("10.1.2.3", {"198.51.100.1,203.0.113.7 , 10.9.9.9"}, 2), bucket("203.0.113.7"));
    EXPECT_EQ(bucket("10.1.2.3", {"198.51.100.1, 203.0.113.7", "10.9.9.9"}, 2), bucket("203.0.113.7"));
    EXPECT_EQ(bucket("10.1.2.3", {"10.9.9.9"}, 2), bucket("10.9.9.9")) << "a line that is too short: who came last";
}

TEST_F(ClientAddressTest, GivenEntriesThatAreNoAddress_ThenTheNextOneToTheRight_AtLastThePeer) {
    for (const auto* bad : {"", "unknown", "_hidden", "203.0.113.7.", "203.0.113", "[::1", "[::1]x", "1:2",
                            "fe80::1%eth0", "203.0.113.7:80:90", "300.1.1.1", "\"203.0.113.7\""}) {
        EXPECT_EQ(bucket("10.1.2.3", {bad}), bucket("10.1.2.3")) << bad;
        EXPECT_EQ(bucket("10.1.2.3", {std::string(bad) + ", 10.9.9.9"}, 2), bucket("10.9.9.9")) << bad;
    }
    EXPECT_EQ(bucket("10.1.2.3"), bucket("10.1.2.3", {std::string(70'000, ',')}));
}

TEST_F(ClientAddressTest, GivenPortsAndBrackets_ThenTheAddressIsTheSame) {
    EXPECT_EQ(bucket("10.1.2.3", {"203.0.113.7:4711"}), bucket("203.0.113.7"));
    EXPECT_EQ(bucket("10.1.2.3", {"[2001:db8::1]:4711"}), bucket("2001:db8::1"));
    EXPECT_EQ(bucket("10.1.2.3", {"[2001:db8::1]"}), bucket("2001:db8::1"));
    EXPECT_EQ(bucket("10.1.2.3", {"2001:db8::1"}), bucket("2001:db8::1"));
}

TEST_F(ClientAddressTest, GivenIpv6_ThenAWholeSlash64IsOneClient) {
    EXPECT_EQ(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:2:ffff::9"));
    EXPECT_NE(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
    EXPECT_EQ(bucket("::ffff:192.0.2.1"), bucket("192.0.2.1"));
}

TEST_F(ClientAddressTest, GivenThisMachine_ThenOnlyADirectConnectionIsLoopback) {
    const ClientAddresses addresses({}, 1);
    const auto loopback = [&](std::string_view peer) {
        net::Request request;
        request.peer = peer;
        return addresses.of(request).loopback;
    };
    EXPECT_TRUE(loopback("127.8.9.10"));
    EXPECT_TRUE(loopback("::1"));
    EXPECT_TRUE(loopback("::ffff:127.0.0.1"));
    EXPECT_FALSE(loopback("::ffff:192.0.2.1"));
    EXPECT_FALSE(loopback(""));
    EXPECT_FALSE(of("127.0.0.1", {"203.0.113.7"}, 1).loopback) << "a proxy that speaks for others";
    EXPECT_FALSE(of("127.0.0.1", {"127.0.0.1"}, 1).loopback);
}

TEST(Networks, GivenAList_ThenItIsReadAsAWholeOrNotAtAll) {
    EXPECT_THAT(parse_networks("10.0.0.0/8, 2001:db8::/32,192.0.2.7").value(), SizeIs(3));
    for (const auto* bad : {"", ",", "10.0.0.0/8,", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                            "proxy.example", "10.0.0.0/8;::1"}) {
        EXPECT_FALSE(parse_networks(bad)) << bad;
    }
}

TEST(Networks, GivenAPrefix_ThenItsBitsDecide) {
    const auto contains = [](const char* network, const char* address) {
        return parse_networks(network).value().front().contains(net::parse_ip(address).value());
    };
    EXPECT_TRUE(contains("192.168.128.0/17", "192.168.255.1"));
    EXPECT_FALSE(contains("192.168.128.0/17", "192.168.127.1"));
    EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
    EXPECT_TRUE(contains("0.0.0.0/0", "192.0.2.1"));
    EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(contains("::/0", "2001:db8::1"));
}

}  // namespace
}  // namespace orderflow::api
