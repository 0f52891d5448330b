// What fits together of amounts that came with an order, unhappy cases first.
#include "libs/orders/domain/given_amounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto most = std::numeric_limits<std::int64_t>::max();

// Two mugs at 10.00 less 1.00, a lamp at 30.00; shipping 2.50, 0.50 off, 4.00 of tax with 3.61 of it on the mugs.
class AddUp : public testing::Test {
  protected:
    AddUp() {
        given.lines = {{.unit_price = 1000, .discount = 100, .tax = 361}, {.unit_price = 3000}};
        given.shipping = 250;
        given.discount = 50;
        given.tax = 400;
    }
    AddedUp sum() const { return add_up(samples::draft({{"mug", 2}, {"lamp", 1}}).lines, given); }
    std::vector<FoundFault> faults() const {
        const auto added = sum();
        if (!added.faults.empty()) EXPECT_EQ(added.total, 0);
        return added.faults;
    }

    GivenAmounts given;
};

TEST_F(AddUp, GivenFaultsInManyPlaces_ThenEachIsNamed) {
    given.lines[0].unit_price = most / 2 + 1;
    given.lines[1].discount = 3001;
    given.tax = 360;

    EXPECT_THAT(faults(), ElementsAre(FoundFault{AmountsFault::line_too_large, 0},
                                      FoundFault{AmountsFault::line_discount, 1}, FoundFault{AmountsFault::tax}));
}

TEST_F(AddUp, GivenADiscountOfALine_ThenItMayBeAllThatTheLineCostsAndNoMore) {
    given.lines[0].discount = 2001;
    EXPECT_THAT(faults(), ElementsAre(FoundFault{AmountsFault::line_discount, 0}));
    given.lines[0].discount = 2000;
    EXPECT_EQ(sum().total, 3000 + 250 - 50 + 400);
}

TEST_F(AddUp, GivenATaxBelowThatOfTheLines_ThenItIsRefused_AndMoreIsTaxOnShipping) {
    given.tax = 360;
    EXPECT_THAT(faults(), ElementsAre(FoundFault{AmountsFault::tax}));
    given.tax = 361;
    EXPECT_THAT(faults(), IsEmpty());
    given.lines[0].tax = most;
    given.lines[1].tax = 1;
    given.tax = most;
    EXPECT_THAT(faults(), ElementsAre(FoundFault{AmountsFault::tax}, FoundFault{AmountsFault::total}));
}

TEST_F(AddUp, GivenADiscountOnTheOrder_ThenTheTotalIsNeverBelowZero) {
    given.discount = 2000 - 100 + 3000 + 250 + 400 + 1;
    EXPECT_THAT(faults(), ElementsAre(FoundFault{AmountsFault::order_discount}));
    given.discount -= 1;
    EXPECT_THAT(faults(), IsEmpty());
    EXPECT_EQ(sum().total, 0);
}

TEST_F(AddUp, GivenSumsThatDoNotFit_ThenTheTotalIsRefused) {
    for (auto* const amount : {&given.shipping, &given.tax, &given.lines[1].unit_price}) {
        const auto before = std::exchange(*amount, most);
        EXPECT_THAT(faults(), ElementsAre(FoundFault{AmountsFault::total}));
        *amount = before;
    }
}

TEST_F(AddUp, GivenAmountsThatFit_ThenTheyAddUp) { EXPECT_EQ(sum().total, 2 * 1000 - 100 + 3000 + 250 - 50 + 400); }

}  // namespace
}  // namespace orderflow::orders
