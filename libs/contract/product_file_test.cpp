#include "libs/contract/product_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/contract/operator_message.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr auto csv = ProductFileFormat::csv;
constexpr auto ndjson = ProductFileFormat::ndjson;

std::vector<std::string> broken(std::string_view text, ProductFileFormat format) {
    std::vector<std::string> pointers;
    const auto read = read_product_file(text, format);
    if (read) return pointers;
    for (const auto& error : read.error().reported()) pointers.push_back(error.pointer);
    return pointers;
}

TEST(ProductFile, GivenBrokenRows_ThenAllAreReportedWithTheirLines) {
    EXPECT_THAT(broken("sku,name,price_EUR,on_hand\nmug,Mug,12.50,5\n,Lamp,1,-1\nmug,Mug,1,5,6\n", csv),
                UnorderedElementsAre("/2/prices/EUR", "/3/sku", "/3/on_hand", "/4"));
    EXPECT_THAT(broken("{\"sku\":\"mug\",\"name\":\"Mug\",\"prices\":{\"EURO\":1}}\n\nnonsense\n", ndjson),
                UnorderedElementsAre("/1/prices/EURO", "/3"));
    EXPECT_THAT(broken("sku,name,price_EUR,colour\nmug,Mug,1,red\n", csv), ElementsAre("/2/colour"));
    EXPECT_THAT(broken("", csv), SizeIs(1));
    EXPECT_THAT(broken("sku,name,price_EUR\n", csv), SizeIs(1)) << "no product";
}

TEST(ProductFile, GivenASkuThatStandsThereTwice_ThenTheSecondIsReported) {
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,Mug,1\nmug,Mug,2\n", csv), ElementsAre("/3/sku"));
}

TEST(ProductFile, GivenAQuoteThatDoesNotEnd_ThenItsLineIsReported) {
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,\"Mug,1\n", csv), ElementsAre("/2"));
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,\"Mug\" x,1\n", csv), ElementsAre("/2"));
}

TEST(ProductFile, GivenBothFormats_ThenTheRowsAreTheSame) {
    const auto from_csv = read_product_file(
        "sku,name,description,category,on_hand,price_GBP,price_EUR\r\n"
        "mug,\"Mug, \"\"large\"\"\",\"two\nlines\",kitchen,5,,1250\r\nlamp,Lamp,,,,3900,4500",
        csv);
    const auto from_json = read_product_file(
        R"({"sku":"mug","name":"Mug, \"large\"","category":"kitchen","on_hand":5,"prices":{"EUR":1250}})"
        "\n"
        R"({"sku":"lamp","name":"Lamp","prices":{"EUR":4500,"GBP":3900}})",
        ndjson);

    EXPECT_THAT(broken("sku,name,description,price_EUR\nmug,Mug,\"two\nlines\",1\n", csv),
                ElementsAre("/2/description"))
        << "a line feed is no part of a text";
    ASSERT_TRUE(from_json.has_value());
    ASSERT_FALSE(from_csv.has_value());
    const auto plain = read_product_file(
        "sku,name,description,category,on_hand,price_GBP,price_EUR\r\n"
        "mug,\"Mug, \"\"large\"\"\",,kitchen,5,,1250\r\nlamp,Lamp,,,,3900,4500",
        csv);
    ASSERT_TRUE(plain.has_value());
    ASSERT_THAT(*plain, SizeIs(2));
    EXPECT_EQ((*plain)[0].product, (*from_json)[0].product);
    EXPECT_EQ((*plain)[1].product, (*from_json)[1].product);
    EXPECT_EQ((*plain)[0].on_hand, 5);
    EXPECT_EQ((*plain)[1].on_hand, std::nullopt);
    EXPECT_EQ((*plain)[1].line, 3);
}

TEST(ProductFile, GivenMoreThanAMessageHolds_ThenEachPartTravelsInOneAndNothingIsLost) {
    std::string file = "sku,name,description,price_EUR\n";
    for (int i = 0; i < 900; ++i) {
        file += "sku-" + std::to_string(i) + ",Name," + std::string(1000, 'x') + "," + std::to_string(i) + "\n";
    }
    auto rows = read_product_file(file, csv);
    ASSERT_TRUE(rows.has_value());
    const auto expected = *rows;

    std::vector<orders::ProductRow> arrived;
    const auto parts = in_parts(*std::move(rows));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        orders::ImportProducts wish("file", static_cast<std::int32_t>(i) + 1, static_cast<std::int32_t>(parts.size()),
                                    parts[i]);
        orders::OperatorCommand command("c" + std::to_string(i), wish, samples::at(1));
        command.by = "kim";
        const auto message = encode_operator_command(command, std::nullopt);
        EXPECT_LE(message.size(), message_bytes_max);
        auto decoded = decode_operator_message(message).value();
        EXPECT_EQ(std::get<orders::ImportProducts>(decoded.wish), wish);
        for (const auto& row : parts[i]) arrived.push_back(row);
    }

    EXPECT_GT(parts.size(), 3U);
    EXPECT_EQ(arrived, expected);
}

}  // namespace
}  // namespace orderflow::contract
