#include "orderflow/load/product_list.hpp"

#include <gtest/gtest.h>

namespace orderflow::load {
namespace {

using Skus = std::vector<std::string>;

std::string product(const std::string& sku, const std::string& available,
                    const std::string& prices = R"({"EUR":1,"GBP":1,"USD":1})") {
    return R"({"sku":")" + sku + R"(","available":)" + available + R"(,"prices":)" + prices + "}";
}

std::string page(const std::vector<std::string>& products) {
    std::string text = R"({"data":[)";
    for (const auto& one : products) text += (text.ends_with('[') ? "" : ",") + one;
    return text + "]}";
}

TEST(SkusIn, GivenProducts_ThenThoseWithPlentyAreTaken) {
    EXPECT_EQ(skus_in(page({product("A", "4000000"), product("LIMITED", "5"), product("B", "100000")})),
              (Skus{"A", "B"}));
}

TEST(SkusIn, GivenASmallShop_ThenEverythingThatIsInStockIsTaken) {
    EXPECT_EQ(skus_in(page({product("A", "5"), product("GONE", "0")})), Skus{"A"});
}

TEST(SkusIn, GivenAProductThatIsNotSoldInEveryCurrency_ThenItIsLeftOut) {
    EXPECT_EQ(skus_in(page({product("UK", "9000000", R"({"GBP":940})"), product("A", "9000000")})), Skus{"A"});
}

TEST(SkusIn, GivenNothingToOrder_ThenTheErrorNamesTheWayOut) {
    for (const auto& body : {std::string(), std::string("202 Accepted"), std::string("{}"), page({}),
                             page({product("A", "0")}), std::string(R"({"data":[1,{"sku":2}]})")}) {
        const auto skus = skus_in(body);
        ASSERT_FALSE(skus) << body;
        EXPECT_NE(skus.error().detail().find("--sku"), std::string::npos);
    }
}

TEST(AvailableIn, GivenProducts_ThenThePiecesOfTheNamedOne) {
    EXPECT_EQ(available_in(page({product("A", "5"), product("B", "0")}), "B").value(), 0);
    for (const auto& body : {std::string(), page({}), page({product("A", "5")}), page({product("B", "\"many\"")})}) {
        EXPECT_FALSE(available_in(body, "B")) << body;
    }
}

}  // namespace
}  // namespace orderflow::load
