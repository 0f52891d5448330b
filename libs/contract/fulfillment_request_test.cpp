#include "libs/contract/fulfillment_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/contract/order_message.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;

std::vector<std::string> broken(std::string_view text) {
    const auto body = json::parse(text, {.bytes = 10'000}).value();
    std::vector<std::string> pointers;
    const auto read = read_fulfillment_request(body);
    if (read) return pointers;
    for (const auto& error : read.error().reported()) pointers.push_back(error.pointer);
    return pointers;
}

TEST(FulfillmentRequest, GivenBrokenRules_ThenAllAreReportedWithTheirPlaces) {
    EXPECT_THAT(broken(R"({"lines":[{"sku":"?","quantity":0},{"quantity":1,"weight":2}],"carrier":7})"),
                testing::UnorderedElementsAre("/lines/0/sku", "/lines/0/quantity", "/lines/1/sku", "/lines/1/weight",
                                              "/carrier"));
    EXPECT_THAT(broken(R"({"lines":[]})"), testing::ElementsAre("/lines"));
    EXPECT_THAT(broken(R"({"lines":[{"sku":"mug","quantity":1}],"by":7,"reason":")" + std::string(501, 'x') + "\"}"),
                testing::ElementsAre("/by", "/reason"));
    EXPECT_THAT(broken(R"([])"), testing::SizeIs(1));
}

TEST(FulfillmentRequest, GivenAFulfilment_WhenItTravels_ThenItIsWhatItWas) {
    orders::FulfillOrder command(samples::order_id(1), "parcel-1",
                                 {{samples::sku("lamp"), 1}, {samples::sku("mug"), 2}}, samples::at(5));
    command.carrier = "DHL";
    command.by = "kim";
    command.reason = "packed";

    const auto decoded = decode_message(encode_fulfillment(command, std::nullopt)).value();

    const auto& read = std::get<orders::FulfillOrder>(decoded.command);
    EXPECT_EQ(read.id, command.id);
    EXPECT_EQ(read.command_id, "parcel-1");
    EXPECT_EQ(read.lines, command.lines);
    EXPECT_EQ(read.carrier, "DHL");
    EXPECT_EQ(read.tracking_number, std::nullopt);
    EXPECT_EQ(read.by, "kim");
    EXPECT_EQ(read.reason, "packed");
}

TEST(FulfillmentRequest, GivenNobodyWhoSaysTheirName_WhenItTravels_ThenTheMessageIsAsTheReleaseBeforeKnowsIt) {
    const orders::FulfillOrder command(samples::order_id(1), "parcel-1", {{samples::sku("mug"), 1}}, samples::at(5));

    const auto message = encode_fulfillment(command, std::nullopt);

    EXPECT_THAT(message, testing::EndsWith(R"("data":{"lines":[{"sku":"mug","quantity":1}]}})"));
    EXPECT_EQ(std::get<orders::FulfillOrder>(decode_message(message).value().command).by, "");
}

}  // namespace
}  // namespace orderflow::contract
