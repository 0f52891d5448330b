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
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr auto csv = ProductFileFormat::csv;
constexpr auto ndjson = ProductFileFormat::ndjson;

// "line 3, price_EUR" of CSV, the pointer of NDJSON.
std::vector<std::string> broken(std::string_view text, ProductFileFormat format) {
    std::vector<std::string> places;
    for (const auto& error : read_product_file(text, format).errors.reported()) {
        const auto column = error.column.empty() ? std::string() : ", " + error.column;
        places.push_back(error.line == 0 ? error.pointer : "line " + std::to_string(error.line) + column);
    }
    return places;
}

TEST(ProductFile, GivenBrokenRows_ThenAllAreReportedWithTheirLines) {
    EXPECT_THAT(broken("sku,name,price_EUR,on_hand\nmug,Mug,12.50,5\n,Lamp,1,-1\nmug,Mug,1,5,6\n", csv),
                UnorderedElementsAre("line 2, price_EUR", "line 3, sku", "line 3, on_hand", "line 4"));
    EXPECT_THAT(broken("{\"sku\":\"mug\",\"name\":\"Mug\",\"prices\":{\"EURO\":1}}\n\nnonsense\n", ndjson),
                UnorderedElementsAre("/1/prices/EURO", "/3"));
    EXPECT_THAT(broken("", csv), SizeIs(1));
    EXPECT_THAT(broken("sku,name,price_EUR\n", csv), SizeIs(1)) << "no product";
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,M\xFFg,1\n", csv), ElementsAre("line 2")) << "no UTF-8";
}

TEST(ProductFile, GivenAHeaderThatIsNone_ThenItsColumnsAreReportedOnceAndNoRows) {
    EXPECT_THAT(broken("sku,title,price_EUR,price_EURO,sku\nmug,Mug,x,1,mug\nlamp,Lamp,1,1,lamp\n", csv),
                UnorderedElementsAre("line 1, title", "line 1, price_EURO", "line 1, sku", "line 1, name"));
    EXPECT_THAT(broken("\xFF, ,name,sku\n", csv), ElementsAre("line 1", "line 1")) << "what was sent is not repeated";
    EXPECT_EQ(read_product_file("sku;name\nmug;Mug\n", csv).faulty_lines, 1);
}

TEST(ProductFile, GivenAFaultOfCsv_ThenItIsToldInTheWordsOfCsv) {
    const auto words = [](const std::string& row) {
        const auto file = read_product_file("sku,name,on_hand,price_EUR\n" + row + "\n", csv);
        return file.errors.empty() ? std::string() : file.errors.reported().front().detail;
    };
    EXPECT_EQ(words("mug,Mug,1,12.50"),
              "Must be a price in minor units, a whole number without a point: 1250 for 12.50.");
    EXPECT_EQ(words("mug,Mug,many,1"), "Must be a whole number.");
    EXPECT_EQ(words("mug,,1,1"), "The cell must not be empty.");
    EXPECT_EQ(words("mug,Mug,1"), "This line has not as many cells as the header.");
}

TEST(ProductFile, GivenRowsOfWhichSomeAreBroken_ThenTheOthersAreThereToo) {
    const auto file = read_product_file("sku,name,price_EUR\nmug,Mug,1\nlamp,,x\nvase,Vase,2\nmug,Again,3\n", csv);

    ASSERT_THAT(file.rows, SizeIs(2));
    EXPECT_EQ(file.rows[1].product.sku, samples::sku("vase"));
    EXPECT_EQ(file.errors.count(), 3U);
    EXPECT_EQ(file.faulty_lines, 2);
}

TEST(ProductFile, GivenASkuThatStandsThereTwice_ThenTheSecondIsReported) {
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,Mug,1\nmug,Mug,2\n", csv), ElementsAre("line 3, sku"));
}

TEST(ProductFile, GivenAQuoteThatDoesNotEnd_ThenItsLineIsReported) {
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,\"Mug,1\n", csv), ElementsAre("line 2"));
    EXPECT_THAT(broken("sku,name,price_EUR\nmug,\"Mug\" x,1\n", csv), ElementsAre("line 2"));
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
                ElementsAre("line 2, description"))
        << "a line feed is no part of a text";
    ASSERT_TRUE(from_json.errors.empty());
    ASSERT_FALSE(from_csv.errors.empty());
    const auto plain = read_product_file(
        "sku,name,description,category,on_hand,price_GBP,price_EUR\r\n"
        "mug,\"Mug, \"\"large\"\"\",,kitchen,5,,1250\r\nlamp,Lamp,,,,3900,4500",
        csv);
    ASSERT_TRUE(plain.errors.empty());
    ASSERT_THAT(plain.rows, SizeIs(2));
    EXPECT_EQ(plain.rows[0].product, from_json.rows[0].product);
    EXPECT_EQ(plain.rows[1].product, from_json.rows[1].product);
    EXPECT_EQ(plain.rows[0].on_hand, 5);
    EXPECT_EQ(plain.rows[1].on_hand, std::nullopt);
    EXPECT_EQ(plain.rows[1].line, 3);
}

TEST(ProductFile, GivenMoreThanAMessageHolds_ThenEachPartTravelsInOneAndNothingIsLost) {
    std::string file = "sku,name,description,price_EUR\n";
    for (int i = 0; i < 900; ++i) {
        file += "sku-" + std::to_string(i) + ",Name," + std::string(1000, 'x') + "," + std::to_string(i) + "\n";
    }
    auto read = read_product_file(file, csv);
    ASSERT_TRUE(read.errors.empty());
    const auto expected = read.rows;

    std::vector<orders::ProductRow> arrived;
    const auto parts = in_parts(std::move(read.rows));
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
