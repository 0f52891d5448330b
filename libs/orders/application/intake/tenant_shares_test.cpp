#include "libs/orders/application/intake/tenant_shares.hpp"

#include <gtest/gtest.h>

namespace orderflow::orders {
namespace {

class TenantSharesTest : public testing::Test {
  protected:
    void accept(const char* tenant, int orders) {
        for (int i = 0; i < orders; ++i) shares.accepted(tenant, now);
    }
    TenantShares shares;
    Instant now{1h};
};

TEST_F(TenantSharesTest, GivenOneTenant_ThenItIsNeverAboveItsShare) {
    EXPECT_FALSE(shares.is_above_share("acme"));
    accept("acme", 1000);
    EXPECT_FALSE(shares.is_above_share("acme"));
}

TEST_F(TenantSharesTest, GivenOneThatFillsTheBacklog_ThenItAloneIsAbove) {
    accept("acme", 1000);
    accept("bert", 10);
    accept("carl", 10);
    EXPECT_TRUE(shares.is_above_share("acme"));
    EXPECT_FALSE(shares.is_above_share("bert"));
    EXPECT_FALSE(shares.is_above_share("who never ordered"));
}

TEST_F(TenantSharesTest, GivenEqualTenants_ThenNobodyIsAbove) {
    accept("acme", 500);
    accept("bert", 500);
    EXPECT_FALSE(shares.is_above_share("acme"));
    EXPECT_FALSE(shares.is_above_share("bert"));
}

TEST_F(TenantSharesTest, GivenTime_ThenOldOrdersFade) {
    accept("acme", 1000);
    now += 5min;
    accept("bert", 20);
    EXPECT_FALSE(shares.is_above_share("acme"));
    EXPECT_TRUE(shares.is_above_share("bert"));
    now += 10min;
    accept("bert", 1);
    EXPECT_FALSE(shares.is_above_share("bert")) << "the other is forgotten, it is alone";
}

}  // namespace
}  // namespace orderflow::orders
