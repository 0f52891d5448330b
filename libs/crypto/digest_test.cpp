#include "libs/crypto/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace orderflow::crypto {
namespace {

std::string hex(std::span<const std::byte> bytes) {
    std::string out;
    for (const auto byte : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += digits[std::to_integer<std::size_t>(byte >> 4)];
        out += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return out;
}

TEST(Sha256, GivenTheExampleOfFips180_WhenHashed_ThenTheDigestIsTheirs) {
    EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Md5, GivenTheTestSuiteOfRfc1321_WhenHashed_ThenTheDigestsAreTheirs) {
    EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(HmacSha256, GivenTestCase2OfRfc4231_WhenSigned_ThenTheMacIsTheirs) {
    const std::string key = "Jefe";

    const auto mac = HmacKey(std::as_bytes(std::span(key))).mac({"what do ya want ", "for nothing?"});

    EXPECT_EQ(hex(mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(HmacSha256, GivenTestCase6OfRfc4231_WhenTheKeyIsLongerThanABlock_ThenTheMacIsTheirs) {
    const std::string key(131, '\xaa');

    const auto mac =
        HmacKey(std::as_bytes(std::span(key))).mac({"Test Using Larger Than Block-Size Key - Hash Key First"});

    EXPECT_EQ(hex(mac), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, GivenOneKey_WhenUsedAgain_ThenEarlierMessagesLeaveNoTrace) {
    const std::string secret = "Jefe";
    const HmacKey key(std::as_bytes(std::span(secret)));
    const auto first = key.mac({"one"});

    (void)key.mac({"another"});

    EXPECT_EQ(key.mac({"o", "ne"}), first);
}

TEST(ConstantTimeEqual, GivenOtherLengthOrOtherBytes_ThenNotEqual) {
    const std::array a{std::byte{1}, std::byte{2}};
    const std::array b{std::byte{1}, std::byte{3}};

    EXPECT_TRUE(equal_in_constant_time(a, a));
    EXPECT_FALSE(equal_in_constant_time(a, b));
    EXPECT_FALSE(equal_in_constant_time(a, std::span(a).first(1)));
}

}  // namespace
}  // namespace orderflow::crypto
