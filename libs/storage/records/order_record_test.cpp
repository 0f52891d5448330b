// What the body of an order is read from: records of this release and of those before.
#include "libs/storage/records/order_record.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "libs/testing/order_samples.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

OrderRow row_of(const orders::Order& order) {
    OrderRow row;
    row.number = order.number;
    row.id = order.id;
    row.version = order.version;
    row.status = std::to_underlying(order.status);
    return row;
}

orders::Order order_of(orders::OrderDraft draft) {
    orders::Order order(samples::order_id(1), std::move(draft), samples::fingerprint(1), samples::at(0));
    order.number = 7;
    order.version = 1;
    return order;
}

// `text` outlives the bytes.
Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::optional<orders::Order> back(const orders::Order& order, const std::string& body) {
    auto row = row_of(order);
    const auto state = encode_state(row, order);
    row.record = bytes_of(state);
    return decode_order(row, bytes_of(body));
}

std::string hex_of(const std::string& bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

orders::OrderDraft with_amounts() {
    auto draft = samples::draft({{"mug", 2}, {"lamp", 1}});
    draft.amounts.emplace().lines = {{.unit_price = 1000, .discount = 100, .tax = 361}, {.unit_price = 3000}};
    draft.amounts->tax = 361;
    return draft;
}

// Programs of the release before, which know no amounts, write these bytes and read no others.
TEST(OrderBody, GivenAnOrderWithoutAmounts_ThenItsBodyIsThatOfTheReleaseBefore) {
    const std::string before =
        "010764656661756c7480a0d5edee664555524445010a416461204d75737465720e4861757074737472617373652031000642"
        "65726c696e0005313031313501036d756704000a416461204d75737465720f616461406578616d706c652e6f726700000001"
        "06746f6b5f6f6b0000000000000000000000e1588e3e";
    const auto order = order_of(samples::draft());

    const auto body = encode_body(order);

    EXPECT_EQ(hex_of(body), before);
    EXPECT_EQ(back(order, body), order);
}

TEST(OrderBody, GivenAnOrderWithAmounts_ThenTheyComeBack_AndOlderProgramsTakeItForDamaged) {
    const auto order = order_of(with_amounts());

    const auto body = encode_body(order);

    EXPECT_EQ(body.at(0), 2) << "a format that they do not know";
    EXPECT_EQ(back(order, body), order);
}

TEST(OrderBody, GivenAmountsThatWereCutOffOrAFormatOfTheFuture_ThenItIsDamaged) {
    const auto order = order_of(with_amounts());
    const auto body = encode_body(order);
    for (const char format : {'\0', '\1', '\3'}) {
        auto other = body;
        other[0] = format;
        EXPECT_EQ(back(order, other), std::nullopt) << static_cast<int>(format);
    }
    for (std::size_t size = 0; size < body.size(); ++size) {
        EXPECT_EQ(back(order, body.substr(0, size)), std::nullopt) << size;
    }
}

}  // namespace
}  // namespace orderflow::storage
