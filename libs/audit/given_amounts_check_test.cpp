// Orders that came with amounts of their own: the books have those, and no others.
#include <gtest/gtest.h>

#include "libs/audit/check.hpp"
#include "libs/audit/sound_shop_test.hpp"

namespace orderflow::audit {
namespace {

class AuditGivenAmounts : public testing::Test {
  protected:
    // 7 of the tax is on shipping.
    AuditGivenAmounts() {
        auto& priced = order();
        auto& given = priced.given.emplace();
        given.lines = {{.unit_price = SoundShop::price, .tax = SoundShop::tax - 7}};
        given.shipping = SoundShop::shipping;
        given.tax = SoundShop::tax;
        priced.lines[0].tax -= 7;
    }
    StoredOrder& order() { return shop.order(shop.invoiced); }
    void expect_found() const {
        const auto report = shop.judge();
        ASSERT_EQ(report.count(FindingKind::money_mismatch), 1U) << report.to_text();
        EXPECT_EQ(report.places(FindingKind::money_mismatch).front().subject, id_of(4).to_string());
    }

    SoundShop shop;
};

TEST_F(AuditGivenAmounts, GivenTheyAreTheOrdersOwn_ThenTheShopIsSound) { EXPECT_TRUE(shop.judge().ok()); }

TEST_F(AuditGivenAmounts, GivenAnotherPriceThanCameWithTheOrder_ThenItIsFound) {
    order().given->lines[0].unit_price += 1;
    expect_found();
}

TEST_F(AuditGivenAmounts, GivenAnotherShippingThanCameWithTheOrder_ThenItIsFound) {
    order().given->shipping += 1;
    expect_found();
}

TEST_F(AuditGivenAmounts, GivenMoreTaxOnTheLinesThanOnTheOrder_ThenItIsFound) {
    order().lines[0].tax = SoundShop::tax + 1;
    order().given->lines[0].tax = SoundShop::tax + 1;
    expect_found();
}

}  // namespace
}  // namespace orderflow::audit
