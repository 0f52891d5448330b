#include "libs/contract/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace orderflow::contract {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Catalogue, GivenSeveralBrokenRules_WhenRead_ThenAllAreNamedByTheirPlace) {
    const auto read = read_catalogue(R"({"products":[
        {"sku":"A B","name":"x","prices":{"EUR":1},"stock":1},
        {"sku":"B","name":"x","prices":{"EURO":1},"stock":1},
        {"sku":"C","name":"x","prices":{"EUR":1.5},"stock":-1},
        {"sku":"D","name":"x","prices":{"EUR":1},"stock":1,"colour":"red"},
        {"sku":"D","name":"x","prices":{"EUR":1},"stock":1}]})");

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), "catalogue.invalid");
    EXPECT_THAT(read.error().detail(),
                AllOf(HasSubstr("/products/0/sku"), HasSubstr("/products/1/prices/EURO"),
                      HasSubstr("/products/2/stock"), HasSubstr("/products/3/colour"), HasSubstr("/products/4/sku")));
}

TEST(Catalogue, GivenBrokenJson_WhenRead_ThenItIsRefused) {
    EXPECT_FALSE(read_catalogue("{"));
    EXPECT_FALSE(read_catalogue("[]"));
    EXPECT_FALSE(read_catalogue(R"({"products":{}})"));
}

TEST(Catalogue, GivenTheSampleOfTheRepository_WhenRead_ThenItHoldsAScarceProductAndOneOfASingleCurrency) {
    std::ifstream in("contracts/catalogue.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};

    const auto read = read_catalogue(text);

    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_GE(read->size(), 20U);
    bool scarce = false;
    bool single = false;
    for (const auto& item : *read) {
        scarce = scarce || item.stock.on_hand <= 5;
        single = single || item.product.prices.size() == 1;
    }
    EXPECT_TRUE(scarce);
    EXPECT_TRUE(single);
}

}  // namespace
}  // namespace orderflow::contract
