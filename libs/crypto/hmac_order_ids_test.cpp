#include "libs/crypto/hmac_order_ids.hpp"

#include <gtest/gtest.h>

#include <set>

#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::crypto {
namespace {

SecretBytes secret(int fill) { return SecretBytes(32, static_cast<std::byte>(fill)); }

class HmacOrderIdsTest : public ::testing::Test {
  protected:
    SeededEntropy entropy{7};
    HmacOrderIds ids{secret(1), {secret(2)}, entropy};
};

TEST_F(HmacOrderIdsTest, GivenTheSameKey_WhenDerivedOnAnotherInstance_ThenTheIdIsTheSame) {
    const HmacOrderIds other(secret(1), {secret(2)}, entropy);

    EXPECT_EQ(ids.derive("t", "orders.create", "key-1"), other.derive("t", "orders.create", "key-1"));
}

TEST_F(HmacOrderIdsTest, GivenPartsThatJoinToTheSameText_WhenDerived_ThenTheIdsDiffer) {
    EXPECT_NE(ids.derive("ab", "c", "d"), ids.derive("a", "bc", "d"));
    EXPECT_NE(ids.derive("a", "bc", "d"), ids.derive("a", "b", "cd"));
    EXPECT_NE(ids.derive("1:a", "", ""), ids.derive("1", "a", ""));
}

TEST_F(HmacOrderIdsTest, GivenAnyChangedBit_WhenChecked_ThenItIsNotOurs) {
    const auto good = ids.derive("t", "orders.create", "key-1");
    ASSERT_TRUE(ids.issued_by_us(good));

    for (std::size_t bit = 0; bit < orders::OrderId::size * 8; ++bit) {
        auto bytes = good.bytes();
        bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        EXPECT_FALSE(ids.issued_by_us(orders::OrderId(bytes))) << "bit " << bit;
    }
}

TEST_F(HmacOrderIdsTest, GivenARotatedTagKey_ThenOldIdsVerifyAndKeysStillGiveAnIdOfOurs) {
    const auto old_id = ids.derive("t", "orders.create", "key-1");
    const HmacOrderIds rotated(secret(1), {secret(2), secret(3)}, entropy);

    EXPECT_TRUE(rotated.issued_by_us(old_id));
    EXPECT_TRUE(rotated.issued_by_us(rotated.random()));
    EXPECT_FALSE(ids.issued_by_us(rotated.random()));
}

TEST_F(HmacOrderIdsTest, GivenNoKey_WhenManyAreMade_ThenNoneIsTheSame) {
    std::set<orders::OrderId> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(ids.random()).second);
}

}  // namespace
}  // namespace orderflow::crypto
